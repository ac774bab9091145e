"""Reads of the inventions used by pages, operations and the apps above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.engines.sealing import seal_of
from motrice.inventions import rules
from motrice.inventions.enums import DecisionKind, DecisionStatus, DisclosureStatus
from motrice.inventions.models import Decision, Disclosure, Divulgation, Inventor, Seal


def current_decision(disclosure: Disclosure, *, actor: Any) -> Decision | None:
    """The decision that holds or is proposed, as far as the actor may read it."""
    rows = Decision.objects.permitted(actor).filter(disclosure=disclosure)
    return rows.filter(status__in=[DecisionStatus.PROPOSED, DecisionStatus.TAKEN]).first()


@dataclass(frozen=True)
class Threat:
    """A planned publication that comes before the decision, or before the title that was decided."""

    divulgation: Divulgation
    days_left: int


def threats(disclosures: Iterable[Disclosure], *, on: date) -> dict[int, list[Threat]]:
    """For each disclosure, the planned publications that threaten it on a day, nearest first.

    One told under a confidentiality agreement threatens nothing; nor does one after the promised decision, as long as
    that promise is not over. A result is safe once its filing is recorded, and one that the decision gives away.
    """
    open_to = {row.pk: row for row in disclosures if _is_threatened(row)}
    found: dict[int, list[Threat]] = {}
    rows = Divulgation.objects.filter(disclosure_id__in=open_to, dated_on__gte=on, is_under_secrecy=False)
    for row in rows.order_by("dated_on", "pk"):
        due_at = open_to[row.disclosure_id].due_at
        due_on = timezone.localdate(due_at) if due_at is not None else None
        is_promised_first = due_on is not None and on <= due_on < row.dated_on
        if open_to[row.disclosure_id].status == DisclosureStatus.DECIDED or not is_promised_first:
            found.setdefault(row.disclosure_id, []).append(Threat(row, (row.dated_on - on).days))
    return found


def _is_threatened(disclosure: Disclosure) -> bool:
    if disclosure.protected_on is not None:
        return False
    if disclosure.status == DisclosureStatus.DECIDED:
        return disclosure.decision in (DecisionKind.PATENT, DecisionKind.SECRET)
    return disclosure.status != DisclosureStatus.WITHDRAWN


def told_already(disclosure: Disclosure, *, on: date) -> list[Divulgation]:
    """What was told to others before a day without secrecy: it may have taken the novelty away."""
    rows = Divulgation.objects.filter(disclosure=disclosure, dated_on__lt=on, is_under_secrecy=False)
    return list(rows.order_by("dated_on", "pk"))


@dataclass(frozen=True)
class Missing:
    """What must still be said before a disclosure can be sent, and at which step of its form."""

    step: str
    field: str
    words: str


def missing_answers(disclosure: Disclosure, inventors: Sequence[Inventor]) -> list[Missing]:
    """Everything that keeps a disclosure from being sent, in the order of its form."""
    asked = [
        ("result", "title", not disclosure.title, _("Give the result a title.")),
        ("result", "summary", not disclosure.summary, _("Say what it is.")),
        ("new", "novelty", not disclosure.novelty, _("Say what is new.")),
        ("when", "invented_on", disclosure.invented_on is None, _("Give the date of invention.")),
        ("when", "trl", disclosure.trl is None, _("Say how mature it is.")),
    ]
    found = [Missing(step, field, words) for step, field, lacks, words in asked if lacks]
    fault = rules.sum_fault([row.share for row in inventors])
    if fault:
        found.append(Missing("inventors", "share", fault))
    silent = [row.name for row in inventors if not row.employer and row.employer_body_id is None]
    if silent:
        words = _("Say who employed %(names)s at the date of invention.") % {"names": ", ".join(silent)}
        found.append(Missing("inventors", "employer", words))
    unreachable = [row.name for row in inventors if row.is_outside and not row.address]
    if unreachable:
        words = _("%(names)s has no account: give an e-mail address, to sign by.") % {"names": ", ".join(unreachable)}
        found.append(Missing("inventors", "email", words))
    if not disclosure.has_no_tie and not disclosure.ties.exists():
        found.append(Missing("ties", "has_no_tie", _("Name what binds the result, or say that nothing does.")))
    if not disclosure.has_no_divulgation and not disclosure.divulgations.exists():
        words = _("State the publications, past or planned, or say that there is none.")
        found.append(Missing("publications", "has_no_divulgation", words))
    return found


def sealed_links() -> list[tuple[str, str]]:
    """Every seal of the house in order, each with the one that it follows."""
    return list(Seal.objects.order_by("pk").values_list("hash", "house_previous"))


def seal_faults() -> list[str]:
    """The seals whose text, page, time or place no longer gives their mark."""
    faults = []
    utc = timezone.get_fixed_timezone(0)
    for seal in Seal.objects.select_related("disclosure").order_by("pk").iterator(chunk_size=200):
        expected = seal_of(
            reference=seal.disclosure.reference,
            position=seal.position,
            sealed_at=seal.sealed_at.astimezone(utc).isoformat(timespec="seconds"),
            content=seal.content,
            page=seal.page,
            previous=seal.previous,
            house_previous=seal.house_previous,
        )
        if expected != seal.hash:
            faults.append(f"seal {seal.hash[:12]}… was altered")
    return faults
