"""How the search finds disclosures: only by who works on them, through tokens that follow the policy.

Drafts and withdrawn disclosures are not in the index at all. A disclosure has no owners there: it must not weigh in
the ranking of laboratories, which would tell of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from motrice.core.policies import SITE, roles
from motrice.core.search_sources import SearchSource, record_id, register, register_tokens
from motrice.directory.policies import LABEL, STAFF
from motrice.engines.search import Document
from motrice.inventions.enums import DisclosureLevel, DisclosureStatus
from motrice.inventions.models import Disclosure, Evaluator, Inventor
from motrice.inventions.policies import DISCLOSURE_LABEL, UNIT_HEADS


def disclosure_documents(rows: Sequence[Disclosure]) -> list[Document]:
    """Each disclosure with the tokens of those who may find it."""
    inventors: dict[int, set[int]] = {}
    named = Inventor.objects.filter(disclosure__in=rows, person__user__isnull=False)
    for disclosure_id, user_id in named.values_list("disclosure_id", "person__user_id"):
        inventors.setdefault(disclosure_id, set()).add(user_id)
    asked = Evaluator.objects.filter(disclosure__in=rows, ended_at=None)
    for disclosure_id, user_id in asked.values_list("disclosure_id", "user_id"):
        inventors.setdefault(disclosure_id, set()).add(user_id)
    return [
        Document(
            id=record_id(DISCLOSURE_LABEL, row.pk),
            title=row.title,
            text="\n".join((row.summary, row.problem, row.novelty, row.uses, row.keywords)),
            language=row.language,
            kind=f"disclosure-{row.kind}",
            access=tuple(sorted(_tokens(row, inventors.get(row.pk, set())))),
        )
        for row in rows
    ]


def _tokens(row: Disclosure, users: set[int]) -> set[str]:
    held = {f"user:{pk}" for pk in users} | {f"user:{row.author_id}", "site:auditor"}
    held |= {f"record:{DISCLOSURE_LABEL}:{row.pk}", f"disclosures-of-unit:{row.unit_id}"}
    held.add(f"disclosures-of-office:{row.office_id or 0}")
    if row.owner_id is not None:
        held.add(f"disclosures-in-charge:{row.owner_id}")
    if row.level == DisclosureLevel.ORGANISATION:
        held |= {f"disclosures-open-at:{row.unit_id}", f"disclosures-open-at:{row.office_id or 0}"}
    return held


def tokens_of(actor: Any) -> set[str]:
    """What an actor holds for disclosures: the laboratories they head, the offices they work at or direct."""
    held: set[str] = set()
    for role in roles(actor):
        if role.scope_label == LABEL and role.kind in UNIT_HEADS:
            held.add(f"disclosures-of-unit:{role.scope_pk}")
        if role.scope_label == LABEL and role.kind in ("officer", "director"):
            held.add(f"disclosures-of-office:{role.scope_pk}")
        if role.scope_label == LABEL and role.kind in STAFF:
            held.add(f"disclosures-open-at:{role.scope_pk}")
        if role.kind == "officer":
            held.add(f"disclosures-in-charge:{actor.pk}")
            if role.scope_label == SITE:
                held.add("disclosures-of-office:0")
    return held


def sent() -> Any:
    """The disclosures that the search holds."""
    return Disclosure.objects.exclude(status__in=[DisclosureStatus.DRAFT, DisclosureStatus.WITHDRAWN])


register_tokens(tokens_of)
register(
    SearchSource(
        model=Disclosure,
        rows=sent,
        documents=disclosure_documents,
        parts={Inventor: ("disclosure_id",), Evaluator: ("disclosure_id",)},
    )
)
