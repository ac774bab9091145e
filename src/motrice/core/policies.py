"""One rule per model and action, as a `Q` of the actor: the same rule filters lists and checks single rows.

A rule is a list of clauses; each clause says in words why it applies, so that "why can I see this?" is answered from
the very rule that decides. Duck typing keeps this module below accounts: an actor has `pk`, `is_authenticated`,
`is_system` and `active_roles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core.errors import NotPermitted

SITE = "site"
NOBODY = Q(pk__in=[])
EVERYTHING = Q()
READINGS = ("inside", "owned", "costs")  # rights to read more of a record than those who only see it


@dataclass(frozen=True)
class RoleGrant:
    """A role as policies read it: what kind, held on what, until when."""

    kind: str
    scope_label: str
    scope_pk: int | None
    words: str = ""


@dataclass(frozen=True)
class Clause:
    """One ground for permission: `rule` gives the rows, or None when this actor has no such ground at all."""

    name: str
    words: Any
    rule: Callable[[Any], Q | None]
    parts: tuple[Callable[[Any], Q | None], Callable[[Any], Q]] | None = None
    """For a ground `within` a limit: the ground alone and the limit alone, of which `rule` is both."""

    def within(self, limit: Callable[[Any], Q]) -> Clause:
        """The same ground for what is inside a limit only; grounds of one limit ask it once between them."""
        own = self.rule

        def rule(actor: Any) -> Q | None:
            q = own(actor)
            return None if q is None else q & limit(actor)

        return Clause(self.name, self.words, rule, (own, limit))


@dataclass(frozen=True)
class Reason:
    """One clause that holds for a given row, in words."""

    name: str
    words: str


_rules: dict[type[models.Model], dict[str, tuple[Clause, ...]]] = {}


def clause(words: Any) -> Callable[[Callable[[Any], Q | None]], Clause]:
    """Turn a function `actor -> Q | None` into a clause that explains itself with `words`."""

    def decorate(function: Callable[[Any], Q | None]) -> Clause:
        return Clause(name=function.__name__, words=words, rule=function)

    return decorate


def register(model: type[models.Model], rules: dict[str, Iterable[Clause]]) -> None:
    """Declare the actions of a model; an action that nobody declared is refused."""
    concrete = model._meta.concrete_model or model
    known = _rules.setdefault(concrete, {})
    for action, clauses in rules.items():
        if action in known:
            raise ValueError(f"{concrete.__name__}: the action {action!r} is declared twice.")
        known[action] = tuple(clauses)


def registered() -> dict[type[models.Model], dict[str, tuple[Clause, ...]]]:
    """Every model that has rules, with its actions: for the permissions reference and the repository checks."""
    return {model: dict(actions) for model, actions in _rules.items()}


def actions_of(model: type[models.Model]) -> Sequence[str]:
    """The declared actions of a model, sorted."""
    return sorted(_rules.get(model._meta.concrete_model or model, {}))


def clauses_of(model: type[models.Model], action: str) -> tuple[Clause, ...]:
    """The clauses of one action: empty when nobody declared it, which means refused."""
    return _rules.get(model._meta.concrete_model or model, {}).get(action, ())


SYSTEM_CLAUSE = Clause(
    name="system", words=gettext_lazy("Motrice itself does this, in a job."), rule=lambda actor: EVERYTHING
)


def q_for(actor: Any, model: type[models.Model], action: str) -> Q:
    """The rows of `model` on which `actor` may do `action`; `EVERYTHING` (an empty Q) when there is no limit.

    An actor with a `ceiling` is one person seeing the site as another: what the other may see, cut down to what the
    person behind may see too, as deep as they may, and never an export, which is a right of one's own.
    """
    ceiling = getattr(actor, "ceiling", None)
    if ceiling is None:
        return _own_q(actor, model, action)
    if action == "export":
        return NOBODY
    return _both(model, _own_q(actor, model, action), q_for(ceiling, model, _read_by(model, action)))


def _read_by(model: type[models.Model], action: str) -> str:
    """The right to read that an action rests on: the pages of an act show the inside of a record that has one."""
    if action == "view" or action in READINGS:
        return action
    return "inside" if clauses_of(model, "inside") else "view"


def _both(model: type[models.Model], first: Q, second: Q) -> Q:
    """Rows under two conditions, each through its own subquery: their joins must not mix."""
    if not first or not second:
        return first or second
    rows = model._base_manager
    return Q(pk__in=rows.filter(first).values("pk")) & Q(pk__in=rows.filter(second).values("pk"))


def _own_q(actor: Any, model: type[models.Model], action: str) -> Q:
    if getattr(actor, "is_system", False):
        return EVERYTHING
    by_limit: dict[Callable[[Any], Q] | None, Q] = {}
    for ground in clauses_of(model, action):
        own, limit = ground.parts or (ground.rule, None)
        q = own(actor)
        if q is None:
            continue
        if not q and limit is None:
            return EVERYTHING
        known = by_limit.get(limit)
        by_limit[limit] = q if known is None else _either(known, q)
    combined: Q | None = None
    for limit, q in by_limit.items():
        kept = q if limit is None else q & limit(actor)
        if not kept:
            return EVERYTHING
        combined = kept if combined is None else combined | kept
    return NOBODY if combined is None else combined


def _either(first: Q, second: Q) -> Q:
    """One or the other: without limit when either has none, which `|` of two `Q` takes for the narrower one."""
    return first | second if first and second else EVERYTHING


def scope(queryset: models.QuerySet, actor: Any, action: str) -> models.QuerySet:
    """Keep the rows that the actor may act on, each once.

    A rule over the row's own columns and forward links filters directly, so that the database starts from the
    caller's own conditions; a rule that follows many rows goes through a primary-key subquery, which doubles none.
    """
    q = q_for(actor, queryset.model, action)
    if not q:
        return queryset
    if is_single(queryset.model, q):
        return queryset.filter(q)
    return queryset.filter(pk__in=queryset.model._base_manager.filter(q).values("pk"))


def is_single(model: type[models.Model], q: Q) -> bool:
    """Whether no lookup of a rule can join several rows to one: own columns and forward links only."""
    for child in q.children:
        if isinstance(child, Q):
            if not is_single(model, child):
                return False
        elif not isinstance(child, tuple) or not _is_single_path(model, child[0]):
            return False
    return True


def _is_single_path(model: type[models.Model], path: str) -> bool:
    place: Any = model
    for name in path.split("__"):
        if name == "pk":
            return True
        try:
            step = place._meta.get_field(name)
        except FieldDoesNotExist:
            return place is not model  # a lookup such as `in` or `isnull` ends a path that began with a field
        if step.one_to_many or step.many_to_many or step.auto_created:
            return False
        if not step.is_relation:
            return True
        place = step.related_model
    return True


def prefixed(q: Q, path: str) -> Q:
    """The same rule asked of the record at the end of a forward link: `level` becomes `organisation__level`."""
    moved = Q(_connector=q.connector, _negated=q.negated)
    for child in q.children:
        if isinstance(child, Q):
            moved.children.append(prefixed(child, path))
        elif isinstance(child, tuple):
            moved.children.append((f"{path}__{child[0]}", child[1]))
        else:
            raise TypeError(f"A rule with {type(child).__name__} cannot be asked at the end of a link.")
    return moved


def at_end_of(path: str, model: type[models.Model], actor: Any, action: str) -> Q:
    """The rows whose record of `model` at the end of a forward link the actor may act on; an empty Q without limit."""
    q = q_for(actor, model, action)
    if is_single(model, q):
        return prefixed(q, path)
    return Q(**{f"{path}__in": model._base_manager.filter(q).values("pk")})


def allows(actor: Any, action: str, obj: models.Model) -> bool:
    """Whether the actor may do `action` to this row: the list's rule, asked of one row."""
    q = q_for(actor, type(obj), action)
    if not q:
        return True
    return type(obj)._base_manager.filter(q, pk=obj.pk).exists()


def allowed(actor: Any, actions: Iterable[str], obj: models.Model) -> frozenset[str]:
    """Which of these actions the actor may do to this row: what `allows` says of each, in one question."""
    rules = {action: q_for(actor, type(obj), action) for action in dict.fromkeys(actions)}
    found = {action for action, q in rules.items() if not q}
    asked = {action: q for action, q in rules.items() if q and q != NOBODY}
    if asked:
        rows = type(obj)._base_manager.filter(pk=obj.pk)
        for answers in rows.values_list(*(Exists(rows.filter(q)) for q in asked.values())):
            found.update(action for action, answer in zip(asked, answers, strict=True) if answer)
    return frozenset(found)


def require(actor: Any, action: str, obj: models.Model) -> None:
    """Raise `NotPermitted` unless the actor may do `action` to this row."""
    if not allows(actor, action, obj):
        raise NotPermitted(_("None of your roles allows this here (%(what)s).") % {"what": obj._meta.verbose_name})


def require_own_view(actor: Any) -> None:
    """Refuse what is a right of one's own, as a file to take away is, to who sees the site as another."""
    if getattr(actor, "ceiling", None) is not None:
        raise NotPermitted(_("What is taken away as a file is a right of one's own: go back to your own view first."))


def explain(actor: Any, action: str, obj: models.Model) -> list[Reason]:
    """Every clause that gives the actor this right on this row: the answer to "why can I see this?"."""
    if getattr(actor, "is_system", False):
        return [Reason(SYSTEM_CLAUSE.name, str(SYSTEM_CLAUSE.words))]
    reasons = []
    for ground in clauses_of(type(obj), action):
        q = ground.rule(actor)
        if q is not None and (not q or type(obj)._base_manager.filter(q, pk=obj.pk).exists()):
            reasons.append(Reason(ground.name, str(ground.words)))
    return reasons


def get_permitted(source: Any, actor: Any, action: str, **lookup: Any) -> Any:
    """Load one row: 404 when the actor may not see it (or it does not exist), 403 when they see it but may not act."""
    queryset = source if isinstance(source, models.QuerySet) else source._default_manager.all()
    obj = scope(queryset, actor, "view").filter(**lookup).first()
    if obj is None:
        raise Http404
    if action != "view":
        require(actor, action, obj)
    return obj


def roles(actor: Any) -> tuple[RoleGrant, ...]:
    """The roles the actor holds today."""
    return tuple(getattr(actor, "active_roles", ()))


def holds(actor: Any, *kinds: str) -> bool:
    """Whether the actor holds one of these roles on the whole site."""
    return any(role.kind in kinds and role.scope_label == SITE for role in roles(actor))


def scopes(actor: Any, label: str, *kinds: str) -> list[int]:
    """Keys of the `label` records on which the actor holds one of these roles (any role when none is named)."""
    return [
        role.scope_pk
        for role in roles(actor)
        if role.scope_label == label and role.scope_pk is not None and (not kinds or role.kind in kinds)
    ]


class PolicyQuerySet(models.QuerySet):
    """A queryset that knows the policies of its model."""

    def permitted(self, actor: Any, action: str = "view") -> Self:
        """Keep the rows on which the actor may do `action`."""
        return cast(Self, scope(self, actor, action))
