"""The legal moves of agreements: who may make each one is the named action of the policy."""

from django.utils.translation import gettext_lazy as _

from motrice.agreements.enums import AgreementStatus as S
from motrice.core.transitions import Machine, Transition

AGREEMENT = Machine(
    "agreements.agreement",
    Transition("bring_into_force", {S.DRAFT}, S.IN_FORCE, action="edit", label=_("Bring into force")),
    Transition("give_up", {S.DRAFT}, S.GIVEN_UP, action="edit", label=_("Give the draft up")),
    Transition("end", {S.IN_FORCE}, S.ENDED, action="edit", label=_("Record its end")),
    Transition("terminate", {S.IN_FORCE}, S.TERMINATED, action="edit", label=_("Terminate early")),
)
