"""Needs while their author types them: kept as typed, sent at once with their file, or thrown away."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from motrice.accounts.models import User
from motrice.core.policies import require, scopes
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL
from motrice.sourcing.models import Need, NeedDraft
from motrice.sourcing.operations.attachments import attach_file
from motrice.sourcing.operations.needs import Statement, submit_draft
from motrice.sourcing.policies import require_contact

MAX_ANSWER = 20_000


def save_draft(*, author: User, answers: dict[str, str], draft: NeedDraft | None = None) -> NeedDraft:
    """Keep what the author has typed so far, as it is: a draft may be wrong or unfinished."""
    kept = {name: str(value)[:MAX_ANSWER] for name, value in answers.items()}
    if draft is None:
        require_contact(author)
        return NeedDraft.objects.create(author=author, answers=kept, changed_at=timezone.now())
    require(author, "edit", draft)
    draft.answers = {**draft.answers, **kept}
    draft.changed_at = timezone.now()
    draft.save(update_fields=["answers", "changed_at"])
    return draft


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
