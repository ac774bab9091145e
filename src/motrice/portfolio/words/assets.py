"""Assets and filings in words: states and levels as badges, shares, who will see what."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.core.confidentiality import Level
from motrice.portfolio.enums import AssetStatus, FilingStatus
from motrice.portfolio.models import Application, Asset
from motrice.web.parts import Badge

ASSET_TONES = {
    AssetStatus.PREPARED: "warn",
    AssetStatus.ALIVE: "good",
    AssetStatus.ABANDONED: "empty",
    AssetStatus.EXPIRED: "empty",
    AssetStatus.ASSIGNED: "accent",
}
FILING_TONES = {
    FilingStatus.PENDING: "accent",
    FilingStatus.GRANTED: "good",
    FilingStatus.OPPOSED: "warn",
}
LEVEL_TONES = {Level.CIRCLE: "warn", Level.ORGANISATION: "accent", Level.NETWORK: "accent", Level.PUBLIC: "good"}


def status_badge(asset: Asset) -> Badge:
    """Where an asset stands."""
    return Badge(asset.get_status_display(), ASSET_TONES[AssetStatus(asset.status)])


def filing_badge(application: Application) -> Badge:
    """Where a filing stands: what gives no right any more is quiet."""
    return Badge(application.get_status_display(), FILING_TONES.get(FilingStatus(application.status), "empty"))


def level_badge(asset: Asset) -> Badge:
    """How far an asset is seen, with the way to "why can I see this?"."""
    url = reverse("accounts:why", args=["portfolio.asset", asset.reference])
    return Badge(asset.get_level_display(), LEVEL_TONES[Level(asset.level)], icon="lock", url=url)


def readers_words(level: str) -> str:
    """Who sees an asset at this level."""
    words: dict[Any, str] = {
        Level.CIRCLE: _(
            "Its officer, its patent engineer, its inventors or authors and the people named in its circle see it. "
            "Nobody else does, not even in a count."
        ),
        Level.ORGANISATION: _(
            "The office that answers for it, the offices of its owners, its laboratory's director and correspondent, "
            "and the firm it is entrusted to see it. A company that owns a part sees its title, its summary, its "
            "filings and its own share, and nothing else."
        ),
        Level.NETWORK: _(
            "Everybody who works in the network sees its title, its summary and its filings; its owners, its "
            "inventors and its docket are seen by those who work on it."
        ),
        Level.PUBLIC: _(
            "Everybody sees its title, its summary and its filings; its owners, its inventors and its docket are seen "
            "by those who work on it."
        ),
    }
    return words[Level(level)]


def exact_words(share: Fraction) -> str:
    """A share as typed in a form: `1/3`."""
    return f"{share.numerator}/{share.denominator}" if share.denominator > 1 else str(share.numerator)
