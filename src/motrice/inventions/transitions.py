"""The legal moves of a disclosure: who may make each one is the named action of the policy."""

from django.utils.translation import gettext_lazy as _

from motrice.core.transitions import Machine, Transition
from motrice.inventions.enums import DisclosureStatus as S

DISCLOSURE = Machine(
    "inventions.disclosure",
    Transition("submit", {S.DRAFT, S.RETURNED}, S.SUBMITTED, action="edit", label=_("Send for signature")),
    Transition("recall", {S.SUBMITTED}, S.DRAFT, action="edit", label=_("Take back to correct")),
    Transition("receive", {S.SUBMITTED}, S.RECEIVED, action="sign", label=_("Sign")),
    Transition("receive_unsigned", {S.SUBMITTED}, S.RECEIVED, action="handle", label=_("Receive without a signature")),
    Transition("return", {S.RECEIVED, S.EVALUATION}, S.RETURNED, action="handle", label=_("Return for correction")),
    Transition("evaluate", {S.RECEIVED}, S.EVALUATION, action="handle", label=_("Begin the evaluation")),
    Transition("decide", {S.EVALUATION}, S.DECIDED, action="decide", label=_("Decide")),
    Transition("reopen", {S.DECIDED}, S.EVALUATION, action="handle", label=_("Take up again")),
    Transition(
        "withdraw",
        {S.DRAFT, S.SUBMITTED, S.RETURNED, S.RECEIVED, S.EVALUATION},
        S.WITHDRAWN,
        action="withdraw",
        label=_("Withdraw"),
    ),
    Transition("restore", {S.WITHDRAWN}, S.DRAFT, action="edit", label=_("Take up as a draft")),
)
