"""The filing that protects a disclosed result, told by the portfolio: from that day on no publication threatens it."""

from __future__ import annotations

from datetime import date

from motrice.core.audit import Recorder
from motrice.inventions.models import Disclosure


def follow_filing(op: Recorder, disclosure: Disclosure, *, filed_on: date | None) -> None:
    """Keep the day of the first filing, or none when it was taken back; alerts follow from it."""
    if disclosure.protected_on != filed_on:
        op.update(disclosure, protected_on=filed_on)
