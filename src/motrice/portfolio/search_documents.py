"""How the search finds assets: by title, our reference and official numbers, and as texts; who may find one follows
the policy of assets clause by clause, and each result is asked of that policy once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.core import policies
from motrice.core.confidentiality import Level
from motrice.core.search_sources import SearchSource, level_tokens, record_id, register, register_tokens
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.engines.search import Document
from motrice.engines.search.names import NameRecord
from motrice.portfolio.models import Application, Asset, Contributor, Ownership, Publication
from motrice.portfolio.policies.assets import LAB_HEADS, LABEL, OFFICE_READERS


def held_tokens(actor: Any) -> set[str]:
    """What an actor's roles open in the portfolio."""
    held = set()
    for role in policies.roles(actor):
        if role.scope_label != ORGANISATION:
            continue
        if role.kind in OFFICE_READERS:
            held |= {f"asset-office:{role.scope_pk}", f"asset-owner:{role.scope_pk}"}
        if role.kind == "company_contact":
            held.add(f"asset-owner:{role.scope_pk}")
        if role.kind in LAB_HEADS:
            held.add(f"asset-unit:{role.scope_pk}")
        if role.kind == "patent_firm":
            held.add(f"asset-firm:{role.scope_pk}")
    return held


def asset_access(rows: Sequence[Asset]) -> dict[int, tuple[str, ...]]:
    """Who finds each asset."""
    today = timezone.localdate()
    owners: dict[int, set[str]] = {}
    held = Ownership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), asset__in=rows, starts_on__lte=today)
    for asset_id, organisation_id in held.values_list("asset_id", "organisation_id"):
        owners.setdefault(asset_id, set()).add(f"asset-owner:{organisation_id}")
    makers: dict[int, set[str]] = {}
    named = Contributor.objects.filter(asset__in=rows, person__user__isnull=False)
    for asset_id, user_id in named.values_list("asset_id", "person__user_id"):
        makers.setdefault(asset_id, set()).add(f"user:{user_id}")
    return {row.pk: tuple(sorted(_tokens(row, owners.get(row.pk, set()), makers.get(row.pk, set())))) for row in rows}


def _tokens(row: Asset, owners: set[str], makers: set[str]) -> set[str]:
    tokens = level_tokens(row.level, LABEL, row.pk) | makers | {"site:auditor", f"user:{row.officer_id}"}
    if row.engineer_id:
        tokens.add(f"user:{row.engineer_id}")
    if row.firm_id:
        tokens.add(f"asset-firm:{row.firm_id}")
    if row.level != Level.CIRCLE:
        tokens |= owners | {f"asset-office:{row.office_id}"}
        tokens |= {f"asset-unit:{row.unit_id}"} if row.unit_id else set()
    return tokens


def asset_names(rows: Sequence[Asset]) -> list[NameRecord]:
    """The title, our reference and the official numbers of each asset."""
    access = asset_access(rows)
    numbers: dict[int, list[str]] = {}
    filed = Application.objects.filter(asset__in=rows).exclude(number="")
    for asset_id, office, number in filed.values_list("asset_id", "office", "number"):
        numbers.setdefault(asset_id, []).append(f"{office}{number}")
    published = Publication.objects.filter(application__asset__in=rows)
    for asset_id, office, number, kind in published.values_list(
        "application__asset_id", "office", "number", "kind_code"
    ):
        numbers.setdefault(asset_id, []).extend((f"{office}{number}", f"{office}{number}{kind}"))
    return [
        NameRecord(
            id=record_id(LABEL, row.pk),
            names=[row.title, *([(row.docket_number, "alias")] if row.docket_number else [])],
            identifiers=tuple(dict.fromkeys(numbers.get(row.pk, ()))),
            kind="asset",
            access=access[row.pk],
        )
        for row in rows
    ]


def asset_documents(rows: Sequence[Asset]) -> list[Document]:
    """The text of each asset, without owners: a portfolio does not weigh in the ranking of laboratories."""
    access = asset_access(rows)
    return [
        Document(
            id=record_id(LABEL, row.pk),
            title=row.title,
            text=row.summary,
            language=row.language,
            date=row.starts_on,
            kind=f"asset-{row.kind}",
            access=access[row.pk],
        )
        for row in rows
    ]


register_tokens(held_tokens)
register(
    SearchSource(
        model=Asset,
        rows=Asset.objects.all,
        names=asset_names,
        documents=asset_documents,
        heading=_("Portfolio"),
        parts={
            Ownership: ("asset_id",),
            Contributor: ("asset_id",),
            Application: ("asset_id",),
            Publication: ("application__asset_id",),
        },
    )
)
