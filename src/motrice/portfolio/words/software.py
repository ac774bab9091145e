"""The concerns of the licence engine in words: which part, which licence, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from motrice.engines.software import Concern

WORDS = {
    "network_copyleft": gettext_lazy(
        "%(part)s is under %(licence)s, whose copyleft reaches even those who use it over a network: the whole must "
        "be given under the same licence, so an exclusive licence cannot be granted. Replace it, or buy another "
        "licence from its owner."
    ),
    "strong_copyleft": gettext_lazy(
        "%(part)s is under %(licence)s, a strong copyleft: what is linked with it must be given under the same "
        "licence, so an exclusive licence cannot be granted. Replace it, or buy another licence from its owner."
    ),
    "weak_copyleft_mixed": gettext_lazy(
        "%(part)s is under %(licence)s, a weak copyleft, and is modified or copied into the code: those files must "
        "stay under that licence and cannot be part of an exclusive one. Keep it apart and unchanged."
    ),
    "weak_copyleft_linked": gettext_lazy(
        "%(part)s is under %(licence)s, a weak copyleft, and is linked unchanged: an exclusive licence is possible "
        "if users can replace the part and receive its source."
    ),
    "proprietary": gettext_lazy(
        "%(part)s is under %(licence)s, which is not free: check that its owner allows it to be passed on."
    ),
    "unread": gettext_lazy("%(part)s is under %(licence)s, which nobody has classified: have it read by a lawyer."),
}


def concern_words(concern: Concern) -> str:
    """Why a part stands in the way, and what to do."""
    return str(WORDS[concern.code]) % {"part": concern.part.name, "licence": concern.part.licence}
