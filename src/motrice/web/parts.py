"""The parts of a record page as plain data: a view fills them, the templates of `web/parts/` show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.web import formats


@dataclass(frozen=True)
class Badge:
    """A state or a level: text always, colour never alone. `tone` is accent, good, warn, bad or empty."""

    label: Any
    tone: str = ""
    icon: str = ""
    url: str = ""
    title: Any = ""


@dataclass(frozen=True)
class Step:
    """The one next act on a record: a link, or a form that posts."""

    label: Any
    url: str
    is_post: bool = False
    icon: str = ""


@dataclass(frozen=True)
class RecordHead:
    """The head of a record page.

    `level` is the badge of confidentiality; its `url` answers "why can I see this?". `holder` says who holds the
    record, since `held_since`. `next_step` is the only filled button; `other_steps` are quiet ones.
    """

    title: Any
    reference: str = ""
    kind: Any = ""
    state: Badge | None = None
    level: Badge | None = None
    holder: Any = ""
    held_since: date | datetime | None = None
    next_step: Step | None = None
    other_steps: Sequence[Step] = ()


@dataclass(frozen=True)
class FileLink:
    """A file in its place."""

    name: str
    url: str
    byte_count: int | None = None


@dataclass(frozen=True)
class TimelineItem:
    """One event of a record's story: who did what, why, and when.

    `about` names the record where stories of several are told in turn: it stands once above its events.
    """

    what: Any
    at: datetime | date
    who: Any = ""
    why: Any = ""
    files: Sequence[FileLink] = ()
    is_key: bool = False
    url: str = ""
    about: Any = ""

    @property
    def has_time(self) -> bool:
        """Whether the hour is known, or the day only."""
        return isinstance(self.at, datetime)


@dataclass(frozen=True)
class DateAhead:
    """A date that matters to a record."""

    on: date
    what: Any
    url: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it has passed."""
        return self.on < timezone.localdate()


@dataclass(frozen=True)
class Link:
    """A person or a linked record in the side column."""

    label: Any
    url: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Fact:
    """One line of a small table: label and value, which leads to `url` if there is one; an empty value is left out."""

    label: Any
    value: Any
    url: str = ""

    @property
    def shown(self) -> Any:
        """The value, a date as the reader writes dates."""
        if isinstance(self.value, datetime):
            return formats.moment_text(self.value)
        return formats.day_text(self.value) if isinstance(self.value, date) else self.value


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the reader: what, until when, why them, and one click to act."""

    what: Any
    url: str
    why: Any = ""
    until: date | None = None
    act: Any = ""

    @property
    def is_late(self) -> bool:
        """Whether its time has passed."""
        return self.until is not None and self.until < timezone.localdate()


@dataclass(frozen=True)
class Suggestion:
    """One line under the search box."""

    label: Any
    url: str
    kind: Any = ""
    hint: Any = ""


@dataclass(frozen=True)
class Evidence:
    """A piece behind a rank: its text with the matched words, and its share of the score (0 to 1)."""

    title: Any
    text: str = ""
    matched: Sequence[str] = ()
    share: float | None = None
    url: str = ""
    source: Any = ""
    on: date | None = None

    @property
    def share_words(self) -> str:
        """Its share as a reader says it: a list shows a hundred of them, each too dear for the template language."""
        return "" if self.share is None else _("%(part)s of the score") % {"part": formats.share_text(self.share)}

    @property
    def passages(self) -> list[tuple[str, bool]]:
        """The text cut into (passage, is it a matched word)."""
        return highlight(self.text, self.matched)


def opening(text: str, room: int = 400) -> str:
    """The beginning of a text, cut between two words and marked as cut; the whole of a short one."""
    if len(text) <= room:
        return text
    kept = text[: room + 1].rpartition(" ")[0] or text[:room]
    return f"{kept.rstrip(' .,;:')}…"


def highlight(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut a text where one of the words stands as a whole word, whatever the case."""
    wanted = [re.escape(word) for word in sorted({word for word in words if word}, key=len, reverse=True)]
    if not wanted:
        return [(text, False)] if text else []
    pieces = re.split(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", text, flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


@dataclass(frozen=True)
class Work:
    """A long task: how far it is, what failed, whether it goes on; `url` answers the same part again."""

    title: Any
    done: int
    total: int
    failed: int = 0
    is_running: bool = True
    url: str = ""
    report_url: str = ""
    note: Any = ""
    element_id: str = "work"


@dataclass(frozen=True)
class CompareLine:
    """One line of a comparison: a label, and one value for each thing compared."""

    label: Any
    values: Sequence[Any]

    @property
    def differs(self) -> bool:
        """Whether the things compared are not alike here."""
        return len({str(value) for value in self.values}) > 1


@dataclass(frozen=True)
class Comparison:
    """Things side by side."""

    heads: Sequence[Link]
    lines: Sequence[CompareLine] = field(default_factory=list)
    title: Any = ""
