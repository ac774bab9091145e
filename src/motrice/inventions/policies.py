"""Who learns of a disclosure: its inventors, their laboratory's head, the office in charge, who is asked, an auditor.

Nobody else, the coordinator of the network included, sees it or a count of it. A draft is its author's and its
inventors' alone. Opinions are read by who gave them and by the office, never by the inventors.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import circle_clause, everything_clause
from motrice.core.policies import EVERYTHING, Clause, clause, holds, register, roles, scopes
from motrice.directory.models import Affiliation, Organisation
from motrice.directory.policies import LABEL, STAFF, supervised_by
from motrice.inventions.enums import DisclosureLevel, DisclosureStatus
from motrice.inventions.models import (
    Attachment,
    ClockNotice,
    Decision,
    Disclosure,
    DisclosureEvent,
    Divulgation,
    Evaluator,
    Inventor,
    Message,
    Opinion,
    OpinionDraft,
    Seal,
    Signature,
    Tie,
    Typing,
)

UNIT_HEADS = ("lab_director", "correspondent")
DISCLOSING = ("researcher", "lab_director", "correspondent")
REPORT_KINDS = ("officer", "auditor")
DISCLOSURE_LABEL = "inventions.disclosure"
# A disclosure that nobody sent yet, or that was withdrawn before anybody else held it, is its authors' alone.
SENT = Q(owner__isnull=False) & ~Q(status=DisclosureStatus.DRAFT)

auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")


def works_in_transfer(actor: Any) -> bool:
    """Whether the actor is a transfer officer somewhere."""
    return any(role.kind == "officer" for role in roles(actor))


def reads_report(actor: Any) -> bool:
    """Whether somebody reads figures of disclosures: of their own office, or all on an audit mission."""
    return works_in_transfer(actor) or holds(actor, "auditor")


def through(path: str, clauses: list[Clause]) -> list[Clause]:
    """The same grounds asked of a part: `path` leads from it to the disclosure; each through its own subquery."""

    def moved(ground: Clause) -> Clause:
        def rule(actor: Any) -> Q | None:
            q = ground.rule(actor)
            if q is None:
                return None
            return q if not q else Q(**{f"{path}__in": Disclosure._base_manager.filter(q).values("pk")})

        return Clause(ground.name, ground.words, rule)

    return [moved(ground) for ground in clauses]


def limited(clauses: list[Clause], limit: Q) -> list[Clause]:
    """The same grounds on fewer rows."""

    def inside(actor: Any) -> Q:
        return limit

    return [ground.within(inside) for ground in clauses]


@clause(_("You prepared it."))
def is_author(actor: Any) -> Q | None:
    """Who prepared it: an inventor, or the laboratory's correspondent."""
    return Q(author_id=actor.pk) if actor.pk else None


@clause(_("You are among its inventors."))
def is_inventor(actor: Any) -> Q | None:
    """The inventors who have an account."""
    if not actor.pk:
        return None
    return Q(pk__in=Inventor._base_manager.filter(person__user_id=actor.pk).values("disclosure_id"))


@clause(_("It comes from the laboratory that you head or assist."))
def heads_unit(actor: Any) -> Q | None:
    """The laboratory's director and correspondent, once it was sent."""
    ids = scopes(actor, LABEL, *UNIT_HEADS)
    return Q(unit_id__in=ids) & SENT if ids else None


@clause(_("You are in charge of it."))
def is_in_charge(actor: Any) -> Q | None:
    """The officer in charge, once it was sent."""
    return Q(owner_id=actor.pk) & SENT if actor.pk and works_in_transfer(actor) else None


@clause(_("Your office is in charge of it."))
def is_of_office(actor: Any) -> Q | None:
    """The other officers of the office in charge."""
    ids = scopes(actor, LABEL, "officer")
    return Q(office_id__in=ids) & SENT if ids else None


@clause(_("You work at the network's own office, which is in charge of it."))
def is_of_network_office(actor: Any) -> Q | None:
    """Officers of the network, for what fell to no office of an institution."""
    return Q(office__isnull=True) & SENT if holds(actor, "officer") else None


@clause(_("You direct the office in charge."))
def directs_office(actor: Any) -> Q | None:
    """The director of the body whose office is in charge: who may approve what an officer proposes."""
    ids = scopes(actor, LABEL, "director")
    return Q(office_id__in=ids) & SENT if ids else None


@clause(_("You are asked for an opinion on it."))
def is_evaluator(actor: Any) -> Q | None:
    """Named evaluators, until they are called off."""
    if not actor.pk:
        return None
    asked = Evaluator._base_manager.filter(user_id=actor.pk, ended_at__isnull=True)
    return Q(pk__in=asked.values("disclosure_id")) & SENT


@clause(_("It is shared with its laboratory and the office's organisation, and you work there."))
def works_there(actor: Any) -> Q | None:
    """Staff, once the office has opened it to the organisation."""
    ids = scopes(actor, LABEL, *STAFF)
    if not ids:
        return None
    return (Q(unit_id__in=ids) | Q(office_id__in=ids)) & Q(level=DisclosureLevel.ORGANISATION) & SENT


inventors = [is_author, is_inventor]
officers = [is_in_charge, is_of_office, is_of_network_office]
desk = [*officers, directs_office]
readers = [
    *inventors,
    heads_unit,
    *desk,
    is_evaluator,
    works_there,
    circle_clause(DISCLOSURE_LABEL),
    auditor,
]
# Who follows its progress: those for whom lines of the timeline may be meant, evaluators left out.
followers = [*inventors, heads_unit, works_there, circle_clause(DISCLOSURE_LABEL)]

register(
    Disclosure,
    {
        "view": readers,
        "edit": inventors,
        "sign": [is_inventor],
        "attach": [*inventors, *officers],
        "write": [*inventors, *officers],
        "handle": officers,
        "decide": desk,
        "withdraw": [*inventors, *officers],
        "reassign": officers,
        "manage_roles": officers,
        "search": [*desk, auditor],
        "export": [*inventors, *officers, auditor],
    },
)


@clause(_("You may read the disclosure it belongs to."))
def reads_disclosure(actor: Any) -> Q | None:
    """Parts of a disclosure follow it."""
    seen: Q | None = None
    for ground in readers:
        q = ground.rule(actor)
        if q is None:
            continue
        if not q:
            return EVERYTHING
        seen = q if seen is None else seen | q
    return None if seen is None else Q(disclosure__in=Disclosure._base_manager.filter(seen).values("pk"))


for part in (Inventor, Tie, Divulgation):
    register(part, {"view": [reads_disclosure], "edit": through("disclosure", inventors)})
register(
    Attachment,
    {
        "view": limited([reads_disclosure], Q(removed_at=None)),
        "edit": through("disclosure", [*inventors, *officers]),
    },
)
register(
    Signature,
    {"view": through("inventor__disclosure", [*inventors, heads_unit, *desk, auditor])},
)
register(Seal, {"view": through("disclosure", [*inventors, heads_unit, *desk, auditor])})
register(Typing, {"view": through("disclosure", [is_author]), "edit": through("disclosure", inventors)})


@clause(_("You are the evaluator."))
def is_asked(actor: Any) -> Q | None:
    """One's own invitation to give an opinion."""
    return Q(user_id=actor.pk) if actor.pk else None


@clause(_("You are the evaluator, and were not called off."))
def may_answer(actor: Any) -> Q | None:
    """One's own invitation, while it holds."""
    return Q(user_id=actor.pk, ended_at=None) if actor.pk else None


register(
    Evaluator,
    {
        "view": [is_asked, *through("disclosure", [*desk, auditor])],
        "answer": [may_answer],
        "handle": through("disclosure", officers),
    },
)


@clause(_("It is your own opinion."))
def is_own_opinion(actor: Any) -> Q | None:
    """One's own opinion stays one's own to read for ever."""
    return Q(evaluator__user_id=actor.pk) if actor.pk else None


register(Opinion, {"view": [is_own_opinion, *through("evaluator__disclosure", [*desk, auditor])]})


@clause(_("You are writing it."))
def is_own_draft(actor: Any) -> Q | None:
    """One's own opinion while it is written: nobody else's, the office's neither."""
    return Q(evaluator__user_id=actor.pk) if actor.pk else None


register(OpinionDraft, {"view": [is_own_draft], "edit": [is_own_draft]})


@clause(_("You wrote it."))
def is_writer(actor: Any) -> Q | None:
    """One's own messages."""
    return Q(author_id=actor.pk) if actor.pk else None


register(Message, {"view": [is_writer, *through("disclosure", [*inventors, heads_unit, *desk, auditor])]})


def taken_only(clauses: list[Clause]) -> list[Clause]:
    """What is only proposed is the office's own until it is taken."""
    return limited(clauses, Q(status__in=["taken", "superseded"]))


register(
    Decision,
    {
        "view": [
            *taken_only(through("disclosure", followers)),
            *through("disclosure", desk),
            auditor,
        ],
        "approve": through("disclosure", desk),
    },
)
register(
    DisclosureEvent,
    {
        "view": [
            *limited(through("disclosure", followers), Q(is_for_inventors=True)),
            *through("disclosure", desk),
            auditor,
        ]
    },
)
register(ClockNotice, {"view": through("disclosure", [*officers, auditor])})


@clause(_("You work in this laboratory."))
def works_in_unit(actor: Any) -> Q | None:
    """Researchers, director and correspondent of a laboratory disclose its results."""
    ids = scopes(actor, LABEL, *DISCLOSING)
    return Q(pk__in=ids) if ids else None


@clause(_("The directory places you in this laboratory."))
def is_placed_in_unit(actor: Any) -> Q | None:
    """Somebody of the directory whose affiliation names the laboratory."""
    if not actor.pk:
        return None
    return Q(pk__in=Affiliation.objects.filter(person__user_id=actor.pk).on().values("organisation_id"))


@clause(_("Your office answers for this laboratory."))
def answers_for_unit(actor: Any) -> Q | None:
    """Officers enter a result that was told to them on paper."""
    ids = scopes(actor, LABEL, "officer")
    return supervised_by(ids) | Q(pk__in=ids) if ids else None


register(Organisation, {"disclose": [works_in_unit, is_placed_in_unit, answers_for_unit]})
