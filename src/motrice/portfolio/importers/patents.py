"""Patent files of offices and services, read into families of the portfolio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core.audit import Recorder
from motrice.core.errors import RuleViolation
from motrice.core.imports import ERROR, Importer, Proposed, Row, TryLater, register
from motrice.core.imports_runs import start_run
from motrice.core.models import ImportFinding, ImportProposal, ImportRun
from motrice.core.tasks import run_import, search_must_follow
from motrice.directory.models import Organisation
from motrice.engines.patentfiles import PatentFileError, PatentRecord, list_length, read_stream
from motrice.portfolio.clients import ops
from motrice.portfolio.importers import words
from motrice.portfolio.importers.bodies import Directory
from motrice.portfolio.importers.comparing import Comparison, shortened
from motrice.portfolio.importers.docket import Docket
from motrice.portfolio.importers.held import Held, Portfolio
from motrice.portfolio.importers.members import Family, Gatherer
from motrice.portfolio.importers.supposed import restated
from motrice.portfolio.importers.writing import APPLICANTS, EVENTS, FAMILIES, MORE, Writer
from motrice.portfolio.tables.official import meanings

Action = ImportProposal.Action
# What a list never gives is said once, not for each row.
NEVER = {
    "patentscope": ("application", "filing_date"),
    "espacenet": ("application", "filing_date"),
}
OF_FAMILY = ("title", "applicant", "inventor", "class")
SOON, HOUR = 2, 60  # minutes before a busy service, and a spent quota, are tried again
CONTESTED = 0.5  # an official event that contradicts the docket waits for a person


@register
class PatentFiles(Importer):
    """Families, their filings and events from any of the formats that the readers know."""

    kind: ClassVar[str] = "patents"
    label: ClassVar[Any] = gettext_lazy("Patent files")
    explanation: ClassVar[Any] = gettext_lazy(
        "OPS, DOCDB, EPO publication server, USPTO, INPI; lists of The Lens, Espacenet, PATENTSCOPE; packed or not."
    )
    example: ClassVar[str] = "family_EP1000000.A1.xml"
    batch: ClassVar[int] = 500
    options: ClassVar[tuple[str, ...]] = ("office", "number")
    answer: ClassVar[Callable[[str], Path]] = staticmethod(ops.answer_for)
    is_private: ClassVar[bool] = True
    target: ClassVar[str] = "portfolio.asset"
    home: ClassVar[str] = "portfolio:imports"
    linked_phases: ClassVar[int] = 3

    @classmethod
    def may_start(cls, actor: Any) -> bool:
        """Whoever works on the portfolio of an office."""
        return Organisation.objects.permitted(actor, "register_asset").exists()

    @classmethod
    def checked_options(cls, options: dict[str, str], actor: Any) -> dict[str, str]:
        """The office that will hold the families: named, or the only one that the actor works for."""
        super().checked_options(options, actor)
        mine = Organisation.objects.live().permitted(actor, "register_asset")
        named = (options.get("office") or "").strip().upper()
        rows = list((mine.filter(reference=named) if named else mine)[:2])
        if len(rows) != 1:
            raise RuleViolation(_("Name the office that will hold the families, by its reference."), field="office")
        number = (options.get("number") or "").strip()
        choices = {"office": rows[0].reference}
        return choices | {"number": ops.checked_number(number)} if number else choices

    @classmethod
    def shown(cls, name: str, before: Any, after: Any) -> tuple[str, str, str] | None:
        """Differences in words."""
        return words.label_of(name), words.words_of(name, before), words.words_of(name, after)

    @classmethod
    def asked(cls, name: str, after: Any) -> list[tuple[str, str]]:
        """The part of each owner and inventor: no file gives it."""
        if name not in ("owners", "makers"):
            return []
        keys = [key for key, _part in after["parts"]]
        names = words.owner_names(keys) if name == "owners" else keys
        return [(label, part) for label, (_key, part) in zip(names, after["parts"], strict=True)]

    @classmethod
    def answered(cls, name: str, after: Any, answers: Sequence[str]) -> Any:
        """The parts as they were written."""
        if name not in ("owners", "makers"):
            return super().answered(name, after, answers)
        return restated(after, answers)

    def fetch(self) -> Path | None:
        """The answer for the number of the run: the one kept, failing it that of Open Patent Services."""
        try:
            return type(self).answer(self.run.options["number"])
        except ops.OpsHour as error:
            raise TryLater(error, minutes=HOUR) from error
        except ops.OpsBusy as error:
            raise TryLater(error, minutes=SOON) from error

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The records, numbered by the line they start on; after a fault, the fault itself when something was read."""
        item, last = self.run.files[0], 0
        try:
            with Path(item["path"]).open("rb") as stream:
                for record in read_stream(stream, item["name"]):
                    last = max(record.line, last + 1)
                    yield last, {"record": record}
        except PatentFileError as error:
            if not last:
                raise words.refusal(error) from error
            yield last + 1, {"fault": error}

    def size(self) -> int:
        """The lines of the file: records are numbered by the line they start on."""
        lines = list_length(self.run.files[0]["path"])
        return super().size() if lines is None else lines

    def prepare(self) -> None:
        """What this reading has met so far."""
        self.gatherer = Gatherer()
        self.told: set[str] = set()
        self.asked: set[str] = set()
        self.unknown: set[tuple[str, str]] = set()

    @cached_property
    def office(self) -> Organisation:
        """The office that holds the families."""
        return Organisation.objects.get(reference=self.run.options["office"])

    @cached_property
    def directory(self) -> Directory:
        """The bodies that applicants may be."""
        return Directory(self.run.launched_by)

    @cached_property
    def writer(self) -> Writer:
        """Who writes this run."""
        return Writer(self.run, self.office)

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """Compare the families of a batch with the portfolio."""
        found = Proposed()
        records = []
        for line, row in rows:
            if "fault" in row:
                found.find(line, "", "patent_cut", words.fault_words(row["fault"]), severity=ERROR)
                continue
            self._look(line, row["record"], found)
            records.append(row["record"])
        families = self.gatherer.gather(records)
        portfolio = Portfolio(self.run.launched_by, families)
        comparison = Comparison(self.directory, self.office.pk)
        docket = Docket(meanings())
        last = rows[-1][0] if rows else 0
        for family in families:
            family.line = min(max(family.line, rows[0][0]), last)
            self._propose(family, portfolio, comparison, docket, found)
        for (name, country), (line, judged) in comparison.doubtful.items():
            proposal = self._applicant(min(max(line, rows[0][0]), last), name, country, judged)
            if proposal.key not in self.asked:
                self.asked.add(proposal.key)
                found.proposals.append(proposal)
        for pair in sorted(docket.unknown - self.unknown):
            found.find(last, "", "patent_unknown_event", " ".join(pair))
        self.unknown |= docket.unknown
        return found

    def _look(self, line: int, record: PatentRecord, found: Proposed) -> None:
        """What the reader noted of a record, and what the record lacks by itself."""
        for item in record.findings:
            found.find(line, item.path[-64:], item.code, item.value, item.detail)
        never = NEVER.get(record.source, ())
        if never and record.source not in self.told:
            self.told.add(record.source)
            found.find(line, "", "patent_list_without", record.source.upper(), ", ".join(never))
        for name in record.missing:
            if name not in OF_FAMILY and name not in never:
                value = record.key or (record.titles[0].text if record.titles else record.source)
                found.find(line, "", f"patent_missing_{name}", value)

    def _propose(
        self, family: Family, portfolio: Portfolio, comparison: Comparison, docket: Docket, found: Proposed
    ) -> None:
        held, are_two = portfolio.find(family)
        title = shortened(family.title()[0], 200)
        if are_two:
            found.find(family.line, "", "patent_two_families", title or family.key)
        for member in portfolio.in_the_way(family):
            found.find(family.line, "", "patent_in_the_way", member.key, severity=ERROR)
            del family.members[member.key]
            if held is None:
                return
        if held is None and family.first_day() is None:
            found.find(family.line, "", "patent_without_day", title or family.key, severity=ERROR)
            return
        if held is None:
            title = title or family.key
            changes = self._created(family, comparison, found)
        else:
            title = shortened(held.asset.title, 200)
            changes = comparison.differences(family, held)
        key = family.key
        if changes and key in self.asked:  # more of a family that an earlier batch proposed
            key = f"{key[:140]}{MORE}{family.line}"
            changes = [change for change in changes if change[0] in ("application", "class")]
        self.asked.add(key)
        if changes:
            found.proposals.append(
                ImportProposal(
                    line=family.line,
                    phase=FAMILIES,
                    key=key,
                    title=title,
                    action=Action.CREATE if held is None else Action.UPDATE,
                    target_pk=held.asset.pk if held else None,
                    changes=changes,
                )
            )
        else:
            found.unchanged += 1
        self._events(family, held, docket, found)

    def _created(self, family: Family, comparison: Comparison, found: Proposed) -> list[Any]:
        """A new family, and what nothing in the file says of it."""
        members = family.members.values()
        held = {
            "title": family.titles,
            "applicant": [party for member in members for party in member.applicants],
            "inventor": [party for member in members for party in member.inventors],
            "class": family.classes,
        }
        for name in OF_FAMILY:
            if not held[name]:
                found.find(family.line, "", f"patent_missing_{name}", family.key)
        changes = comparison.creation(family)
        if not family.titles:
            changes[0][2] = family.key
        return changes

    def _events(self, family: Family, held: Held | None, docket: Docket, found: Proposed) -> None:
        applications = held.applications if held else {}
        for official in docket.proposals(family, applications):
            if official.key in self.asked:
                continue
            self.asked.add(official.key)
            value = official.as_json()
            found.proposals.append(
                ImportProposal(
                    line=family.line,
                    phase=EVENTS,
                    key=official.key,
                    title=shortened(f"{official.office} {official.number} · {official.code}", 300),
                    action=Action.UPDATE,
                    target_pk=held.asset.pk if held else None,
                    score=CONTESTED if official.contests else None,
                    changes=[["event", None, value]],
                )
            )

    def _applicant(self, line: int, name: str, country: str, judged: Any) -> ImportProposal:
        """A printed name that a person must judge: the body it seems, how like it is, and why."""
        labels = self.directory.labels
        value = {
            "pk": judged.best.id,
            "name": labels[judged.best.id],
            "printed": name,
            "country": country,
            "reasons": list(judged.best.reasons),
            "others": [labels[match.id] for match in judged.others],
        }
        return ImportProposal(
            line=line,
            phase=APPLICANTS,
            key=f"applicant:{country}:{name}"[:160],
            title=name[:300],
            action=Action.JOIN,
            score=min(judged.best.score, 0.999),
            changes=[["organisation", None, value]],
            apart=[["organisation", None, {"printed": name, "country": country, "name": name}]],
        )

    def write(self, op: Recorder, proposals: Sequence[ImportProposal]) -> list[ImportFinding]:
        """Write one piece of accepted proposals."""
        return self.writer.write(op, proposals).findings

    def finished(self) -> None:
        """The search follows in the background."""
        search_must_follow()


def start_family(*, number: str, office: str, actor: Any) -> ImportRun:
    """Open the run of a family by the number of one publication: the answer is brought and read in the background."""
    run = start_run(
        kind=PatentFiles.kind, files=[], actor=actor, options={"office": office, "number": number}, name=number.strip()
    )
    run_import.enqueue(run.pk)
    return run
