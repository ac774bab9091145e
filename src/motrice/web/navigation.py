"""What every page's frame shows: areas, search, what waits, where one is; apps declare it in their `navigation.py`.

from motrice.web import navigation
navigation.register(navigation.Area(_("Needs"), "sourcing:needs", icon="bulb", visible=may_see_needs, order=20))
navigation.set_search(page="portal:search", suggest="portal:suggest")
navigation.set_waiting(url_name="portal:home", count=waiting_count)
navigation.set_place(lambda actor: "Institut de démonstration")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch

from motrice.web.addresses import path_to

MAX_AREAS = 9


def everyone(actor: Any) -> bool:
    """An area open to whoever is signed in."""
    return bool(actor.is_authenticated)


@dataclass(frozen=True)
class Area:
    """One entry of the left navigation, shown only to those whose rights open it."""

    label: Any
    url_name: str
    icon: str
    visible: Callable[[Any], bool] = everyone
    order: int = 50
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownArea:
    """An area as one reader sees it on one page."""

    label: Any
    url: str
    icon: str
    is_current: bool


@dataclass
class _Frame:
    areas: list[Area] = field(default_factory=list)
    account_links: list[Area] = field(default_factory=list)
    public_links: list[Area] = field(default_factory=list)
    search_page: str = ""
    search_suggest: str = ""
    waiting_url: str = ""
    waiting_count: Callable[[Any], int] | None = None
    place: Callable[[Any], str] | None = None


_frame = _Frame()


def register(area: Area) -> None:
    """Add an area; declaring the same address twice is an error of the programme."""
    _add(_frame.areas, area)


def register_account_link(area: Area) -> None:
    """Add a line to the menu under the reader's own name."""
    _add(_frame.account_links, area)


def register_public_link(area: Area) -> None:
    """Add a line to the public site's top bar."""
    _add(_frame.public_links, area)


def _add(areas: list[Area], area: Area) -> None:
    if any(other.url_name == area.url_name for other in areas):
        raise ValueError(f"The address {area.url_name!r} is declared twice in the navigation.")
    areas.append(area)


def set_search(*, page: str, suggest: str) -> None:
    """Name the search page (parameter `q`) and the address that answers suggestions as one types."""
    _frame.search_page, _frame.search_suggest = page, suggest


def set_waiting(*, url_name: str, count: Callable[[Any], int]) -> None:
    """Name the page of what waits for the reader, and what counts it."""
    _frame.waiting_url, _frame.waiting_count = url_name, count


def set_place(place: Callable[[Any], str]) -> None:
    """Say where the reader is: the institution or network in the top bar."""
    _frame.place = place


def address(url_name: str) -> str:
    """The path of a named page, or an empty text when the site does not mount it."""
    try:
        return path_to(url_name) if url_name else ""
    except NoReverseMatch:
        return ""


def shown_areas(actor: Any, path: str) -> list[ShownArea]:
    """The areas that the reader has a right to, the one they are in marked."""
    return _shown(_frame.areas, actor, path)


def shown_account_links(actor: Any, path: str) -> list[ShownArea]:
    """The lines of the menu under the reader's own name."""
    return _shown(_frame.account_links, actor, path)


def shown_public_links(actor: Any, path: str) -> list[ShownArea]:
    """The lines of the public site's top bar."""
    return _shown(_frame.public_links, actor, path)


def _shown(areas: Sequence[Area], actor: Any, path: str) -> list[ShownArea]:
    open_areas = [
        (area, url)
        for area in sorted(areas, key=lambda area: area.order)
        if area.visible(actor) and (url := address(area.url_name))
    ]
    current = max((_match(area, url, path) for area, url in open_areas), default=0)
    return [
        ShownArea(area.label, url, area.icon, is_current=current > 0 and _match(area, url, path) == current)
        for area, url in open_areas
    ]


def _match(area: Area, url: str, path: str) -> int:
    """How many characters of the page's path the area owns: the longest wins, and the site's root owns only itself."""
    starts = [url, *area.prefixes]
    return max(
        (len(start) for start in starts if path == start or (start != "/" and path.startswith(start))), default=0
    )


@dataclass(frozen=True)
class Shell:
    """All that the frame of a page needs, worked out once and only for whole pages."""

    areas: list[ShownArea]
    account_links: list[ShownArea]
    public_links: list[ShownArea]
    place: str
    search_url: str
    suggest_url: str
    waiting_url: str
    waiting_count: int


def shell_for(actor: Any, path: str) -> Shell:
    """The frame of one page for one reader: nine areas at the left, further ones in the menu under their name."""
    signed_in = actor.is_authenticated
    areas = shown_areas(actor, path) if signed_in else []
    return Shell(
        areas=areas[:MAX_AREAS],
        account_links=[*areas[MAX_AREAS:], *shown_account_links(actor, path)] if signed_in else [],
        public_links=shown_public_links(actor, path),
        place=_frame.place(actor) if _frame.place and signed_in else "",
        search_url=address(_frame.search_page),
        suggest_url=address(_frame.search_suggest),
        waiting_url=address(_frame.waiting_url) if signed_in else "",
        waiting_count=_frame.waiting_count(actor) if _frame.waiting_count and signed_in else 0,
    )
