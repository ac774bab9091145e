"""What becomes of shares when two records of one person are merged who were both named on a disclosure: added up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db import models

from motrice.core.audit import Recorder
from motrice.core.pointers import Pointer, register_combiner
from motrice.inventions.models import Inventor


def join_inventors(op: Recorder, row: models.Model, pointer: Pointer, kept: Any) -> bool:
    """Add the share of an inventor named twice to the line that stays; the other then goes as any twin."""
    if isinstance(row, Inventor) and pointer.field == "person":
        twin = Inventor.objects.filter(disclosure=row.disclosure_id, person=kept).exclude(pk=row.pk).first()
        if twin is not None:
            share = min(twin.share + row.share, Fraction(1))
            op.update(twin, numerator=share.numerator, denominator=share.denominator)
    return False


register_combiner(Inventor, join_inventors)
