"""What is typed on a disclosure, by several people or in several windows: no words are overwritten unawares.

Each page sends, beside an answer, the fingerprint of that answer as the page showed it. An answer that was not touched
never overwrites; one that was changed elsewhere since is kept aside, for who typed it, until they choose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core.errors import InvalidTransition, StaleState
from motrice.core.policies import require
from motrice.core.reading import as_text, fingerprint
from motrice.inventions.models import Disclosure, Typing
from motrice.inventions.operations.holding import one_at_a_time

TEXTS = ("title", "summary", "problem", "novelty", "prior_art", "uses", "keywords")
WRITTEN = (*TEXTS, "kind", "language", "domain", "trl", "invented_on", "has_no_tie", "has_no_divulgation")
MAX_TYPED = 20_000


@dataclass(frozen=True)
class Clash:
    """One answer that two wrote: the words that hold, who wrote them and when, and those that wait aside."""

    name: str
    theirs: str
    mine: str
    by: int | None
    at: Any


@dataclass
class Kept:
    """What became of what was typed: fingerprints to send next, answers of others to show, clashes to choose from."""

    read: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def require_writable(disclosure: Disclosure) -> None:
    """Refuse to change what inventors sign, or signed."""
    if not disclosure.is_writable:
        raise InvalidTransition(_("This disclosure was sent: take it back first, to correct it."))


def changed_meanwhile(name: str) -> StaleState:
    """The refusal of an answer that is no longer what its writer read."""
    words = {"field": getattr(Disclosure._meta.get_field(name), "verbose_name", name)}
    return StaleState(_("Somebody else changed “%(field)s” meanwhile: read it again.") % words, field=name)


def typing_of(disclosure: Disclosure) -> Typing:
    """What is typed on a disclosure: a new row, not yet written, when nothing is."""
    row = Typing.objects.filter(disclosure=disclosure).first()
    return row if row is not None else Typing(disclosure=disclosure, changed_at=timezone.now())


def answers_now(disclosure: Disclosure, row: Typing, names: Collection[str]) -> dict[str, Any]:
    """The answers as a page shows them: as typed, else as saved."""
    return {name: row.answers.get(name, getattr(disclosure, name)) for name in names}


def clash_of(row: Typing, name: str, now: Any, *, actor: Any) -> Clash | None:
    """The words of this actor that wait beside an answer, if they still differ from it."""
    mine = row.aside.get(name, {}).get(str(actor.pk))
    if mine is None or as_text(mine) == as_text(now):
        return None
    writer = row.writers.get(name, {})
    return Clash(name, as_text(now), mine, writer.get("by"), parse_datetime(writer.get("at") or ""))


def waiting_names(disclosure: Disclosure, *, actor: Any) -> list[str]:
    """The answers of which this actor wrote another version that still waits for a choice."""
    row = typing_of(disclosure)
    now = answers_now(disclosure, row, [name for name in WRITTEN if name in row.aside])
    return [name for name, value in now.items() if clash_of(row, name, value, actor=actor) is not None]


def writer_words(clash: Clash, *, actor: Any) -> str:
    """Who wrote the words that hold."""
    if clash.by == actor.pk:
        return _("You, in another window,")
    writer = User.objects.filter(pk=clash.by).first() if clash.by else None
    return str(writer) if writer is not None else _("Somebody else")


@one_at_a_time
def save_typing(
    *,
    disclosure: Disclosure,
    answers: Mapping[str, str],
    actor: Any,
    read: Mapping[str, str] | None = None,
    page: str = "",
    mine: Collection[str] = (),
    theirs: Collection[str] = (),
) -> Kept:
    """Keep what is being typed, as it is, it may be wrong or unfinished.

    `read` gives the fingerprint of each answer as the page showed it; one without is written over whatever stands.
    `page` names the page: what it wrote itself it may write again. `mine` and `theirs` name the answers of which the
    actor has chosen the version to keep.
    """
    require(actor, "edit", disclosure)
    require_writable(disclosure)
    read, row, kept = read or {}, typing_of(disclosure), Kept()
    for name, value in answers.items():
        text = str(value)[:MAX_TYPED]
        now = row.answers.get(name, getattr(disclosure, name) if name in WRITTEN else "")
        if name in theirs:
            fate = "theirs"
        elif name in mine:
            fate = "write"
        else:
            fate = _fate(row, name, text, now, read=read, page=page)
        _settle(
            row, kept, name, text, now, fate, actor=actor, page=page, read={name: "", **read} if name in mine else read
        )
        kept.read[name] = read.get(name, "") if fate == "clash" else fingerprint(row.answers.get(name, now))
    row.changed_at = timezone.now()
    row.save()
    return kept


def _fate(row: Typing, name: str, text: str, now: Any, *, read: Mapping[str, str], page: str) -> str:
    """Whether a text is the one that stands, may be written, was not touched by its page, or clashes."""
    if as_text(text) == as_text(now):
        return "same"
    if name not in read or read[name] == fingerprint(now):
        return "write"
    if page and row.writers.get(name, {}).get("page") == page:
        return "write"
    return "theirs" if read[name] == fingerprint(text) else "clash"


def _settle(
    row: Typing,
    kept: Kept,
    name: str,
    text: str,
    now: Any,
    fate: str,
    *,
    actor: Any,
    page: str,
    read: Mapping[str, str],
) -> None:
    key = str(actor.pk)
    if fate == "clash":
        row.aside.setdefault(name, {})[key] = text
        clash = clash_of(row, name, now, actor=actor)
        if clash is not None:
            kept.clashes.append(clash)
        return
    others = {who: words for who, words in row.aside.pop(name, {}).items() if who != key}
    if others:
        row.aside[name] = others
    if fate == "write":
        _put_aside(row, name, text, read=read, actor=actor)
        row.answers[name] = text
        row.writers[name] = {"by": actor.pk, "at": timezone.now().isoformat(), "page": page}
    elif fate == "theirs":
        kept.moved[name] = as_text(now)


def _put_aside(row: Typing, name: str, text: str, *, read: Mapping[str, str], actor: Any) -> None:
    """What somebody else typed and did not save waits aside for them when it is written over unread."""
    by = row.writers.get(name, {}).get("by")
    typed = row.answers.get(name)
    if typed is not None and name not in read and by not in (None, actor.pk) and as_text(typed) != as_text(text):
        row.aside.setdefault(name, {})[str(by)] = typed


def take_answers(
    disclosure: Disclosure, fields: Mapping[str, Any], *, actor: Any, read: Mapping[str, str] | None, page: str
) -> dict[str, Any]:
    """Of the answers to be saved, those that their page changed; what was typed of them is forgotten.

    The caller holds the disclosure. `StaleState`, naming the field, for one that somebody else changed meanwhile.
    """
    row, taken = typing_of(disclosure), {}
    for name, value in fields.items():
        now = row.answers.get(name, getattr(disclosure, name))
        fate = _fate(row, name, as_text(value), now, read=read or {}, page=page)
        if fate == "clash":
            raise changed_meanwhile(name)
        if fate == "theirs":
            continue
        taken[name] = value
        if fate == "write":
            _put_aside(row, name, as_text(value), read=read or {}, actor=actor)
            row.writers[name] = {"by": actor.pk, "at": timezone.now().isoformat(), "page": page}
        row.answers.pop(name, None)
    if row.pk is not None or row.writers:
        row.save()
    return taken
