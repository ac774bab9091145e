"""What agreements show beside an asset or an organisation, and on the pages of strategic domains."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motrice.agreements.enums import AgreementKind
from motrice.agreements.links import agreement_url, list_url
from motrice.agreements.marts import live_licences_by_domain
from motrice.agreements.models import Agreement, Party
from motrice.agreements.policies import keeps_agreements, reads_agreements
from motrice.agreements.words import status_badge
from motrice.core.policies import allows
from motrice.directory.models import Organisation
from motrice.portfolio.marts.counted import DomainCounts, DomainFigure
from motrice.portfolio.models import Asset, Domain
from motrice.web.panels import RecordPanel
from motrice.web.parts import Link, Step

SHOWN = 5


def _panel(title: str, rows: QuerySet[Agreement], more_url: str, steps: list[Step]) -> RecordPanel | None:
    found = list(rows.select_related("licence").order_by("-signed_on", "-pk")[: SHOWN + 1])
    if not found and not steps:
        return None
    return RecordPanel(
        title,
        [Link(row.title, agreement_url(row), _note(row)) for row in found[:SHOWN]],
        steps,
        more=_("All of them"),
        more_url=more_url if len(found) > SHOWN else "",
    )


def _note(row: Agreement) -> str:
    licence = getattr(row, "licence", None)
    words = [licence.get_exclusivity_display()] if licence is not None else []
    return " · ".join([*words, str(status_badge(row, timezone.localdate()).label)])


def licences_of_asset(asset: Asset, actor: Any) -> RecordPanel | None:
    """The licences that bundle an asset, as far as the reader sees them, and the way to write one."""
    rows = Agreement.objects.permitted(actor).filter(licence__bundle__asset=asset)
    steps = []
    if asset.is_live and keeps_agreements(actor) and allows(actor, "license", asset):
        steps = [Step(_("Write a licence"), f"{reverse('agreements:licence_new')}?asset={asset.reference}")]
    return _panel(_("Licences"), rows, list_url(asset=asset.pk), steps)


def agreements_of(body: Organisation, actor: Any) -> RecordPanel | None:
    """The agreements in which an organisation is a party, as far as the reader sees them and who is in them."""
    named = Party.objects.filter(organisation=body)
    if not reads_agreements(actor) or not named.exists():
        return None
    named = named.permitted(actor)
    rows = Agreement.objects.permitted(actor).filter(pk__in=named.order_by().values("agreement_id"))
    return _panel(_("Agreements"), rows, list_url(party=body.pk), [])


def _live_url(organisation: Organisation, domain: Domain | None) -> str:
    chosen = {"domain": domain.pk} if domain is not None else {"asset_office": organisation.pk}
    return list_url(kind=AgreementKind.LICENCE.value, held="live", **chosen)


def _live_notes(counts: DomainCounts) -> list[str]:
    again = ngettext(
        "A licence in two domains counts in both lines and once in the total: the lines count %(n)d licence more.",
        "A licence in two domains counts in both lines and once in the total: the lines count %(n)d licences more.",
        counts.counted_again,
    ) % {"n": counts.counted_again}
    none = ngettext(
        "%(n)d live licence is in no domain.", "%(n)d live licences are in no domain.", counts.in_no_domain
    ) % {"n": counts.in_no_domain}
    return [note for note, count in ((again, counts.counted_again), (none, counts.in_no_domain)) if count]


LIVE_LICENCES = DomainFigure(
    "licences",
    gettext_lazy("Live licences"),
    counts=live_licences_by_domain,
    list_url=_live_url,
    notes=_live_notes,
    visible=reads_agreements,
)
