"""Records of the inventions."""

from motrice.inventions.models.disclosure import Attachment, Disclosure, Divulgation, Tie, Typing
from motrice.inventions.models.evaluation import Decision, Evaluator, Message, Opinion, OpinionDraft
from motrice.inventions.models.inventor import Inventor, Seal, Signature
from motrice.inventions.models.record import ClockNotice, DisclosureEvent

__all__ = [
    "Attachment",
    "ClockNotice",
    "Decision",
    "Disclosure",
    "DisclosureEvent",
    "Divulgation",
    "Evaluator",
    "Inventor",
    "Message",
    "Opinion",
    "OpinionDraft",
    "Seal",
    "Signature",
    "Tie",
    "Typing",
]
