"""The legal moves of needs, referrals and offers: who may make each one is the named action of the policy.

A need is owned from the moment it is received. It is answered first by a person of the desk (`qualify`), then by the
teams (`answer`); each ended need can be reopened, and keeps its history.
"""

from django.utils.translation import gettext_lazy as _

from motrice.core.transitions import Machine, Transition
from motrice.sourcing.enums import ENDED_STATUSES
from motrice.sourcing.enums import NeedStatus as N
from motrice.sourcing.enums import OfferStatus as O
from motrice.sourcing.enums import ReferralStatus as R

NEED = Machine(
    "sourcing.need",
    Transition("qualify", {N.RECEIVED}, N.ANALYSIS, action="handle", label=_("Take in charge")),
    Transition("refer", {N.RECEIVED, N.ANALYSIS, N.REFERRED}, N.REFERRED, action="handle", label=_("Refer")),
    Transition("refer_again", {N.ANSWERED}, N.ANSWERED, action="handle", label=_("Refer to one more team")),
    Transition("answer", {N.REFERRED, N.ANSWERED}, N.ANSWERED, action="answer", label=_("Accept")),
    Transition("fall_back", {N.REFERRED}, N.ANALYSIS, action="answer", label=_("All teams refused")),
    Transition("introduce", {N.ANSWERED}, N.INTRODUCED, action="handle", label=_("Record the introduction")),
    Transition(
        "close",
        {N.ANALYSIS, N.REFERRED, N.ANSWERED, N.INTRODUCED},
        N.CLOSED,
        action="handle",
        label=_("Close with its outcome"),
    ),
    Transition("decline", {N.RECEIVED, N.ANALYSIS}, N.OUT_OF_SCOPE, action="handle", label=_("Decline")),
    Transition(
        "withdraw",
        {N.RECEIVED, N.ANALYSIS, N.REFERRED, N.ANSWERED},
        N.WITHDRAWN,
        action="withdraw",
        label=_("Withdraw"),
    ),
    Transition("reopen", set(ENDED_STATUSES), N.ANALYSIS, action="handle", label=_("Reopen")),
)

REFERRAL = Machine(
    "sourcing.referral",
    Transition("ask", {R.SENT, R.QUESTIONED}, R.QUESTIONED, action="answer", label=_("Ask a question")),
    Transition("reply", {R.QUESTIONED}, R.SENT, action="handle", label=_("Answer the question")),
    Transition("accept", {R.SENT, R.QUESTIONED}, R.ACCEPTED, action="answer", label=_("Accept")),
    Transition("refuse", {R.SENT, R.QUESTIONED}, R.REFUSED, action="answer", label=_("Refuse")),
    Transition("propose_joint", {R.SENT, R.QUESTIONED}, R.JOINT, action="answer", label=_("Propose a joint answer")),
    Transition("confirm_joint", {R.JOINT}, R.ACCEPTED, action="answer", label=_("Confirm the joint answer")),
    Transition("drop_joint", {R.JOINT}, R.SENT, action="answer", label=_("Give up the joint answer")),
    Transition("call_back", {R.SENT, R.QUESTIONED, R.JOINT}, R.WITHDRAWN, action="handle", label=_("Call back")),
)

OFFER = Machine(
    "sourcing.offer",
    Transition("publish", {O.DRAFT, O.RETIRED}, O.PUBLISHED, action="edit", label=_("Publish")),
    Transition("retire", {O.DRAFT, O.PUBLISHED}, O.RETIRED, action="edit", label=_("Retire")),
)
