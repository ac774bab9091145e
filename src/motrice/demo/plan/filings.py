"""How a family is filed, published, granted, kept and given up: one invented procedure after another, by date."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from zlib import crc32

LATER_OFFICES = (
    ("EP", 70),
    ("US", 60),
    ("JP", 26),
    ("CN", 26),
    ("KR", 10),
    ("CA", 9),
    ("AU", 5),
    ("BR", 4),
    ("IN", 5),
)
STATES = (("DE", 70), ("GB", 60), ("ES", 24), ("IT", 26), ("NL", 14), ("CH", 16))
# The Agreement on a Unified Patent Court, article 89, entered into force on 1 June 2023.
UNITARY_SINCE = date(2023, 6, 1)
AMERICAN_YEARS = (4, 8, 12)
# Late fees are taken with a surcharge for six months (Paris Convention, article 5bis).
FORGOTTEN = timedelta(days=130)
WITHOUT_FEES_BEFORE_GRANT = ("JP", "CN", "KR", "IN", "US")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a procedure."""

    kind: str
    day: date
    year: int | None = None


@dataclass(slots=True)
class FilingPlan:
    """One filing with what was published of it and what happened to it; `parent` is a rank in the family."""

    office: str
    route: str
    number: str
    filed_on: date
    parent: int | None = None
    descent: str = ""
    claims_first: bool = False
    expires_on: date | None = None
    publications: list[tuple[str, str, date]] = field(default_factory=list)
    events: list[Happening] = field(default_factory=list)


class Numbers:
    """Gives application and publication numbers in the form of each office, never the same twice."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, str], int] = {}

    def _next(self, office: str, year: str, start: int) -> int:
        self.last[office, year] = self.last.get((office, year), start) + 1
        return self.last[office, year]

    def application(self, office: str, day: date) -> str:
        """Year first, as the offices and DOCDB write them."""
        serial = self._next(office, f"a{day.year}", 0)
        if office == "FR":
            return f"{day:%y}{serial:05d}"
        if office == "WO":
            return f"{day.year}FR{50000 + serial}"
        return f"{day:%y}{300000 + serial}" if office == "EP" else f"{day.year}{500000 + serial}"

    def publication(self, office: str, day: date) -> str:
        """A running number, with the year before it where the office does so."""
        serial = self._next(office, f"p{day.year}" if office in ("WO", "US") else "p", 0)
        if office == "WO":
            return f"{day.year}{100000 + serial}"
        if office == "US":
            return f"{day.year}{200000 + serial:07d}"
        return str({"FR": 3900000, "EP": 4900000}.get(office, 7900000) + serial)


class Procedures:
    """Writes the filings of one family after another."""

    def __init__(self, rng: Random, numbers: Numbers, until: date):
        self.rng = rng
        self.numbers = numbers
        self.until = until

    def family(self, first: date, *, is_kept: bool = False) -> list[FilingPlan]:
        """The filings of a family first filed on a day; one that is kept is published and still in force."""
        self.first = first
        self.end = None if is_kept else self._end()
        self.cut = min(self.until, self.end or self.until)
        self.filings: list[FilingPlan] = []
        self._priority()
        if self._months(12) <= self.cut:
            way = self.rng.random()
            if way < 0.42:
                self._international()
            elif way < 0.60:
                self._european(None, self._months(12) - timedelta(days=self.rng.randint(1, 9)))
        for filing in self.filings:
            self._finish(filing)
        return self.filings

    def _end(self) -> date | None:
        """The day on which all is given up: before publication for one family in eight, or after some years."""
        chance = self.rng.random()
        if chance < 0.12:
            return self._later(self._months(11), 120)
        if chance < 0.5:
            years = min(19.0, 2.6 + self.rng.expovariate(1 / 4.5))
            return self.first + timedelta(days=round(years * 365.25))
        last = months_after(self.first, 240)
        return last if last <= self.until else None

    def _months(self, count: int) -> date:
        return months_after(self.first, count)

    def _later(self, day: date, spread: int) -> date:
        return day + timedelta(days=self.rng.randint(0, spread))

    def _happen(self, filing: FilingPlan, kind: str, day: date, year: int | None = None) -> bool:
        """Note an event unless the family ended before, or it is still to come."""
        if not filing.filed_on <= day <= self.cut:
            return False
        filing.events.append(Happening(kind, day, year))
        return True

    def _publish(self, filing: FilingPlan, kind: str, day: date) -> None:
        event = "grant_publication" if kind[0] in "BC" else "publication"
        if self._happen(filing, event, day):
            filing.publications.append((self.numbers.publication(filing.office, day), kind, day))

    def _start(self, office: str, route: str, day: date, **values) -> FilingPlan:
        filing = FilingPlan(office, route, self.numbers.application(office, day), day, **values)
        filing.expires_on = months_after(day, 240)
        self.filings.append(filing)
        self._happen(filing, "filing", day)
        return filing

    def _priority(self) -> None:
        filing = self._start("FR", "national", self.first)
        self._happen(filing, "search_report", self._later(self._months(9), 60))
        self._publish(filing, "A1", _friday(self._months(18)))
        granted = _friday(self._later(self._months(28), 400))
        if self._happen(filing, "grant", granted):
            self._publish(filing, "B1", granted)
        self._annuities(filing, 2)

    def _international(self) -> None:
        filed = self._months(12) - timedelta(days=self.rng.randint(1, 12))
        filing = self._start("WO", "pct", filed, claims_first=True)
        rank = len(self.filings) - 1
        filing.expires_on = None
        self._happen(filing, "search_report", self._later(self._months(15), 40))
        self._publish(filing, "A1", self._later(self._months(18), 10))
        entry = self._months(30) - timedelta(days=self.rng.randint(2, 25))
        if entry > self.cut or self.rng.random() < 0.3:
            return
        for office, weight in LATER_OFFICES:
            if self.rng.randrange(100) < weight * 0.75:
                if office == "EP":
                    self._european(rank, filed, entry)
                else:
                    self._national(rank, office, filed, entry)

    def _national(self, parent: int, office: str, filed: date, entry: date) -> None:
        filing = self._start(office, "national", filed, parent=parent, descent="national_phase", claims_first=True)
        self._happen(filing, "national_entry", entry)
        if office in ("US", "JP", "CN"):
            self._publish(filing, "A1" if office == "US" else "A", self._later(entry, 150))
        self._happen(filing, "examination_request", entry)
        granted = self._later(self._months(46), 700)
        is_granted = self._happen(filing, "grant", granted)
        if is_granted:
            self._publish(filing, "B2" if office in ("US", "JP") else "B", granted)
        if office == "US" and is_granted:
            for year in AMERICAN_YEARS:
                paid = months_after(granted, 12 * year - 6)
                self._happen(filing, "annuity_paid", paid - timedelta(days=self.rng.randint(5, 90)), year)
        elif office not in WITHOUT_FEES_BEFORE_GRANT or is_granted:
            self._annuities(filing, 4, after=granted if office in WITHOUT_FEES_BEFORE_GRANT else entry)

    def _european(self, parent: int | None, filed: date, entry: date | None = None) -> None:
        filing = self._start(
            "EP", "european", filed, parent=parent, descent="regional_phase" if entry else "", claims_first=True
        )
        rank = len(self.filings) - 1
        if entry:
            self._happen(filing, "national_entry", entry)
        else:
            self._publish(filing, "A1", self._later(self._months(18), 12))
        self._happen(filing, "examination_request", entry or self._later(self._months(22), 40))
        granted = _wednesday(self._later(self._months(50), 900))
        self._annuities(filing, 3, before=granted)
        if not self._happen(filing, "grant", granted):
            return
        self._publish(filing, "B1", granted)
        if granted >= UNITARY_SINCE and self.rng.random() < 0.3:
            self._part(rank, "EP", "unitary", granted)
        for state, weight in STATES:
            if self.rng.randrange(100) < weight * 0.7:
                self._part(rank, state, "validation", granted)

    def _part(self, parent: int, office: str, route: str, granted: date) -> None:
        day = self._later(granted + timedelta(days=20), 65)
        if day > self.cut:
            return
        source = self.filings[parent]
        filing = FilingPlan(office, route, source.number, source.filed_on, parent, route, claims_first=False)
        filing.expires_on = source.expires_on
        self.filings.append(filing)
        kind = "unitary_registration" if route == "unitary" else "validation"
        self._happen(filing, "filing", source.filed_on)
        self._happen(filing, kind, day)
        self._annuities(filing, 3, after=granted)

    def _annuities(
        self, filing: FilingPlan, year: int, *, after: date | None = None, before: date | None = None
    ) -> None:
        """Each year of protection is paid some days before its anniversary, from a year and a day on."""
        for number in range(year, 21):
            due = months_after(filing.filed_on, 12 * (number - 1))
            paid = due - timedelta(days=self.rng.randint(3, 45))
            if due > self.cut or (before and due >= before):
                return
            if self._is_forgotten(filing, due):
                continue
            if after is None or due > after:
                self._happen(filing, "annuity_paid", max(paid, after or paid), number)

    def _is_forgotten(self, filing: FilingPlan, due: date) -> bool:
        """One fee in five of the last months waits in its grace; its number chooses it, which moves nothing else."""
        return due > self.until - FORGOTTEN and crc32(f"{filing.office}{filing.number}{due}".encode()) % 5 == 0

    def _finish(self, filing: FilingPlan) -> None:
        """What ends with its family is withdrawn before the grant and lapses after it; at its term it expires."""
        if self.end is None or self.end > self.until:
            return
        day = max(self.end, filing.filed_on)
        if filing.expires_on and day >= filing.expires_on:
            filing.events.append(Happening("expiry", filing.expires_on))
            return
        granted = any(event.kind in ("grant", "validation", "unitary_registration") for event in filing.events)
        filing.events.append(Happening("lapse" if granted else "withdrawal", day))


def months_after(day: date, count: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _friday(day: date) -> date:
    """The official bulletin of industrial property appears on Fridays."""
    return day + timedelta(days=(4 - day.weekday()) % 7)


def _wednesday(day: date) -> date:
    """The European Patent Bulletin appears on Wednesdays."""
    return day + timedelta(days=(2 - day.weekday()) % 7)
