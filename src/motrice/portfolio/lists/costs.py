"""The fees behind the cost curve: what was paid, what is to come, under the filters of the portfolio and their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from motrice.directory.models import Organisation
from motrice.portfolio.links import asset_url, deadline_url
from motrice.portfolio.lists.assets import PORTFOLIO
from motrice.portfolio.marts.costs import PAID_ASSET, PAID_OFFICE, Costs, costs_of
from motrice.portfolio.models import Asset, Deadline, FeePayment
from motrice.portfolio.queries.docket import fees_ahead
from motrice.portfolio.queries.fee_parts import NOBODY, Share
from motrice.portfolio.words.docket import rule_name
from motrice.web import formats
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, OptionFacet
from motrice.web.lists.declare import FacetValue
from motrice.web.lists.state import read_state

BUT, NOBODY_KNOWN = "but-", "nobody"  # in an address, beside the references of owners


@dataclass(frozen=True)
class CarriedFacet(Facet):
    """A facet of the portfolio asked of the asset of each row: shown only where it was chosen there."""

    inner: Any = None

    def is_many(self, model: Any) -> bool:
        """It asks a question of its own."""
        return True

    def clean(self, queryset: QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """What the facet of the portfolio understands."""
        return self.inner.clean(Asset.objects.all(), values)

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep the rows of the assets that the portfolio would keep."""
        assets = self.inner.apply(Asset.objects.order_by(), values, actor)
        return queryset.filter(**{f"{self.field}__in": assets.values("pk")})

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """The chosen values alone, each with its rows."""
        if not selected:
            return []
        assets = Asset.objects.filter(pk__in=queryset.order_by().values(self.field))
        words = {one.value: one.label for one in self.inner.counted(assets, selected, actor)}
        return [
            FacetValue(value, words.get(value, value), self.apply(queryset, [value], actor).count(), True)
            for value in selected
        ]


@dataclass(frozen=True)
class PartFacet(Facet):
    """The part of one owner, of nobody known, or of all but some: rows in which it has a part on their day."""

    asset: str = ""

    def is_many(self, model: Any) -> bool:
        """It asks a question of its own."""
        return True

    def clean(self, queryset: QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """One organisation by its reference, or several to leave out."""
        taken = list(values) if all(value.startswith(BUT) for value in values) else list(values[:1])
        known = set(_owners(taken).values_list("reference", flat=True)) | {NOBODY_KNOWN}
        good = [value for value in taken if value.removeprefix(BUT) in known]
        return good, [value for value in values if value not in good]

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep the rows in which the share has a part."""
        share = share_of(values)
        return queryset if share is None else share.rows(queryset, self.asset, self.field)

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """What is chosen alone, in one line."""
        if not selected:
            return []
        count = self.apply(queryset, selected, actor).count()
        return [FacetValue(value, share_words([value]), count, True) for value in selected]


def _owners(values: Sequence[str]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(reference__in=[value.removeprefix(BUT) for value in values])


def share_of(values: Sequence[str]) -> Share | None:
    """Whose part the values of an address ask for; none when they ask for the whole."""
    if not values:
        return None
    owners = set(_owners(values).values_list("pk", flat=True))
    if any(value.removeprefix(BUT) == NOBODY_KNOWN for value in values):
        owners.add(NOBODY)
    return Share(frozenset(owners), is_rest=values[0].startswith(BUT))


def share_words(values: Sequence[str]) -> str:
    """Whose part it is, in words."""
    names = list(_owners(values).order_by("name").values_list("name", flat=True))
    if any(value.removeprefix(BUT) == NOBODY_KNOWN for value in values):
        names.append(gettext("nobody known"))
    words = ", ".join(names)
    return gettext("all but %(owners)s") % {"owners": words} if values[0].startswith(BUT) else words


def _carried(path: str) -> list[Any]:
    facets: list[Any] = []
    for facet in PORTFOLIO.facets:
        if isinstance(facet, DateFacet):
            facets.append(DateFacet(facet.key, facet.label, field=f"{path}__{facet.field}"))
        elif isinstance(facet, Facet | OptionFacet):
            facets.append(CarriedFacet(facet.key, facet.label, field=path, inner=facet))
    return facets


def _fees(n: int) -> str:
    return ngettext("%(n)s fee", "%(n)s fees", n) % {"n": formats.number_text(n)}


def _amount(row: Any) -> str:
    return formats.amount_text(row.amount, row.currency)


EMPTY = Empty(
    gettext_lazy("No fee here"),
    gettext_lazy("Fees of the titles that you work on are listed here, under the filters of the portfolio."),
)

PAID = ListPage(
    name="portfolio.fees_paid",
    counted=_fees,
    columns=[
        Column("asset", gettext_lazy("Asset"), value=f"{PAID_ASSET.replace('__', '.')}.title", kind="main",
               sort=f"{PAID_ASSET}__title"),
        Column("office", gettext_lazy("Office of the fee"), value=PAID_OFFICE.replace("__", "."), sort=PAID_OFFICE),
        Column("paid_on", gettext_lazy("Paid on"), kind="day", sort="paid_on"),
        Column("amount", gettext_lazy("Amount paid"), render=_amount, export="amount", kind="amount", sort="amount"),
        Column("currency", gettext_lazy("Currency"), sort="currency", default=False),
        Column("receipt", gettext_lazy("Receipt"), default=False),
    ],
    search=tuple(f"{PAID_ASSET}__{name}" for name in PORTFOLIO.search),
    facets=[
        PartFacet("part", gettext_lazy("Part of the owner"), field="paid_on", asset=PAID_ASSET),
        Facet("fee_office", gettext_lazy("Office of the fee"), field=PAID_OFFICE),
        Facet("currency", gettext_lazy("Currency")),
        DateFacet("paid", gettext_lazy("Paid on"), field="paid_on"),
        *_carried(PAID_ASSET),
    ],
    empty=EMPTY,
    row_url=lambda row: asset_url(row.event.application.asset),
    order=["-paid_on"],
    row_key="pk",
    export_action="",
)  # fmt: skip

AHEAD = ListPage(
    name="portfolio.fees_ahead",
    counted=_fees,
    columns=[
        Column("rule", gettext_lazy("Fee"), render=rule_name, kind="main", sort=("rule", "term")),
        Column("asset", gettext_lazy("Asset"), value="asset.title", sort="asset__title"),
        Column("office", gettext_lazy("Office of the fee"), value="application.office", sort="application__office"),
        Column("due_on", gettext_lazy("Due on"), kind="day", sort="due_on"),
        Column("amount", gettext_lazy("Amount"), render=_amount, export="amount", kind="amount", sort="amount"),
        Column("is_estimate", gettext_lazy("Estimate"), sort="is_estimate", default=False),
        Column("currency", gettext_lazy("Currency"), sort="currency", default=False),
    ],
    search=tuple(f"asset__{name}" for name in PORTFOLIO.search),
    facets=[
        PartFacet("part", gettext_lazy("Part of the owner"), field="due_on", asset="asset"),
        Facet("fee_office", gettext_lazy("Office of the fee"), field="application__office"),
        Facet("currency", gettext_lazy("Currency")),
        DateFacet("due", gettext_lazy("Due on"), field="due_on"),
        *_carried("asset"),
    ],
    empty=EMPTY,
    row_url=deadline_url,
    order=["due_on"],
    export_action="",
)


def paid_rows(actor: Any) -> QuerySet[FeePayment]:
    """The payments that the reader may see."""
    return FeePayment.objects.permitted(actor)


def ahead_rows(actor: Any) -> QuerySet[Deadline]:
    """The fees to come that the reader may see."""
    rows = fees_ahead(Deadline.objects.permitted(actor), today=timezone.localdate())
    return rows.filter(amount__isnull=False)


def filtered(page: ListPage, rows: QuerySet, params: QueryDict, actor: Any) -> tuple[QuerySet, list[str]]:
    """The fees under the filters of an address, and whose part is asked for, as the address says it."""
    state = read_state(params, page.columns, page.facets, rows)
    return page.filtered(rows, state, actor), list(state.chosen["part"])


def fees_under(actor: Any, params: QueryDict) -> list[Costs]:
    """The costs of the fees that the filters of the portfolio leave, for all owners or for the one asked for."""
    payments, part = filtered(PAID, paid_rows(actor), params, actor)
    deadlines, _part = filtered(AHEAD, ahead_rows(actor), params, actor)
    return costs_of(payments, deadlines, share_of(part))
