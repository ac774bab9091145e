"""Who can help this project next: the transfer mechanisms of a day, with the reason of each in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core.errors import RuleViolation
from motrice.directory.enums import OrganisationKind, RelationKind
from motrice.directory.models import DatedQuerySet, Mechanism, Organisation, Relation
from motrice.directory.rules import DOMAIN, STEP, TYPE, Choice, Regions, choices, region_labels
from motrice.web.formats import day_text

NEAR, EVERYWHERE, UNKNOWN = 3, 2, 1


@dataclass(frozen=True)
class Finding:
    """A mechanism that fits, why it does, and what is not known about it."""

    mechanism: Mechanism
    organisation: Organisation
    type_label: str
    score: int
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    memberships: tuple[str, ...]


@dataclass(frozen=True)
class _Question:
    region: str
    domain: str
    trl: int | None
    step: str
    day: date


@dataclass
class _Words:
    """The catalogue, read once for all mechanisms."""

    types: dict[str, Choice]
    steps: dict[str, Choice]
    domains: dict[str, Choice]
    regions: dict[str, str]


def find_mechanisms(
    *,
    actor: Any,
    region: str = "",
    domain: str = "",
    trl: int | None = None,
    step: str = "",
    done: str = "",
    on: date | None = None,
    mechanism_type: str = "",
    member: Organisation | None = None,
) -> list[Finding]:
    """The mechanisms that exist on a day and serve this region, domain and readiness, surest first.

    `done` names the step that the project has finished: the step sought is the one after it. `member` is the body
    whose memberships are told. A step, domain or readiness that does not exist is refused.
    """
    words = _Words(choices(TYPE), choices(STEP), choices(DOMAIN), region_labels())
    question = _question(words, region, domain, trl, step, done, on)
    rows = Mechanism.objects.filter(organisation__merged_into__isnull=True).permitted(actor)
    rows = rows.filter(organisation__in=existing_on(question.day).values("pk"))
    if mechanism_type:
        rows = rows.filter(mechanism_type=mechanism_type)
    mechanisms = list(rows.select_related("organisation"))
    members = _memberships(member, mechanisms, question.day, actor)
    found = [_judge(row, question, words, members.get(row.organisation_id, ())) for row in mechanisms]
    return sorted(
        (item for item in found if item is not None),
        key=lambda item: (-item.score, item.organisation.name, item.organisation.pk),
    )


def existing_on(day: date | None = None) -> DatedQuerySet:
    """The bodies that exist on a day; an institute that some label makes is none before the label nor after it."""
    labels = Relation.objects.filter(kind=RelationKind.LABELLED_AS, source__kind=OrganisationKind.INSTITUTE)
    without = labels.exclude(source__in=labels.on(day).order_by().values("source_id"))
    return Organisation.objects.on(day).exclude(pk__in=without.order_by().values("source_id"))


def _question(
    words: _Words, region: str, domain: str, trl: int | None, step: str, done: str, on: date | None
) -> _Question:
    if domain and domain not in words.domains:
        raise RuleViolation(_("The catalogue has no domain “%(code)s”.") % {"code": domain}, field="domain")
    for name, code in (("step", step), ("done", done)):
        if code and code not in words.steps:
            raise RuleViolation(_("The catalogue has no step “%(code)s”.") % {"code": code}, field=name)
    if trl is not None and not 1 <= trl <= 9:
        raise RuleViolation(_("Readiness runs from TRL 1 to TRL 9."), field="trl")
    if done and not step:
        step = words.steps[done].data["next"]
        if not step:
            raise RuleViolation(
                _("“%(step)s” is the last step: no mechanism comes after it.") % {"step": words.steps[done].label},
                field="done",
            )
    return _Question(Regions().named(region) if region else "", domain, trl, step, on or timezone.localdate())


def _judge(row: Mechanism, question: _Question, words: _Words, memberships: tuple[str, ...]) -> Finding | None:
    """Weigh one mechanism: None as soon as one of the criteria excludes it."""
    kind = words.types.get(row.mechanism_type)
    score, reasons, doubts = 0, [], []
    for verdict in (
        _region(row, question, words, kind),
        _domain(row, question, words),
        _step(row, question, words, kind),
        _readiness(row, question, kind),
    ):
        if verdict is None:
            return None
        points, reason, doubt = verdict
        score += points
        reasons += [reason] if reason else []
        doubts += [doubt] if doubt else []
    reasons.append(_existence(row.organisation, question.day))
    label = kind.label if kind else row.mechanism_type
    return Finding(row, row.organisation, label, score, tuple(reasons), tuple(doubts), memberships)


Verdict = tuple[int, str, str] | None
NOTHING_ASKED: Verdict = (0, "", "")


def _region(row: Mechanism, question: _Question, words: _Words, kind: Choice | None) -> Verdict:
    if not question.region:
        return NOTHING_ASKED
    shown = words.regions.get(question.region, question.region)
    if question.region in row.regions:
        listed = ", ".join(words.regions.get(name, name) for name in row.regions)
        return (NEAR, _("serves %(region)s (its territory: %(all)s)") % {"region": shown, "all": listed}, "")
    if row.regions:
        return None
    if kind is not None and kind.data["territory"] == "national":
        return (EVERYWHERE, _("serves the whole country"), "")
    if row.organisation.region == question.region:
        return (NEAR, _("is in %(region)s") % {"region": shown}, "")
    if row.organisation.region:
        return None
    return (UNKNOWN, "", _("its territory is not recorded"))


def _domain(row: Mechanism, question: _Question, words: _Words) -> Verdict:
    if not question.domain:
        return NOTHING_ASKED
    shown = words.domains[question.domain].label
    if question.domain in row.domains:
        return (NEAR, _("works in the domain asked: %(domain)s") % {"domain": shown}, "")
    if row.domains:
        return None
    return (EVERYWHERE, _("takes every domain, so also %(domain)s") % {"domain": shown}, "")


def _step(row: Mechanism, question: _Question, words: _Words, kind: Choice | None) -> Verdict:
    if not question.step:
        return NOTHING_ASKED
    served = row.steps or (kind.data["steps"] if kind else [])
    if not served:
        return (UNKNOWN, "", _("the steps it serves are not recorded"))
    if question.step not in served:
        return None
    shown = words.steps[question.step].label
    if row.steps or kind is None:
        return (NEAR, _("serves the step that comes next: %(step)s") % {"step": shown}, "")
    values = {"step": shown, "type": kind.label}
    return (EVERYWHERE, _("serves the step that comes next, as every %(type)s: %(step)s") % values, "")


def _readiness(row: Mechanism, question: _Question, kind: Choice | None) -> Verdict:
    if question.trl is None:
        return NOTHING_ASKED
    low, high, own = row.trl_min, row.trl_max, True
    if low is None or high is None:
        if kind is None:
            return (UNKNOWN, "", _("the readiness it takes is not recorded"))
        low, high, own = kind.data["trl_min"], kind.data["trl_max"], False
    if not low <= question.trl <= high:
        return None
    values = {"low": low, "high": high, "trl": question.trl, "type": kind.label if kind else ""}
    if own:
        return (NEAR, _("takes projects from TRL %(low)d to TRL %(high)d, so also TRL %(trl)d") % values, "")
    return (EVERYWHERE, _("as every %(type)s, takes TRL %(low)d to TRL %(high)d") % values, "")


def _existence(body: Organisation, day: date) -> str:
    if body.ends_on is not None:
        return _("existed on %(day)s; closed on %(end)s") % {
            "day": day_text(day),
            "end": day_text(body.ends_on),
        }
    if body.starts_on is not None:
        return _("recorded since %(start)s; no closing date is recorded") % {"start": day_text(body.starts_on)}
    return _("neither an opening nor a closing date is recorded")


def _memberships(
    member: Organisation | None, mechanisms: list[Mechanism], day: date, actor: Any
) -> dict[int, tuple[str, ...]]:
    """Are we already a member? The links of one body to these mechanisms on the day, in words."""
    if member is None:
        return {}
    kinds = (RelationKind.PARTICIPATES, RelationKind.MEMBER_OF, RelationKind.OPERATES)
    links = Relation.objects.filter(
        source=member, kind__in=kinds, target_id__in=[row.organisation_id for row in mechanisms]
    )
    found: dict[int, tuple[str, ...]] = {}
    for link in links.on(day).permitted(actor):
        words = _("%(body)s %(link)s it") % {"body": member, "link": link.get_kind_display()}
        found[link.target_id] = (*found.get(link.target_id, ()), words)
    return found


def count_mechanisms(mechanism_type: str, *, actor: Any, on: date | None = None) -> int:
    """How many mechanisms of one type exist on a day: that type alone, never a neighbouring one."""
    return mechanism_counts(actor=actor, on=on).get(mechanism_type, 0)


def mechanism_counts(*, actor: Any, on: date | None = None) -> dict[str, int]:
    """How many mechanisms of each type exist on a day, as far as the actor may see."""
    bodies = existing_on(on).filter(merged_into__isnull=True).values("pk")
    rows = Mechanism.objects.filter(organisation__in=bodies).permitted(actor)
    counted = rows.order_by().values_list("mechanism_type").annotate(number=Count("pk"))
    return dict(counted)
