"""One act at a time on one disclosure: what an act checks still holds when it writes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from motrice.core.errors import StaleState
from motrice.inventions.models import Disclosure

P = ParamSpec("P")
R = TypeVar("R")
PARTS = ("inventor", "tie", "divulgation", "attachment", "evaluator", "decision")  # named so by the acts on them


def one_at_a_time(act: Callable[P, R]) -> Callable[P, R]:
    """An act on a disclosure, or on a part of one: others on the same disclosure wait until it has ended.

    The act sees the disclosure and the part as they are now, not as its caller read them: of two people who sign
    last, the second sees the signature of the first; who decides what was decided meanwhile is told so.
    """

    @functools.wraps(act)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        part: Any = next((kwargs[name] for name in PARTS if name in kwargs), None)
        disclosure: Any = kwargs["disclosure"] if part is None else part.disclosure
        with transaction.atomic():
            try:
                disclosure.refresh_from_db(from_queryset=Disclosure.objects.select_for_update(of=("self",)))
                if part is not None:
                    part.refresh_from_db()
                    part.disclosure = disclosure
            except ObjectDoesNotExist as error:
                raise StaleState(_("This was removed meanwhile: reload the page.")) from error
            return act(*args, **kwargs)

    return alone
