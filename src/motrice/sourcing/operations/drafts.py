"""Needs while their author types them: kept as typed, sent at once with their file, or thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core.policies import require, scopes
from motrice.core.reading import Clash, Read, fingerprint, label_in, stale
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL
from motrice.sourcing.models import Need, NeedDraft
from motrice.sourcing.operations.attachments import attach_file
from motrice.sourcing.operations.needs import Statement, submit_draft
from motrice.sourcing.policies import require_contact

MAX_ANSWER = 20_000


@dataclass
class Kept:
    """What became of what was typed: marks to send next, answers of another window, and those that both wrote."""

    read: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def save_draft(
    *, author: User, answers: dict[str, str], draft: NeedDraft | None = None, read: Read = None
) -> NeedDraft:
    """Keep what the author has typed so far, as it is: a draft may be wrong or unfinished.

    `StaleState`, and nothing is kept, when another window changed what was `read`.
    """
    if draft is None:
        require_contact(author)
        kept = {name: str(value)[:MAX_ANSWER] for name, value in answers.items()}
        return NeedDraft.objects.create(author=author, answers=kept, changed_at=timezone.now())
    with transaction.atomic():
        if clashes := keep_typing(draft=draft, answers=answers, author=author, read=read).clashes:
            raise stale(clashes)
    return draft


@transaction.atomic
def keep_typing(*, draft: NeedDraft, answers: dict[str, str], author: User, read: Read = None, page: str = "") -> Kept:
    """Keep what a page types; what it left alone stays as another window wrote it, what both wrote is told.

    `page` names the page: what it wrote itself it may write again.
    """
    require(author, "edit", draft)
    draft.refresh_from_db(from_queryset=NeedDraft._base_manager.select_for_update())
    kept = Kept()
    for name, value in answers.items():
        text, now, seen = str(value)[:MAX_ANSWER], draft.answers.get(name), (read or {}).get(name)
        is_mine = now is None or seen is None or (page and draft.pages.get(name) == page)
        if is_mine or fingerprint(now) in (seen, fingerprint(text)):
            draft.answers[name], draft.pages[name] = text, page
            kept.read[name] = fingerprint(text)
        elif seen == fingerprint(text):
            kept.moved[name], kept.read[name] = now, fingerprint(now)
        else:
            label, who = label_in(Need(), name), _("You, in another window,")
            kept.clashes.append(Clash(name, label, now, fingerprint(now), who, draft.changed_at))
    if len(kept.moved) + len(kept.clashes) < len(answers):
        draft.changed_at = timezone.now()
        draft.save(update_fields=["answers", "pages", "changed_at"])
    return kept


def discard_draft(*, draft: NeedDraft, author: User) -> None:
    """Throw a draft away."""
    require(author, "edit", draft)
    draft.delete()


def send_draft(
    *,
    draft: NeedDraft,
    statement: Statement,
    actor: Any,
    file: tuple[str, bytes] | None = None,
    is_confidential: bool = True,
) -> Need:
    """Make a need of a draft, with its file: all of it, or nothing and the draft stays."""
    require(actor, "edit", draft)
    companies = Organisation.objects.filter(pk__in=scopes(actor, LABEL, "company_contact"))
    company = companies.order_by("pk").first()
    with transaction.atomic():
        need = submit_draft(draft=draft, statement=statement, company=company, author=actor)
        if file is not None:
            name, content = file
            attach_file(need=need, name=name, content=content, is_confidential=is_confidential, actor=actor)
    return need
