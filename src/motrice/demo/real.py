"""A world of the public files: real bodies and texts, with invented accounts to try the desk."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.imports_runs import State, Status, ask_write, decide, resume, start_run, tally, work
from motrice.core.models import ImportRun
from motrice.core.policies import SITE
from motrice.demo import PASSWORD, SOURCE
from motrice.demo.plan.accounts import DOMAIN
from motrice.demo.plan.names import NameMaker
from motrice.directory.models import Evidence, Mechanism, Organisation, Person, Unit

LABEL = "directory.organisation"
SINCE = date(2020, 1, 1)
SAME_NAME = 0.99
"""In a world to try, registers that name bodies of one country alike mean one; mere likeness waits for a person."""


@dataclass(frozen=True)
class Source:
    """One public file, the kind of importer that reads it, and the files beside it by role."""

    kind: str
    path: str
    beside: tuple[tuple[str, str], ...] = ()


# In this order: the bodies before what points to them.
SOURCES = (
    Source("rnsr", "rnsr/structures_actives_2022.csv.gz"),
    Source("ror", "ror/ror_registry_names.jsonl.gz"),
    Source("ror-places", "ror/ror_france_active.csv.gz"),
    Source(
        "transfer-mechanisms", "anr/innovation_structures.csv.gz", (("partners", "anr/dgpie_partners_2022.csv.gz"),)
    ),
    Source("ilab", "ilab/laureates_1999_2025.csv.gz"),
    Source("anr-investments", "anr/dgpie_projects_2022.csv.gz", (("partners", "anr/dgpie_partners_2022.csv.gz"),)),
    Source("anr-partners", "anr/dos_partners_2022.csv.gz"),
)


@dataclass
class Read:
    """What became of one file."""

    source: Source
    seconds: float
    written: int
    unchanged: int
    left: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    is_old: bool = False
    """Whether an earlier making had read and written it already."""


def chosen_sources(folder: Path, without: Iterable[str] = ()) -> list[Source]:
    """The files to read; refuses when one of them is not in the folder."""
    known = {source.kind for source in SOURCES}
    unknown = sorted(set(without) - known)
    if unknown:
        raise RuleViolation(
            _("There is no sort of file %(unknown)s: choose among %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
        )
    chosen = [source for source in SOURCES if source.kind not in set(without)]
    names = [name for source in chosen for name in (source.path, *(path for _role, path in source.beside))]
    missing = sorted({name for name in names if not (folder / name).is_file()})
    if missing:
        raise RuleViolation(
            _("These files are not in %(folder)s: %(missing)s. Name their folder with --folder.")
            % {"folder": folder, "missing": ", ".join(missing)}
        )
    return chosen


def is_made() -> bool:
    """Whether a world was made to its end: the accounts are opened last, all at once."""
    return User.objects.filter(is_system=False).exists()


def require_ours(sources: Iterable[Source]) -> None:
    """Refuse a database in use: everything sure would be written, and accounts with a known password opened.

    One that a making left half filled, because it was stopped, is gone on with.
    """
    begun = ImportRun.objects.filter(kind__in=[source.kind for source in sources], launched_by=system_user())
    if is_made() or (Organisation.objects.exists() and not begun.exists()):
        raise RuleViolation(_("This database is in use: a world of the public files is made in an empty one."))


def _begun(source: Source, files: list[tuple[str, Path]]) -> ImportRun | None:
    """The import of these very files that an earlier making began."""
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for _role, path in files]
    runs = ImportRun.objects.filter(kind=source.kind, launched_by=system_user())
    for run in runs.exclude(status__in=(Status.UNDOING, Status.UNDONE)).order_by("-pk"):
        if [item["sha256"] for item in run.files] == digests:
            return run
    return None


def read_source(source: Source, folder: Path) -> Read:
    """Import one file and write what is sure; what a person must decide is left as proposals."""
    actor, start = system_user(), monotonic()
    files = [("", folder / source.path), *((role, folder / path) for role, path in source.beside)]
    run = _begun(source, files)
    is_old = run is not None and run.status == Status.DONE
    if run is not None and run.status == Status.FAILED:
        run = resume(run=run, actor=actor)
    run = work(run or start_run(kind=source.kind, files=files, actor=actor))
    if run.status == Status.READY:
        decide(run=run, actor=actor, accept=True, join_above=SAME_NAME)
        if run.proposals.filter(state=State.ACCEPTED).exists():
            run = work(ask_write(run=run, actor=actor))
    if run.status == Status.FAILED:
        raise RuleViolation(_("The import of %(path)s stopped: %(why)s") % {"path": source.path, "why": run.failure})
    report = tally(run, run.launched_by)
    findings, unchanged = report.pop("findings"), report.pop("unchanged")[""]
    left: dict[str, int] = {}
    for states in report.values():
        for state, number in states.items():
            left[state] = left.get(state, 0) + number
    seconds = monotonic() - start
    return Read(source, seconds, left.pop("applied", 0), unchanged, left, findings, is_old=is_old)


def make_real_world(
    folder: Path, *, without: Iterable[str] = (), tell: Callable[[Read], None] = lambda _read: None
) -> list[tuple[str, str]]:
    """Read every file, then open the desk's accounts; gives the sign-ins as role and address.

    Stopped half-way, it goes on from there: a file that was read is not read again.
    """
    sources = chosen_sources(folder, without)
    require_ours(sources)
    for source in sources:
        tell(read_source(source, folder))
    return _Desk().open()


class _Desk:
    """Invented people who hold the roles of the desk over real bodies."""

    def __init__(self) -> None:
        self.names = NameMaker(Random("real-world"))
        self.users: list[User] = []
        self.people: list[Person] = []
        self.roles: list[tuple[User, str, Organisation | None]] = []
        self.hashed = make_password(PASSWORD)
        self.now = timezone.now()

    def open(self) -> list[tuple[str, str]]:
        """One account per role, officers of the regional transfer companies, heads of the best known units."""
        for kind in ("coordinator", "administrator", "auditor"):
            self._person(kind, kind, None)
        self._person("desk", "officer", None)
        for number, company in enumerate(self._transfer_companies(), start=1):
            self._person(f"officer{number}", "officer", company)
        unit = self._best_known_units(1)[0]
        for code, kind in (
            ("laboratory", "lab_director"),
            ("correspondent", "correspondent"),
            ("researcher", "researcher"),
        ):
            self._person(code, kind, unit)
        for number, other in enumerate(self._best_known_units(40)[1:], start=1):
            self._person(f"laboratory{number}", "lab_director", other)
        company = Organisation.objects.filter(kind="company", evidence_links__isnull=False).order_by("name").first()
        if company is not None:
            self._person("company", "company_contact", company)
        self._write()
        shown: dict[str, str] = {}
        for user, kind, _body in self.roles:
            shown.setdefault(kind, user.email)
        return list(shown.items())

    def _transfer_companies(self) -> list[Organisation]:
        rows = Mechanism.objects.filter(mechanism_type="satt").select_related("organisation")
        return [row.organisation for row in rows.order_by("organisation__name")]

    def _best_known_units(self, count: int) -> list[Organisation]:
        rows = Unit.objects.filter(merged_into=None).annotate(texts=Count("evidence_links")).order_by("-texts", "pk")
        found = list(rows[:count])
        if not found:
            raise RuleViolation(_("No research unit was imported: the desk would have nobody to ask."))
        return found

    def _person(self, code: str, kind: str, body: Organisation | None) -> None:
        given, family = self.names.person()
        email = f"{code}@{DOMAIN}"
        user = User(
            username=email,
            email=email,
            display_name=f"{given} {family}",
            password=self.hashed,
            date_joined=self.now,
        )
        self.users.append(user)
        self.people.append(Person(given_name=given, family_name=family, email=email, user=user, source=SOURCE))
        self.roles.append((user, kind, body))

    def _write(self) -> None:
        actor: Any = system_user()
        with audit.operation(actor, "user.create", reason="desk of a world to try") as op:
            op.create_many(self.users)
            for person, user in zip(self.people, self.users, strict=True):
                person.user = user
            op.create_many(self.people)
            op.create_many(
                [
                    RoleAssignment(
                        user=user,
                        kind=kind,
                        scope_label=SITE if body is None else LABEL,
                        scope_pk=None if body is None else body.pk,
                        starts_on=SINCE,
                    )
                    for user, kind, body in self.roles
                ]
            )


def counts() -> dict[str, int]:
    """What the directory holds now, by sort."""
    found = {str(kind): number for kind, number in
             Organisation.objects.order_by("kind").values_list("kind").annotate(number=Count("pk"))}  # fmt: skip
    return found | {"evidence": Evidence.objects.count()}
