"""The shares when none were fixed in time: equal between the public co-owners."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from motrice.engines.coownership.reasons import Reason, Rules
from motrice.engines.coownership.shares import equal_shares

EQUAL = "equal_shares_by_default"


@dataclass(frozen=True)
class DefaultShares:
    """The share of each owner and why; no shares when the law leaves the question open."""

    shares: Mapping[Hashable, Fraction]
    reason: Reason


def default_shares(
    *,
    public_owners: Sequence[Hashable],
    fixed: Mapping[Hashable, Fraction],
    shared_on: date,
    rules: Rules,
) -> DefaultShares:
    """What each owner has when revenue is shared: what was fixed, and equal parts of the rest for the public others.

    What is fixed for everybody stands. What was fixed for some, a company by its contract, stands too, and the public
    co-owners without a share divide the rest.
    """
    settled = sum(fixed.values(), Fraction(0))
    without = [owner for owner in public_owners if owner not in fixed]
    if not without:
        if settled != 1:
            return DefaultShares({}, Reason("fixed_not_whole", None, {"total": settled}))
        return DefaultShares(dict(fixed), Reason("shares_fixed", None, {"on": shared_on}))
    rule = rules.on(EQUAL, shared_on)
    if rule is None:
        return DefaultShares({}, Reason("no_rule", None, {"on": shared_on}))
    if settled >= 1:
        return DefaultShares({}, Reason("nothing_left", rule, {"total": settled, "owners": tuple(without)}))
    shares = {**fixed, **equal_shares(without, Fraction(1) - settled)}
    return DefaultShares(shares, Reason("equal_by_default", rule, {"owners": tuple(without), "rest": 1 - settled}))
