"""A slow docket, written from the texts of the rules alone: it counts by walking from day to day.

It shares nothing with the engine but the shape of a history. The rules stand here in words of their own; holidays are
worked out from Easter. It answers, for each deadline, the day before it moved, the day due, the end of the grace and
the state.
"""

from datetime import date, timedelta

ONE = timedelta(days=1)
END = {"withdrawal", "refusal", "lapse", "revocation", "expiry", "abandonment"}
NO_REFUSAL = {"withdrawal", "abandonment"}
DIRECT = {"", "divisional"}
ANY = None

# rule, offices, descents, what starts it, counted from, months, closed at, answered by, ended by, extra months
PERIODS = [
    ("priority-year", ANY, {""}, "filing", "filing", 12, "", set(), set(), 0),
    ("publication-18-months", ANY, {""}, "filing", "priority", 18, "", {"publication"}, END, 0),
    ("priority-document", ANY, {""}, "filing", "priority", 16, "", set(), END, 0),
    ("patent-term", "not WO", ANY, "filing", "filing", 240, "", {"expiry"}, END, 0),
    ("pct-national-phase", {"WO"}, ANY, "filing", "priority", 30, "", set(), END, 0),
    ("ep-from-pct", {"WO"}, ANY, "filing", "priority", 31, "EP", {"child regional_phase EP"}, END, 0),
    ("pct-demand", {"WO"}, ANY, "filing", "priority", 22, "", set(), END, 0),
    ("pct-national-phase-reminder", {"WO"}, ANY, "filing", "priority", 27, "", set(), END, 0),
    ("ep-search-report", {"EP"}, ANY, "search_publication", "event", 6, "EP", {"examination_request"}, END, 0),
    ("ep-rule-161", {"EP"}, ANY, "communication_161", "event", 6, "EP", {"response"}, END, 0),
    ("ep-examination-report", {"EP"}, ANY, "office_action", "event", 4, "EP", {"response"}, END, 2),
    (
        "ep-intention-to-grant",
        {"EP"},
        ANY,
        "intention_to_grant",
        "event",
        4,
        "EP",
        {"response", "grant", "grant_publication"},
        END,
        0,
    ),
    ("ep-validation", {"EP"}, ANY, "grant_publication", "event", 3, "", {"validation", "child validation"}, END, 0),
    ("up-request", {"EP"}, ANY, "grant_publication", "event", 1, "EP", {"unitary_request", "child unitary"}, END, 0),
    ("ep-opposition", {"EP"}, ANY, "grant_publication", "event", 9, "EP", set(), set(), 0),
    ("ep-appeal", {"EP"}, ANY, "refusal", "event", 2, "EP", {"appeal"}, NO_REFUSAL, 0),
    ("ep-appeal-grounds", {"EP"}, ANY, "refusal", "event", 4, "EP", set(), NO_REFUSAL, 0),
    ("fr-search-report", {"FR"}, DIRECT, "search_report", "event", 3, "FR", {"response"}, END, 3),
    (
        "fr-filing-fees",
        {"FR"},
        DIRECT,
        "filing",
        "own filing",
        1,
        "FR",
        {"fee_paid", "search_report", "publication"},
        END,
        0,
    ),
    ("fr-observations", {"FR"}, DIRECT, "publication", "event", 3, "FR", set(), END, 0),
    ("fr-opposition", {"FR"}, DIRECT, "grant_publication", "event", 9, "FR", set(), set(), 0),
    ("us-issue-fee", {"US"}, ANY, "allowance", "event", 3, "US", {"fee_paid", "grant", "grant_publication"}, END, 0),
    ("us-ids", {"US"}, ANY, "filing", "own filing", 2, "", set(), END, 0),
    ("us-final-action", {"US"}, ANY, "final_action", "event", 3, "US", {"response", "appeal"}, END, 1),
    ("cn-examination", {"CN"}, ANY, "filing", "priority", 36, "", {"examination_request"}, END, 0),
    ("jp-examination", {"JP"}, ANY, "filing", "filing", 36, "", {"examination_request"}, END, 0),
    ("fr-bonus-first", {"FR", "EP"}, {""}, "filing", "filing", 12, "", set(), set(), 0),
]
FIRST_FILING = {"priority-year", "fr-bonus-first"}
CLAIMING = {"priority-document"}
EXTENSIONS = {"ep-examination-report": 1, "fr-search-report": 1, "us-final-action": 3}

# office -> first year, base, payable from, end of month, closed at, grace
ANNUITIES = {
    "EP": ("ep-annuity", 3, "filing", "filing", True, "EP", "last day of the sixth month"),
    "FR": ("fr-annuity", 2, "filing", "filing", True, "FR", "six months from the next day"),
    "UP": ("up-annuity", 4, "filing", "grant", True, "EP", "last day of the sixth month"),
    "DE": ("office-annuity", 3, "filing", "filing", False, "", "six months"),
    "CN": ("office-annuity", 2, "filing", "grant", False, "", "six months"),
    "JP": ("office-annuity", 4, "grant", "grant", False, "", "six months"),
    "PH": ("office-annuity", 5, "publication", "publication", False, "", "six months"),
}


def easter(year):
    """Easter Sunday, by Gauss's method as completed by Meeus."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def is_closed(day, office):
    """Whether an office is surely closed."""
    if day.weekday() >= 5:
        return True
    if office == "US":
        return _is_federal(day) or _is_observed(day)
    moving = {(easter(day.year) + ONE * days) for days in (1, 39, 50)}
    if office == "FR":
        if 2005 <= day.year <= 2007:  # Whit Monday was a working day of solidarity
            moving.discard(easter(day.year) + ONE * 50)
        return day in moving or (day.month, day.day) in {
            (1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25),
        }  # fmt: skip
    moving |= {easter(day.year) - ONE * 2, easter(day.year) + ONE * 60}
    fixed = {(1, 1), (1, 6), (5, 1), (8, 15), (10, 3), (11, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
    listed = {(2012, 12, 27), (2012, 12, 28), (2015, 1, 2)}
    listed |= {(2015, 12, n) for n in (28, 29, 30)} | {(2020, 12, n) for n in (28, 29, 30)}
    listed |= {(2023, 12, n) for n in (27, 28, 29)} | {(2017, 10, 31)}
    return day in moving or (day.month, day.day) in fixed or (day.year, day.month, day.day) in listed


def _is_federal(day):
    fixed = {(1, 1), (7, 4), (11, 11), (12, 25)} | ({(6, 19)} if day.year >= 2021 else set())
    if (day.month, day.day) in fixed:
        return True
    nth, is_last = (day.day - 1) // 7 + 1, (day + ONE * 7).month != day.month
    monday = day.weekday() == 0 and (
        (day.month, nth) in {(1, 3), (2, 3), (9, 1), (10, 2)} or (day.month == 5 and is_last)
    )
    return monday or (day.weekday() == 3 and (day.month, nth) == (11, 4))


def _is_observed(day):
    """A fixed holiday on a Saturday is kept on Friday, on a Sunday on Monday."""
    before, after = day - ONE, day + ONE
    return (day.weekday() == 0 and _is_fixed(before)) or (day.weekday() == 4 and _is_fixed(after))


def _is_fixed(day):
    return _is_federal(day) and (day.month, day.day) in {(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}


def walk_months(start, months):
    """Walk to the month that is so many months later, then to the day of the same number or the last one."""
    day = start
    while months:
        month = day.month
        while day.month == month:
            day += ONE
        months -= 1
    while day.day != start.day and (day + ONE).month == day.month:
        day += ONE
    return day


def walk_to_month_end(day):
    """The last day of the month."""
    while (day + ONE).month == day.month:
        day += ONE
    return day


def walk_to_open(day, office):
    """The first day on which the office is open."""
    while office and is_closed(day, office):
        day += ONE
    return day


class Oracle:
    """Answers for one family and one day."""

    def __init__(self, family, today):
        self.apps = {app.key: app for app in family.applications}
        self.today = today

    def answer(self):
        """Each deadline: (application, rule, trigger, term) -> (before moving, due, grace end, state)."""
        found = {}
        for app in self.apps.values():
            for rule in PERIODS:
                found |= self.periods(app, *rule)
            found |= self.maintenance(app) if app.office == "US" else self.annuities(app)
        return found

    def origin(self, app):
        return self.origin(self.apps[app.parent]) if app.parent else app

    def priority(self, app):
        if app.priority_on:
            return app.priority_on
        return self.priority(self.apps[app.parent]) if app.parent else app.filed_on

    def periods(self, app, rule, offices, descents, trigger, base, months, office, answers, ends, extra):
        if offices == "not WO":
            if app.office == "WO":
                return {}
        elif offices is not ANY and app.office not in offices:
            return {}
        if descents is not ANY and app.descent not in descents:
            return {}
        if (rule in FIRST_FILING and app.priority_on) or (rule in CLAIMING and not app.priority_on):
            return {}
        starts = self.starts(app, trigger, base)
        done, extended = self.play(app, rule, starts, answers, extra)
        found = {}
        for key, (since, counted) in starts.items():
            last = walk_months(counted, months + extra * extended[key])
            due = walk_to_open(last, office)
            state = self.state(app, since, due, ends, is_done=key in done)
            found[app.key, rule, key, ""] = (last, due, None, state)
        return found

    def starts(self, app, trigger, base):
        if trigger == "filing":
            days = {
                "filing": self.origin(app).filed_on,
                "priority": self.priority(app),
                "own filing": app.filed_on,
            }
            return {"": (date.min, days[base])}
        return {event.key: (event.on, event.on) for event in app.events if event.kind == trigger}

    def play(self, app, rule, starts, answers, extra):
        """Live through the events in order: each answers the oldest period still open, or extends the newest."""
        order = sorted(starts, key=lambda key: (starts[key][0], key))
        done, extended = set(), dict.fromkeys(starts, 0)
        for event in sorted(app.events, key=lambda event: (event.on, event.key)):
            running = [key for key in order if starts[key][0] <= event.on]
            if event.kind == "extension" and event.rule == rule and extra and running:
                if extended[running[-1]] < EXTENSIONS[rule]:
                    extended[running[-1]] += 1
            elif event.kind in answers or (event.kind == "done" and event.rule == rule):
                left = [key for key in running if key not in done]
                done |= set(left[:1])
        children = [child for child in self.apps.values() if child.parent == app.key]
        named = {f"child {child.descent}" for child in children}
        named |= {f"child {child.descent} {child.office}" for child in children}
        if named & answers and order and order[0] not in done:
            done.add(order[0])
        return done, extended

    def state(self, app, since, closes, ends, *, is_done):
        if is_done:
            return "done"
        restored = max((event.on for event in app.events if event.kind == "restoration"), default=date.min)
        for event in app.events:
            if event.kind in ends and event.on > restored and since <= event.on <= closes:
                return "superseded"
        return "lapsed" if self.today > closes else "open"

    def grant(self, app):
        title = self.apps[app.parent] if app.descent in ("validation", "unitary") else app
        for holder in (title, app):
            for kind in ("grant_publication", "grant"):
                days = [event.on for event in holder.events if event.kind == kind]
                if days:
                    return min(days)
        return None

    def maintenance(self, app):
        grant = self.grant(app)
        found = {}
        for number, (term, months) in enumerate((("3.5", 42), ("7.5", 90), ("11.5", 138)), start=1):
            if grant:
                last = walk_months(grant, months)
                due = walk_to_open(last, "US")
                late = max(due, walk_to_open(walk_months(grant, months + 6), "US"))
                found |= self.annuity(app, f"us-maintenance-{number}", term, number * 4, last, due, late)
        return found

    def annuities(self, app):
        office = "UP" if app.descent == "unitary" else app.office
        if office not in ANNUITIES:
            return {}
        rule, first, base, payable, is_month_end, closed, grace = ANNUITIES[office]
        filed, granted = self.origin(app).filed_on, self.grant(app)
        published = min((event.on for event in app.events if event.kind == "publication"), default=None)
        moments = {"filing": filed, "grant": granted, "publication": published}
        counted, possible = moments[base], moments[payable]
        if counted is None or possible is None:
            return {}
        if payable == "filing":
            possible = app.filed_on if app.descent else None
        if app.descent in ("validation", "unitary"):
            possible = None
        found = {}
        for year in range(first, 21):
            if not self.is_year_owed(app, office, year, filed, granted):
                continue
            last = walk_months(counted, 12 * (year - 1))
            if base != "filing" and last >= walk_months(filed, 240):
                continue
            last = walk_to_month_end(last) if is_month_end else last
            last, regular = self.deferred(app, office, year, last, possible, is_month_end)
            reference = last
            last = max(last, self.window(app, office, granted) or last)
            due = walk_to_open(last, closed)
            late = max(due, walk_to_open(self.late(reference, grace, regular), closed))
            found |= self.annuity(app, rule, str(year), year, last, due, late)
        return found

    def deferred(self, app, office, year, last, possible, regular):
        """The third European year waits for the 31 months; what was due before it could be paid waits for that."""
        if office == "EP" and app.descent == "regional_phase" and year == 3:
            limit = walk_months(self.priority(app), 31)
            if last < limit:
                return limit, False
        if possible and last <= possible:
            return possible, False
        return last, regular

    def is_year_owed(self, app, office, year, filed, granted):
        """The EPO is paid up to the year of the grant, the states and the unitary patent after it."""
        european = office == "EP" or app.descent in ("validation", "unitary")
        if not european or granted is None:
            return True
        years = 1
        while walk_months(filed, 12 * years) <= granted:
            years += 1
        return year <= years if office == "EP" else year > years

    def window(self, app, office, granted):
        if office == "EP" and app.descent == "divisional":
            return walk_months(app.filed_on, 4)
        if app.descent == "validation" and granted:
            return walk_months(granted, 2)
        return None

    def late(self, reference, grace, regular):
        if grace == "six months from the next day":
            return walk_months(reference + ONE, 6) - ONE
        day = walk_months(reference, 6)
        return walk_to_month_end(day) if regular and grace.startswith("last") else day

    def annuity(self, app, rule, term, year, last, due, late):
        paid = any(
            event.year == year and (event.kind == "annuity_paid" or (event.kind == "done" and event.rule == rule))
            for event in app.events
        )
        restored = max((event.on for event in app.events if event.kind == "restoration"), default=date.min)
        stopped = [event.on for event in app.events if event.kind in END and event.on > restored]
        if not paid and stopped and last > min(stopped):
            return {}
        state = self.state(app, date.min, late, END, is_done=paid)
        return {(app.key, rule, "", term): (last, due, late, state)}
