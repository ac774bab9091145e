"""What the apps above count by strategic domain: each declares its figure, and the pages of domains show it.

from motrice.portfolio.marts import counted
counted.register(counted.DomainFigure("licences", _("Live licences"), counts=..., list_url=..., words=...))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from motrice.directory.models import Organisation
from motrice.portfolio.models import Domain


@dataclass(frozen=True)
class DomainCounts:
    """How many in each domain by its key; how many in all, each once; how many of these are in none.

    `counted_again` is how much the domains count what is in several of them more than once.
    """

    by_domain: Mapping[int, int]
    total: int
    in_no_domain: int
    counted_again: int


@dataclass(frozen=True)
class DomainFigure:
    """One sort of record counted by domain, over what the reader may see.

    `counts` takes the domains, their organisation, the actor and the day; `list_url` takes the organisation and a
    domain, or None for all of them, and gives the list of exactly the records counted; `notes` says how lines and
    total fit together.
    """

    key: str
    label: Any
    counts: Callable[[Sequence[Domain], Organisation, Any, date], DomainCounts]
    list_url: Callable[[Organisation, Domain | None], str]
    notes: Callable[[DomainCounts], list[str]]
    visible: Callable[[Any], bool] = lambda actor: True
    order: int = 50


_figures: dict[str, DomainFigure] = {}


def register(figure: DomainFigure) -> None:
    """Add a figure; two of one key are an error of the programme."""
    if figure.key in _figures:
        raise ValueError(f"The figure {figure.key!r} is declared twice.")
    _figures[figure.key] = figure


def figures_for(actor: Any) -> list[DomainFigure]:
    """The figures that this reader is shown, in their order."""
    shown = [figure for figure in _figures.values() if figure.visible(actor)]
    return sorted(shown, key=lambda figure: (figure.order, figure.key))
