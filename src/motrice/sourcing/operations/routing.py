"""Giving each need its officer: rules of the catalogue in order, the least loaded officer present, never nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.policies import SITE, require
from motrice.directory.models import Organisation, Topic
from motrice.directory.policies import LABEL
from motrice.sourcing import rules
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Need, OfficerAbsence
from motrice.sourcing.operations.timeline import moment, notify, tell

NETWORK_DESK = None  # the office of officers who hold their role on the whole site


@dataclass(frozen=True)
class Wanted:
    """What routing looks at in a need."""

    segment: str
    naf_code: str
    region: str
    trl: int | None


@dataclass(frozen=True)
class Choice:
    """The officer chosen, their office, and why, as data that `rules.routing_words` puts into words."""

    owner: User
    office: Organisation | None
    why: dict[str, Any]


Seat = tuple[int, int | None]  # an officer, and the office where they sit: None for the network's desk


@dataclass(frozen=True)
class Place:
    """Where the rules lead for a need: a seat, the rule that found it, and all the seats among which it chose."""

    rule: CatalogueEntry
    seat: Seat
    seats: list[Seat]


@dataclass
class Desk:
    """Who works at which office on a day, who is away, and how many open needs each holds."""

    officers: dict[int | None, set[int]] = field(default_factory=dict)
    absent: set[int] = field(default_factory=set)
    loads: dict[int, int] = field(default_factory=dict)
    found: dict[Any, list[Seat]] = field(default_factory=dict)  # what each target leads to, read once


def read_desk(on: date) -> Desk:
    """The desks of the network on a day."""
    desk = Desk(
        absent=set(OfficerAbsence.objects.on(on).values_list("officer_id", flat=True)),
        loads=dict(Need.objects.open().order_by().values_list("owner").annotate(Count("pk"))),
    )
    roles = RoleAssignment.objects.current(on).filter(
        kind="officer", scope_label__in=[SITE, LABEL], user__is_active=True, user__is_system=False
    )
    for user_id, office in roles.values_list("user_id", "scope_pk"):
        desk.officers.setdefault(office, set()).add(user_id)
    return desk


def choose_owner(wanted: Wanted, *, on: date) -> Choice:
    """The officer who takes a need that arrives on a day; refused only when nobody holds any desk role at all."""
    desk = read_desk(on)
    place = find_place(wanted, rules.routing_rules(), desk, on=on)
    return _fall_back(desk, on) if place is None else _choice(place, desk)


def find_place(wanted: Wanted, tried: Sequence[CatalogueEntry], desk: Desk, *, on: date) -> Place | None:
    """The seat to which the first rule that finds an officer leads; None when it falls to the coordinator."""
    for rule in tried:
        data = rule.data
        if not rules.rule_holds(data, on) or not rules.rule_applies(
            data, segment=wanted.segment, naf_code=wanted.naf_code, region=wanted.region, trl=wanted.trl
        ):
            continue
        seats = _seats(data["target"], wanted, desk)
        seat = _least_loaded(seats, desk, data.get("max_load"))
        if seat is not None:
            return Place(rule, seat, seats)
    return None


def _seats(target: dict[str, Any], wanted: Wanted, desk: Desk) -> list[Seat]:
    """Every officer to whom a target leads, present or not."""
    segment = wanted.segment if target.get("same_segment") else None
    region = wanted.region if target.get("same_region") else None
    key = (repr(sorted(target.items())), segment, region)
    if key not in desk.found:
        every = sorted((office or 0, user, office) for office, users in desk.officers.items() for user in users)
        if "officers" in target:
            named = set(User.objects.filter(reference__in=target["officers"]).values_list("pk", flat=True))
        else:
            named = set()
        offices = _offices(target, wanted, desk)
        desk.found[key] = [(user, office) for _rank, user, office in every if office in offices or user in named]
    return desk.found[key]


def _offices(target: dict[str, Any], wanted: Wanted, desk: Desk) -> list[int | None]:
    if target.get("network_desk"):
        return [NETWORK_DESK] if NETWORK_DESK in desk.officers else []
    if not set(target) - {"officers"}:
        return []
    if (target.get("same_segment") and not wanted.segment) or (target.get("same_region") and not wanted.region):
        return []
    found: QuerySet = Organisation.objects.filter(pk__in=[pk for pk in desk.officers if pk is not None])
    if "kinds" in target:
        found = found.filter(kind__in=target["kinds"])
    if "offices" in target:
        found = found.filter(reference__in=target["offices"])
    if "identifiers" in target:
        found = found.filter(rules.identified(target["identifiers"]))
    if target.get("same_segment"):
        topics = Topic.objects.filter(scheme="segment", code=wanted.segment)
        found = found.filter(pk__in=topics.values("organisation_id"))
    if target.get("same_region"):
        found = found.filter(region=wanted.region)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _least_loaded(seats: list[Seat], desk: Desk, max_load: int | None) -> Seat | None:
    ranked = sorted(
        (desk.loads.get(user, 0), user, office or 0, office) for user, office in seats if user not in desk.absent
    )
    if not ranked or (max_load is not None and ranked[0][0] >= max_load):
        return None
    return ranked[0][1], ranked[0][3]


def _choice(place: Place, desk: Desk) -> Choice:
    user, office = place.seat
    everyone = {each for each, _office in place.seats}
    body = Organisation.objects.get(pk=office) if office is not None else None
    why = {
        "rule": place.rule.code,
        "version": place.rule.version,
        "rule_name": place.rule.data["name"],
        "office": body.name if body is not None else "",
        "load": desk.loads.get(user, 0),
        "among": len(everyone - desk.absent),
        "absent": len(everyone & desk.absent),
    }
    return Choice(owner=User.objects.get(pk=user), office=body, why=why)


@dataclass(frozen=True)
class Preview:
    """Where one need of the past would go today."""

    need: Need
    owner: User | None
    office: Organisation | None
    rule: CatalogueEntry | None


def preview_routing(needs: Sequence[Need], tried: Sequence[CatalogueEntry], *, on: date) -> list[Preview]:
    """Where needs already received would go under some rules, with today's officers, absences and loads."""
    desk = read_desk(on)
    places = [
        find_place(Wanted(need.segment, need.naf_code, need.region, need.trl), tried, desk, on=on) for need in needs
    ]
    users = User.objects.in_bulk({place.seat[0] for place in places if place})
    bodies = Organisation.objects.in_bulk({place.seat[1] for place in places if place and place.seat[1]})
    return [
        Preview(need, users[place.seat[0]], bodies.get(place.seat[1]), place.rule)
        if place
        else Preview(need, None, None, None)
        for need, place in zip(needs, places, strict=True)
    ]


TRIED_DAYS, TRIED_MOST = 90, 200


def try_rule(*, data: dict[str, Any], code: str, actor: Any) -> list[Preview]:
    """Where the needs of the last weeks that the actor may see would go, this rule standing among the others.

    `code` names the rule that it would replace; empty for a new one. Nothing is written.
    """
    rules.check_routing(data)
    own = code or "new"
    others = [row for row in rules.routing_rules() if row.code != own]
    trial = CatalogueEntry(kind=rules.ROUTING, code=own, version=0, data=data)
    tried = sorted([*others, trial], key=lambda row: (row.data["order"], row.code))
    since = timezone.now() - timedelta(days=TRIED_DAYS)
    needs = Need.objects.permitted(actor).filter(received_at__gte=since).select_related("owner")
    return preview_routing(list(needs.order_by("-received_at")[:TRIED_MOST]), tried, on=timezone.localdate())


def _fall_back(desk: Desk, on: date) -> Choice:
    coordinators = [user.pk for user in coordinators_on(on)]
    everyone = sorted(set().union(*desk.officers.values())) if desk.officers else []
    for group in (sorted(set(coordinators) - desk.absent), coordinators, everyone):
        if group:
            chosen = min(group, key=lambda user: (desk.loads.get(user, 0), user))
            return Choice(owner=User.objects.get(pk=chosen), office=None, why={"absent": len(desk.absent)})
    raise RuleViolation(_("Nobody can take this need: give somebody the role of transfer officer or coordinator."))


def coordinators_on(on: date | None = None) -> list[User]:
    """Those who coordinate the network on a day."""
    roles = RoleAssignment.objects.current(on).filter(kind="coordinator", scope_label=SITE)
    return list(User.objects.active().filter(pk__in=roles.values("user_id")).order_by("pk"))


def office_of(officer: User, *, keep: int | None, on: date) -> tuple[bool, int | None]:
    """Whether somebody works at a desk on a day, and at which office: the one to keep when it is one of theirs."""
    roles = RoleAssignment.objects.current(on).filter(user=officer)
    offices = list(
        roles.filter(kind="officer", scope_label__in=[SITE, LABEL])
        .order_by("starts_on", "pk")
        .values_list("scope_pk", flat=True)
    )
    if offices:
        return True, keep if keep in offices else offices[0]
    return roles.filter(kind="coordinator", scope_label=SITE).exists(), NETWORK_DESK


def reassign_need(*, need: Need, owner: User, actor: Any, reason: str, at: datetime | None = None) -> Need:
    """Give a need to another officer, with the reason; refused to who works at no desk, and for an ended need."""
    require(actor, "reassign", need)
    when = moment(at)
    if not need.is_open:
        raise RuleViolation(_("This need has ended: reopen it first."))
    if not reason.strip():
        raise RuleViolation(_("Say why somebody else takes this need."), field="reason")
    if owner.pk == need.owner_id:
        raise RuleViolation(_("%(officer)s is in charge already.") % {"officer": owner}, field="owner")
    works, office = office_of(owner, keep=need.office_id, on=timezone.localdate(when))
    if not works or not owner.is_active:
        raise RuleViolation(_("%(person)s works at no need desk.") % {"person": owner}, field="owner")
    why = {"reassigned": True, "by": str(actor), "reason": reason.strip()}
    with audit.operation(actor, "need.reassign", subject=need, reason=reason, at=at) as op:
        op.update(need, owner=owner, office_id=office, owned_since=when, routing=why, guard=("status",))
        tell(op, need, EventKind.ASSIGNED, at=when, company=True, officer=str(owner), reason=reason.strip())
        notify("need_assigned", [owner], need, at=at)
    return need


def reroute_need(*, need: Need, actor: Any, at: datetime | None = None) -> Need:
    """Give a need whose officer has left to whoever the rules choose today."""
    require(actor, "reassign", need)
    when = moment(at)
    wanted = Wanted(need.segment, need.naf_code, need.region, need.trl)
    choice = choose_owner(wanted, on=timezone.localdate(when))
    with audit.operation(actor, "need.reroute", subject=need, reason="the officer in charge left", at=at) as op:
        op.update(need, owner=choice.owner, office=choice.office, owned_since=when, routing=choice.why)
        tell(op, need, EventKind.ASSIGNED, at=when, company=True, officer=str(choice.owner))
        notify("need_assigned", [choice.owner], need, at=at)
    return need
