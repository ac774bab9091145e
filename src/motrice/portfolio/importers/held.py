"""What the portfolio holds of the families of a file, as far as who imports may work on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from motrice.portfolio.importers.members import Family, Member, Pair, all_numbers
from motrice.portfolio.models import Application, Asset, Classification, Priority, Publication

CHUNK = 300


@dataclass
class Held:
    """One family of the portfolio, with all that a file may speak of."""

    asset: Asset
    applications: dict[Pair, Application] = field(default_factory=dict)
    by_publication: dict[Pair, Application] = field(default_factory=dict)
    publications: set[tuple[str, str, str]] = field(default_factory=set)
    classes: set[Pair] = field(default_factory=set)

    def application_of(self, member: Member) -> Application | None:
        """The filing that a member of a file means."""
        if member.number and (found := self.applications.get((member.office, member.number))):
            return found
        for office, number, _kind in member.publications:
            if found := self.by_publication.get((office, number)):
                return found
        return None


def _pairs(pairs: Sequence[Pair]) -> list[Q]:
    """Conditions for many pairs of office and number, in pieces that every database takes."""
    found = []
    for start in range(0, len(pairs), CHUNK):
        by_office: dict[str, list[str]] = {}
        for office, number in pairs[start : start + CHUNK]:
            by_office.setdefault(office, []).append(number)
        found.append(reduce(or_, (Q(office=office, number__in=numbers) for office, numbers in by_office.items())))
    return found


class Portfolio:
    """Finds which family of the portfolio is meant: by its filings, publications, priorities, or DOCDB number.

    Of what others keep it knows one thing: which numbers of the file they hold, since no number is held twice.
    """

    def __init__(self, actor: Any, families: Sequence[Family]) -> None:
        applications, publications, numbers = all_numbers(families)
        mine = Asset.objects.permitted(actor, "docket").families()
        self.by_token: dict[str, int] = {}
        self.taken: set[str] = set()
        for q in _pairs(sorted(applications)):
            rows = Application.objects.filter(q, asset__in=mine).values_list("office", "number", "asset_id")
            self._learn("app", rows)
            rows = Application.objects.filter(q).exclude(asset__in=mine).values_list("office", "number")
            self.taken |= {f"app {office} {number}" for office, number in rows}
            rows = Priority.objects.filter(q, application__asset__in=mine)
            self._learn("app", rows.values_list("office", "number", "application__asset_id"))
        for q in _pairs(sorted(publications)):
            rows = Publication.objects.filter(q, application__asset__in=mine)
            self._learn("pub", rows.values_list("office", "number", "application__asset_id"))
            rows = Publication.objects.filter(q).exclude(application__asset__in=mine).values_list("office", "number")
            self.taken |= {f"pub {office} {number}" for office, number in rows}
        if numbers:
            rows = mine.filter(family__docdb_family__in=numbers).values_list("family__docdb_family", "pk")
            self.by_token |= {f"docdb {number}": pk for number, pk in rows}
        self.held = _read(set(self.by_token.values()))

    def _learn(self, sort: str, rows: Any) -> None:
        for office, number, pk in rows:
            self.by_token.setdefault(f"{sort} {office} {number}", pk)

    def in_the_way(self, family: Family) -> list[Member]:
        """The filings of a family whose numbers a record holds that the actor does not keep."""
        return [member for member in family.members.values() if not self.taken.isdisjoint(member.own_tokens())]

    def find(self, family: Family) -> tuple[Held | None, bool]:
        """The family held, and whether the file speaks of two that are held apart."""
        found = {self.by_token[token] for token in sorted(family.tokens()) if token in self.by_token}
        if not found:
            return None, False
        own = self.by_token.get(f"docdb {family.docdb}")
        pk = own if own in found else min(found)
        return self.held.get(pk), len(found) > 1


def _read(pks: set[int]) -> dict[int, Held]:
    held = {asset.pk: Held(asset) for asset in Asset.objects.filter(pk__in=pks).select_related("family")}
    for application in Application.objects.filter(asset_id__in=pks).prefetch_related(
        "publications", "priorities", "applicants", "events", "deadlines"
    ):
        own = held[application.asset_id]
        if application.number:
            own.applications[application.office, application.number] = application
        for publication in application.publications.all():
            own.by_publication[publication.office, publication.number] = application
            own.publications.add((publication.office, publication.number, publication.kind_code))
    for row in Classification.objects.filter(asset_id__in=pks):
        held[row.asset_id].classes.add((row.scheme, row.symbol))
    return held
