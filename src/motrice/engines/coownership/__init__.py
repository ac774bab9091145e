"""Co-ownership: dated shares, the single agent of public co-owners, notices, abandonment, costs advanced.

Dates and exact fractions in, answers with their reasons out. The rules of the law are parameters with their own dates
and source: nothing here knows an article by itself.
"""

from motrice.engines.coownership.abandonment import (
    Answer,
    Notified,
    Standing,
    abandonment_standing,
    answer_refusal,
    inform_by,
    late_notice,
)
from motrice.engines.coownership.agents import (
    AgentAnswer,
    Designation,
    Notification,
    UnitPart,
    agreement_refusal,
    designation_due,
    propose_agent,
)
from motrice.engines.coownership.costs import Year, recover_costs
from motrice.engines.coownership.defaults import default_shares
from motrice.engines.coownership.preemption import preemption_refusal, sale_standing
from motrice.engines.coownership.reasons import Reason, Refused, Rule, Rules, add_months
from motrice.engines.coownership.shares import (
    Flaw,
    Holding,
    correct,
    equal_shares,
    flaws,
    joined,
    merged,
    shares_on,
    split,
    transfer,
)

__all__ = [
    "AgentAnswer",
    "Answer",
    "Designation",
    "Flaw",
    "Holding",
    "Notification",
    "Notified",
    "Reason",
    "Refused",
    "Rule",
    "Rules",
    "Standing",
    "UnitPart",
    "Year",
    "abandonment_standing",
    "add_months",
    "agreement_refusal",
    "answer_refusal",
    "correct",
    "default_shares",
    "designation_due",
    "equal_shares",
    "flaws",
    "inform_by",
    "joined",
    "late_notice",
    "merged",
    "preemption_refusal",
    "propose_agent",
    "recover_costs",
    "sale_standing",
    "shares_on",
    "split",
    "transfer",
]
