"""Who takes a disclosure in charge, at once: an officer of the office that answers for its laboratory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import SITE, require
from motrice.directory.enums import RelationKind
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL
from motrice.directory.queries import supervisors_on
from motrice.inventions.enums import UNDECIDED, EventKind
from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.timeline import inventors_of, moment, notify, tell


@dataclass(frozen=True)
class Choice:
    """The officer and office found, and why."""

    owner: User
    office: Organisation | None
    why: dict[str, Any] = field(default_factory=dict)


def offices_of(unit: Organisation, on: date) -> list[tuple[Organisation, str]]:
    """The bodies whose office answers for a laboratory on a day, nearest first, each with the link that says so."""
    found: dict[int, tuple[Organisation, str]] = {unit.pk: (unit, "itself")}
    hosts = unit.links_in.filter(kind=RelationKind.HOSTS).on(on).select_related("source").order_by("rank", "pk")
    for row in hosts:
        found.setdefault(row.source_id, (row.source, RelationKind.HOSTS))
    for row in supervisors_on(unit, on):
        found.setdefault(row.source_id, (row.source, RelationKind.SUPERVISES))
    parents = unit.links_in.filter(kind=RelationKind.PARENT).on(on).select_related("source").order_by("pk")
    for row in parents:
        found.setdefault(row.source_id, (row.source, RelationKind.PARENT))
    return list(found.values())


def choose_officer(disclosure: Disclosure, *, on: date) -> Choice:
    """The officer who takes a disclosure sent on a day; refused, and nothing lost, when no office answers for it."""
    conflicted = set(
        Inventor.objects.filter(disclosure=disclosure, person__user__isnull=False).values_list(
            "person__user_id", flat=True
        )
    )
    bodies = offices_of(disclosure.unit, on)
    roles = RoleAssignment.objects.current(on).filter(kind="officer", user__is_active=True, user__is_system=False)
    roles = roles.exclude(user_id__in=conflicted)
    held = roles.filter(scope_label=LABEL, scope_pk__in=[body.pk for body, _how in bodies])
    seats: dict[int, list[int]] = {}
    for user_id, body_pk in held.values_list("user_id", "scope_pk"):
        seats.setdefault(body_pk, []).append(user_id)
    for body, how in bodies:
        if body.pk in seats:
            return _least_loaded(seats[body.pk], body, how)
    network = list(roles.filter(scope_label=SITE).values_list("user_id", flat=True))
    if network:
        return _least_loaded(network, None, "network")
    raise RuleViolation(
        _("No transfer officer answers for %(unit)s yet: nothing is lost, ask the administrator to name one.")
        % {"unit": disclosure.unit.name}
    )


def keep_officer(disclosure: Disclosure, *, on: date) -> Choice:
    """The officer who has it already, when it was only corrected and they still work there; else whoever is chosen."""
    owner = disclosure.owner
    conflicted = {row.person.user_id for row in inventors_of(disclosure) if row.person is not None}
    if owner is not None and owner.pk not in conflicted and owner in office_officers(disclosure, on=on):
        return Choice(owner, disclosure.office, disclosure.routing)
    return choose_officer(disclosure, on=on)


def _least_loaded(users: list[int], office: Organisation | None, how: str) -> Choice:
    undecided = Disclosure.objects.filter(owner_id__in=users, status__in=UNDECIDED)
    loads = dict(undecided.order_by().values_list("owner").annotate(Count("pk")))
    chosen = min(sorted(set(users)), key=lambda user: (loads.get(user, 0), user))
    why = {
        "how": str(how),
        "office": office.name if office is not None else "",
        "among": len(set(users)),
        "load": loads.get(chosen, 0),
    }
    return Choice(User.objects.get(pk=chosen), office, why)


def office_officers(disclosure: Disclosure, *, on: date | None = None) -> list[User]:
    """The officers of the office in charge today."""
    roles = RoleAssignment.objects.current(on).filter(kind="officer", user__is_active=True)
    if disclosure.office_id is None:
        roles = roles.filter(scope_label=SITE)
    else:
        roles = roles.filter(scope_label=LABEL, scope_pk=disclosure.office_id)
    return list(User.objects.active().filter(pk__in=roles.values("user_id")).order_by("display_name", "pk"))


def approvers(disclosure: Disclosure, *, but: Any) -> list[User]:
    """Who may approve a decision that somebody else proposed: the office's other officers and its director."""
    people = {user.pk: user for user in office_officers(disclosure)}
    if disclosure.office_id is not None:
        roles = RoleAssignment.objects.current().filter(
            kind="director", scope_label=LABEL, scope_pk=disclosure.office_id
        )
        people |= {user.pk: user for user in User.objects.active().filter(pk__in=roles.values("user_id"))}
    conflicted = {row.person.user_id for row in inventors_of(disclosure) if row.person is not None}
    return [user for pk, user in people.items() if pk != but.pk and pk not in conflicted]


@one_at_a_time
def reassign_disclosure(
    *, disclosure: Disclosure, owner: User, actor: Any, reason: str, at: datetime | None = None
) -> Disclosure:
    """Give a disclosure to another officer of the office in charge, with the reason; never to one of its inventors."""
    require(actor, "reassign", disclosure)
    when = moment(at)
    if not reason.strip():
        raise RuleViolation(_("Say why somebody else takes this disclosure."), field="reason")
    if owner.pk == disclosure.owner_id:
        raise RuleViolation(_("%(officer)s is in charge already.") % {"officer": owner}, field="owner")
    if owner.pk not in {user.pk for user in office_officers(disclosure, on=timezone.localdate(when))}:
        raise RuleViolation(_("%(person)s is no officer of the office in charge.") % {"person": owner}, field="owner")
    if any(row.person is not None and row.person.user_id == owner.pk for row in inventors_of(disclosure)):
        raise RuleViolation(_("%(person)s is one of its inventors.") % {"person": owner}, field="owner")
    why = {"how": "reassigned", "by": str(actor), "reason": reason.strip()}
    with audit.operation(actor, "disclosure.reassign", subject=disclosure, reason=reason, at=at) as op:
        op.update(disclosure, owner=owner, owned_since=when, routing=why, guard=("status",))
        tell(op, disclosure, EventKind.ASSIGNED, at=when, officer=str(owner), reason=reason.strip())
        notify("assigned", [owner], disclosure, at=at)
    return disclosure


@one_at_a_time
def reroute_disclosure(*, disclosure: Disclosure, actor: Any, at: datetime | None = None) -> Disclosure:
    """Give a disclosure whose officer has left to whoever answers for its laboratory today."""
    require(actor, "reassign", disclosure)
    when = moment(at)
    choice = choose_officer(disclosure, on=timezone.localdate(when))
    with audit.operation(
        actor, "disclosure.reroute", subject=disclosure, reason="the officer in charge left", at=at
    ) as op:
        op.update(disclosure, owner=choice.owner, office=choice.office, owned_since=when, routing=choice.why)
        tell(op, disclosure, EventKind.ASSIGNED, at=when, officer=str(choice.owner))
        notify("assigned", [choice.owner], disclosure, at=at)
    return disclosure
