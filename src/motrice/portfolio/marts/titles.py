"""Titles as a ranking counts them, read from the applications that the reader may see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from fractions import Fraction

from django.db.models import QuerySet

from motrice.directory.models import Organisation
from motrice.engines.titles import Count, Expected, Gap, Listed, Title, compare, counted_in, expected_in, tally
from motrice.portfolio.enums import FilingStatus
from motrice.portfolio.models import (
    Applicant,
    Application,
    Contributor,
    Priority,
    Publication,
    PublishedRanking,
    PublishedRankingLine,
)
from motrice.portfolio.tables.technology import Method

ENDED = (FilingStatus.WITHDRAWN, FilingStatus.REFUSED, FilingStatus.LAPSED, FilingStatus.EXPIRED, FilingStatus.REVOKED)
LIKE = 0.82


@dataclass(frozen=True)
class Held:
    """All titles of a perimeter with what words and links need: the rows, and the names of applicants."""

    titles: tuple[Title, ...]
    rows: Mapping[str, Application]
    names: Mapping[str, str]
    organisations: Mapping[str, int]


def titles_of(applications: QuerySet[Application], method: Method) -> Held:
    """The applications at the offices of a method, as titles: key, days, applicants, the region of the first inventor.

    An applicant recognised as an organisation is one whatever the spelling; another is its printed name.
    """
    rows = list(
        applications.order_by("filed_on", "pk")
        .filter(office__in=method.offices, filed_on__isnull=False, route="national")
        .select_related("asset")
    )
    keys = applications.order_by().filter(office__in=method.offices, route="national").values("pk")
    published: dict[int, date] = {}
    for application, day, kind in (
        Publication.objects.filter(application__in=keys)
        .order_by("published_on")
        .values_list("application_id", "published_on", "kind_code")
    ):
        if not method.kinds or kind in method.kinds:
            published.setdefault(application, day)
    claimed: dict[int, date] = {}
    for application, day in Priority.objects.filter(application__in=keys).values_list("application_id", "filed_on"):
        claimed[application] = min(day, claimed.get(application, day))
    applicants, names, organisations = _applicants(keys)
    regions = _regions(Application.objects.filter(pk__in=keys).values("asset_id"))
    titles = tuple(
        Title(
            key=row.reference,
            filed_on=row.filed_on,
            published_on=published.get(row.pk),
            applicants=tuple(applicants.get(row.pk, ())),
            priority_on=claimed.get(row.pk),
            ended_on=row.status_on if row.status in ENDED else None,
            region=regions.get(row.asset_id, ""),
        )
        for row in rows
    )
    return Held(titles, {row.reference: row for row in rows}, names, organisations)


def _applicants(keys: QuerySet) -> tuple[dict[int, list[str]], dict[str, str], dict[str, int]]:
    found: dict[int, list[str]] = {}
    names: dict[str, str] = {}
    organisations: dict[str, int] = {}
    rows = Applicant.objects.filter(application__in=keys).order_by("application_id", "position", "pk")
    for application, name, pk, known in rows.values_list(
        "application_id", "name", "organisation_id", "organisation__name"
    ):
        key = f"o{pk}" if pk else f"n{plain_name(name)}"
        names.setdefault(key, known or name)
        if pk:
            organisations[key] = pk
        found.setdefault(application, []).append(key)
    return found, names, organisations


def _regions(assets: QuerySet) -> dict[int, str]:
    """The region of the first inventor's unit: the regional ranking goes by the inventor's French address."""
    rows = Contributor.objects.filter(asset__in=assets).exclude(unit=None).order_by("-position")
    return dict(rows.values_list("asset_id", "unit__region"))


def plain_name(name: str) -> str:
    """A name in capitals without accents or punctuation: what two spellings have in common."""
    text = unicodedata.normalize("NFKD", name.upper())
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join("".join(character if character.isalnum() else " " for character in text).split())


@dataclass(frozen=True)
class Year:
    """One year of an applicant by a method, with both rules and the titles behind."""

    year: int
    count: Count | None
    basis: str

    @property
    def whole(self) -> int:
        """Each title counts one."""
        return self.count.whole if self.count else 0

    @property
    def fractional(self) -> Fraction:
        """Each title is shared between its applicants."""
        return self.count.fractional if self.count else Fraction(0)


def year_of(held: Held, organisation: Organisation, basis: str, year: int) -> Year:
    """What an organisation has in a year."""
    return Year(year, tally(counted_in(held.titles, basis, year)).get(f"o{organisation.pk}"), basis)


def expected_of(held: Held, organisation: Organisation, year: int, today: date) -> Expected:
    """What an organisation will see published in a year."""
    own = [title for title in held.titles if f"o{organisation.pk}" in title.applicants]
    return expected_in(own, year, today=today)


def gaps_of(held: Held, ranking: PublishedRanking, lines: Sequence[PublishedRankingLine]) -> list[Gap]:
    """A published ranking against the titles held, line by line and title by title."""
    chosen = counted_in(held.titles, ranking.basis, ranking.year)
    counts = tally(chosen)
    numbers = {str(row.number): reference for reference, row in held.rows.items()}
    unrecognised = _unrecognised(chosen, held.names)
    listed = [
        Listed(
            name=line.name,
            value=Fraction(line.value),
            rank=line.rank,
            titles=tuple(numbers.get(str(number), str(number)) for number in line.titles),
            applicant=f"o{line.organisation_id}" if line.organisation_id else f"n{plain_name(line.name)}",
        )
        for line in lines
    ]
    alike = {line.name: _like(line.name, unrecognised) for line in listed}
    return compare(listed, counts, held.titles, unrecognised=alike)


def _unrecognised(titles: Iterable[Title], names: Mapping[str, str]) -> dict[str, list[Title]]:
    found: dict[str, list[Title]] = {}
    for title in titles:
        for applicant in title.owners:
            if str(applicant).startswith("n"):
                found.setdefault(plain_name(names[str(applicant)]), []).append(title)
    return found


def _like(name: str, unrecognised: Mapping[str, list[Title]]) -> list[Title]:
    """Titles whose printed applicant resembles a name: the same beginning, or nearly the same letters."""
    plain = plain_name(name)
    out: list[Title] = []
    for printed, titles in unrecognised.items():
        if printed != plain and (
            printed.startswith(plain)
            or plain.startswith(printed)
            or SequenceMatcher(None, printed, plain).ratio() >= LIKE
        ):
            out += titles
    return out
