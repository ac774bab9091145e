"""The legal moves of the portfolio: who may make each one is the named action of the policy."""

from django.utils.translation import gettext_lazy as _

from motrice.core.transitions import Machine, Transition
from motrice.portfolio.enums import AbandonmentStatus as A

ABANDONMENT = Machine(
    "portfolio.abandonment",
    Transition("abandon", {A.OPEN}, A.ABANDONED, action="decide", label=_("Give the title up")),
    Transition("take_over", {A.OPEN}, A.TAKEN_OVER, action="decide", label=_("Hand the title over to the co-owner")),
    Transition("withdraw", {A.OPEN}, A.WITHDRAWN, action="decide", label=_("Keep the title after all")),
)
