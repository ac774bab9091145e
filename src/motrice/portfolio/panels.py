"""What the portfolio shows beside an organisation or a person: the assets that the reader may see of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.core.policies import allows
from motrice.directory.models import Organisation, Person
from motrice.inventions.models import Disclosure
from motrice.portfolio.enums import AbandonmentStatus
from motrice.portfolio.links import asset_url
from motrice.portfolio.models import Asset, Contributor, CoOwnerNotice, Ownership
from motrice.portfolio.policies.assets import keeps_portfolio, reads_portfolio
from motrice.portfolio.queries.coownership import last_day_of
from motrice.portfolio.queries.origin import kind_from
from motrice.web import panels
from motrice.web.panels import RecordPanel, Source
from motrice.web.parts import Link, Step, Waiting

SHOWN = 5


def sources_for(actor: Any) -> list[Source]:
    """What other owners told the reader's organisations, and wait an answer for."""
    return [Source(lambda: _notices(actor), _notice)] if actor.pk else []


def _notices(actor: Any) -> QuerySet[CoOwnerNotice]:
    """The notices that the reader's organisations have not answered."""
    rows = CoOwnerNotice.objects.permitted(actor, "answer").filter(answer="")
    unsettled = rows.filter(Q(abandonment=None) | Q(abandonment__status=AbandonmentStatus.OPEN))
    return unsettled.select_related("asset").order_by("sent_on", "pk")


def _notice(notice: CoOwnerNotice) -> Waiting:
    return Waiting(
        _("Answer a co-owner: %(title)s") % {"title": notice.asset.title},
        notice.get_absolute_url(),
        why=notice.get_subject_display(),
        until=last_day_of(notice),
        act=_("Answer"),
    )


panels.register(panels.Panel("portfolio", sources=sources_for, order=25))


def _panel(title: str, rows: QuerySet[Asset], query: str = "") -> RecordPanel | None:
    found = list(rows.order_by("-starts_on", "pk")[: SHOWN + 1])
    if not found:
        return None
    links = [Link(asset.title, asset_url(asset), asset.get_kind_display()) for asset in found[:SHOWN]]
    more_url = f"{reverse('portfolio:assets')}?{query}" if query and len(found) > SHOWN else ""
    return RecordPanel(title, links, more=_("All of them"), more_url=more_url)


def assets_of(body: Organisation, actor: Any) -> RecordPanel | None:
    """The assets that came from a laboratory; else those of which an organisation owns a part, as far as one reads."""
    if not getattr(actor, "is_authenticated", False) or not reads_portfolio(actor):
        return None
    seen = Asset.objects.permitted(actor)
    if body.is_unit:
        return _panel(_("Assets from this laboratory"), seen.filter(unit=body), f"unit={body.pk}")
    owned = Ownership.objects.permitted(actor).filter(organisation=body).values("asset_id")
    kept = seen.filter(Q(pk__in=owned) | Q(office=body))
    return _panel(_("Assets in the portfolio"), kept, f"office={body.pk}")


def assets_by(somebody: Person, actor: Any) -> RecordPanel | None:
    """The assets to which a person contributed, for those who may read who contributed."""
    if not getattr(actor, "is_authenticated", False):
        return None
    made = Contributor.objects.permitted(actor).filter(person=somebody).values("asset_id")
    return _panel(_("Invented or written"), Asset.objects.permitted(actor).filter(pk__in=made))


def assets_from(disclosure: Disclosure, actor: Any) -> RecordPanel | None:
    """What was made of a decided disclosure, and the way to make it for who may."""
    kind = kind_from(disclosure)
    made = Asset.objects.filter(disclosure=disclosure)
    seen = list(made.permitted(actor).order_by("pk"))
    steps = []
    if kind and keeps_portfolio(actor) and allows(actor, "handle", disclosure) and not made.filter(kind=kind).exists():
        url = f"{reverse('portfolio:asset_new')}?from={disclosure.reference}"
        steps = [Step(_("Enter it in the portfolio"), url)]
    if not seen and not steps:
        return None
    return RecordPanel(_("In the portfolio"), [Link(asset.title, asset_url(asset)) for asset in seen], steps)
