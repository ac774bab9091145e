"""Docketing: from what happened to a family of patents to every date that follows, with the reason of each.

    from motrice.engines.docketing import Application, Event, Family, Rulebook, derive

    book = Rulebook(rules, schemes, fee_tables, calendars)  # each read by read_rule, read_scheme, …
    family = Family("F1", [Application("A1", "EP", date(2022, 3, 14), events=(Event("E1", "grant_publication", …),))])
    docket = derive(family, book, today=date(2026, 5, 1))

A docket is a function of the history, the tables and the day: nothing is kept, so nothing can disagree. Dates are
`datetime.date`, both ends of every period included; amounts are `Decimal` with an ISO 4217 currency. The engine holds
no law: delays, offices, fees and calendars all come from tables that name their source and how sure they are.
"""

from motrice.engines.docketing.days import Calendar, Holidays, add_delay, add_months, end_of_month
from motrice.engines.docketing.deadlines import (
    DONE,
    LAPSED,
    OPEN,
    STATES,
    SUPERSEDED,
    Changes,
    Deadline,
    Docket,
    Key,
    Link,
    Note,
    differences,
)
from motrice.engines.docketing.derive import derive
from motrice.engines.docketing.errors import TableError
from motrice.engines.docketing.forecast import Cost, Holding, Total, forecast, totals
from motrice.engines.docketing.histories import Application, Event, Family
from motrice.engines.docketing.reading import read_calendar, read_fee_table, read_rule, read_scheme
from motrice.engines.docketing.rulebook import Rulebook
from motrice.engines.docketing.tables import (
    CONFIDENCES,
    NATURES,
    Extension,
    Fee,
    FeeRow,
    Fees,
    FeeTable,
    Grace,
    RenewalScheme,
    Rule,
    Shift,
    Step,
)

__all__ = [
    "CONFIDENCES",
    "DONE",
    "LAPSED",
    "NATURES",
    "OPEN",
    "STATES",
    "SUPERSEDED",
    "Application",
    "Calendar",
    "Changes",
    "Cost",
    "Deadline",
    "Docket",
    "Event",
    "Extension",
    "Family",
    "Fee",
    "FeeRow",
    "FeeTable",
    "Fees",
    "Grace",
    "Holding",
    "Holidays",
    "Key",
    "Link",
    "Note",
    "RenewalScheme",
    "Rule",
    "Rulebook",
    "Shift",
    "Step",
    "TableError",
    "Total",
    "add_delay",
    "add_months",
    "derive",
    "differences",
    "end_of_month",
    "forecast",
    "read_calendar",
    "read_fee_table",
    "read_rule",
    "read_scheme",
    "totals",
]
