"""Agreements in words: states and levels as badges, who sees them, where a licence holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.agreements.enums import AgreementStatus
from motrice.agreements.models import Agreement
from motrice.agreements.rules import GROUPS
from motrice.core.confidentiality import Level
from motrice.web import formats
from motrice.web.parts import Badge

TONES = {
    AgreementStatus.DRAFT: "warn",
    AgreementStatus.IN_FORCE: "good",
    AgreementStatus.ENDED: "empty",
    AgreementStatus.TERMINATED: "empty",
    AgreementStatus.GIVEN_UP: "empty",
}
LEVEL_TONES = {Level.CIRCLE: "warn", Level.ORGANISATION: "accent", Level.NETWORK: "accent", Level.PUBLIC: "good"}


def status_badge(agreement: Agreement, today: date) -> Badge:
    """Where an agreement stands; one whose term has passed or has not begun says so."""
    if agreement.status == AgreementStatus.IN_FORCE and not agreement.is_live(today):
        label = _("term passed") if agreement.ends_on and agreement.ends_on < today else _("signed, not yet in effect")
        return Badge(label, "warn")
    return Badge(agreement.get_status_display(), TONES[AgreementStatus(agreement.status)])


def level_badge(agreement: Agreement) -> Badge:
    """How far an agreement is seen, with the way to "why can I see this?"."""
    url = reverse("accounts:why", args=["agreements.agreement", agreement.reference])
    return Badge(agreement.get_level_display(), LEVEL_TONES[Level(agreement.level)], icon="lock", url=url)


def readers_words(level: str) -> str:
    """Who sees a licence at this level."""
    words: dict[Any, str] = {
        Level.CIRCLE: _("Its officer and the people named in its circle see it."),
        Level.ORGANISATION: _(
            "The office that answers for it and the offices that license with it see it. A company that is a party to "
            "it sees what was agreed once it is signed, not how income is shared between the assets."
        ),
        Level.NETWORK: _(
            "Everybody who works in the network sees what is licensed, for which use and where; the parties and the "
            "shares of the assets are seen by those who work on it."
        ),
        Level.PUBLIC: _(
            "Everybody sees what is licensed, for which use and where; the parties and the shares of the assets are "
            "seen by those who work on it."
        ),
    }
    hidden = _("Whoever may not see one of its assets sees nothing of it, not even in a count.")
    return f"{words[Level(level)]} {hidden}"


def territory_name(code: str) -> str:
    """A territory by its name in the reader's language."""
    return str(GROUPS[code]) if code in GROUPS else formats.country_text(code)


def place_words(codes: Iterable[str], *, is_worldwide: bool) -> str:
    """Where a licence holds."""
    return _("Worldwide") if is_worldwide else ", ".join(sorted(territory_name(code) for code in codes))
