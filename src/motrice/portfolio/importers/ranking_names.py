"""The bodies that the printed names of a published ranking may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from motrice.directory.models import Organisation
from motrice.portfolio.importers.bodies import Directory
from motrice.portfolio.importers.words import REASONS
from motrice.portfolio.models import PublishedRanking, PublishedRankingLine


@dataclass(frozen=True)
class Candidate:
    """A body that a printed name may mean."""

    organisation: Organisation
    percent: int
    reasons: str


@dataclass(frozen=True)
class NameLine:
    """A printed name with its candidates, likeliest first."""

    line: PublishedRankingLine
    candidates: list[Candidate]


def open_lines(loaded: PublishedRanking) -> QuerySet[PublishedRankingLine]:
    """The names that nothing recognised and that nobody has judged."""
    return loaded.lines.filter(organisation=None, is_settled=False).order_by("rank", "-value", "name")


def candidates_of(lines: list[PublishedRankingLine], actor: Any) -> list[NameLine]:
    """What each name may mean among the bodies that the actor may see."""
    if not lines:
        return []
    directory = Directory(actor)
    judged = [(line, directory.judge(line.name, "")) for line in lines]
    matches = [(line, [one for one in (each.best, *each.others) if one is not None]) for line, each in judged]
    bodies = Organisation.objects.in_bulk({one.id for _line, found in matches for one in found})
    return [
        NameLine(
            line,
            [
                Candidate(
                    bodies[one.id],
                    round(100 * one.score),
                    ", ".join(str(REASONS.get(reason, reason)) for reason in one.reasons),
                )
                for one in found
            ],
        )
        for line, found in matches
    ]
