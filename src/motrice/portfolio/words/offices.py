"""Offices of WIPO's standard ST.3 in the words of the reader."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    "AT": gettext_lazy("Austria"), "AU": gettext_lazy("Australia"), "BE": gettext_lazy("Belgium"),
    "BR": gettext_lazy("Brazil"), "CA": gettext_lazy("Canada"), "CH": gettext_lazy("Switzerland"),
    "CN": gettext_lazy("China"), "CZ": gettext_lazy("Czechia"), "DE": gettext_lazy("Germany"),
    "DK": gettext_lazy("Denmark"), "EP": gettext_lazy("Unitary patent"), "ES": gettext_lazy("Spain"),
    "FI": gettext_lazy("Finland"), "FR": gettext_lazy("France"), "GB": gettext_lazy("United Kingdom"),
    "IE": gettext_lazy("Ireland"), "IL": gettext_lazy("Israel"), "IN": gettext_lazy("India"),
    "IT": gettext_lazy("Italy"), "JP": gettext_lazy("Japan"), "KR": gettext_lazy("South Korea"),
    "LU": gettext_lazy("Luxembourg"), "MX": gettext_lazy("Mexico"), "NL": gettext_lazy("Netherlands"),
    "NO": gettext_lazy("Norway"), "PL": gettext_lazy("Poland"), "PT": gettext_lazy("Portugal"),
    "SE": gettext_lazy("Sweden"), "SG": gettext_lazy("Singapore"), "TW": gettext_lazy("Taiwan"),
    "BG": gettext_lazy("Bulgaria"), "EE": gettext_lazy("Estonia"), "LT": gettext_lazy("Lithuania"),
    "LV": gettext_lazy("Latvia"), "MT": gettext_lazy("Malta"), "RO": gettext_lazy("Romania"),
    "SI": gettext_lazy("Slovenia"), "US": gettext_lazy("United States"), "ZA": gettext_lazy("South Africa"),
}  # fmt: skip


def office_name(code: str) -> str:
    """The country or body of a code, or the code itself."""
    return str(NAMES[code]) if code in NAMES else _("office %(code)s") % {"code": code}
