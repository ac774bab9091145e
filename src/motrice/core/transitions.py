"""State machines as tables: the only way to change a state, and the place where legal moves are read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from motrice.core import policies
from motrice.core.audit import Recorder
from motrice.core.errors import InvalidTransition


@dataclass(frozen=True)
class Transition:
    """One legal move: from any of `sources` to `target`, for whoever the policy lets do `action`."""

    name: str
    sources: Collection[str]
    target: str
    action: str
    label: Any = ""


class Machine:
    """The table of one state field."""

    def __init__(self, model_label: str, *transitions: Transition, field: str = "status") -> None:
        self.model_label = model_label
        self.field = field
        self.transitions = {transition.name: transition for transition in transitions}
        if len(self.transitions) != len(transitions):
            raise ValueError(f"{model_label}: two transitions bear one name.")
        machines.append(self)

    def available(self, obj: models.Model, actor: Any) -> list[Transition]:
        """The moves that this actor can make now, in the table's order."""
        state = getattr(obj, self.field)
        legal = [transition for transition in self.transitions.values() if state in transition.sources]
        allowed = policies.allowed(actor, (move.action for move in legal), obj)
        return [transition for transition in legal if transition.action in allowed]

    def require(self, name: str, obj: models.Model, actor: Any) -> Transition:
        """Refuse a move that the actor may not make, or that the state does not allow."""
        transition = self.transitions[name]
        policies.require(actor, transition.action, obj)
        state = getattr(obj, self.field)
        if state not in transition.sources:
            display = getattr(obj, f"get_{self.field}_display", lambda: state)()
            raise InvalidTransition(
                _("This is not possible in the state “%(state)s”: reload the page to see where it stands.")
                % {"state": display}
            )
        return transition

    def apply(self, op: Recorder, name: str, obj: models.Model, **changes: Any) -> None:
        """Write the new state with its changes, only if the state is still the one that was read."""
        transition = self.transitions[name]
        op.update(obj, guard=(self.field,), **{self.field: transition.target}, **changes)


machines: list[Machine] = []
