"""How disclosures are told: states, what comes next, the lines of the timeline, who reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motrice.core.mailing import REASONS
from motrice.engines.sealing import Fault
from motrice.inventions import rules
from motrice.inventions.enums import (
    DecisionKind,
    DeclineKind,
    DisclosureLevel,
    DisclosureStatus,
    EvaluatorState,
    EventKind,
    NoticeKind,
)
from motrice.inventions.models import Disclosure, DisclosureEvent, Evaluator, Signature
from motrice.web import formats
from motrice.web.parts import Badge, TimelineItem

TONES = {
    DisclosureStatus.DRAFT: "",
    DisclosureStatus.SUBMITTED: "warn",
    DisclosureStatus.RECEIVED: "accent",
    DisclosureStatus.RETURNED: "warn",
    DisclosureStatus.EVALUATION: "accent",
    DisclosureStatus.DECIDED: "good",
    DisclosureStatus.WITHDRAWN: "",
}


def status_badge(disclosure: Disclosure) -> Badge:
    """The state, with the decision once there is one."""
    label = disclosure.get_status_display()
    if disclosure.decision:
        label = f"{label} · {disclosure.get_decision_display()}"
    return Badge(label, TONES.get(DisclosureStatus(disclosure.status), ""))


def level_badge(disclosure: Disclosure) -> Badge:
    """The level, with the way to why the reader sees it."""
    url = reverse("accounts:why", args=["inventions.disclosure", disclosure.reference])
    return Badge(
        disclosure.get_level_display(), "warn" if disclosure.level == DisclosureLevel.CIRCLE else "", "lock", url
    )


def days_words(since: Any, *, now: Any = None) -> str:
    """Since how many days."""
    days = (timezone.localdate(now or timezone.now()) - timezone.localdate(since)).days
    if days == 0:
        return _("since today")
    return ngettext("for %(n)d day", "for %(n)d days", days) % {"n": days}


def holder_words(disclosure: Disclosure) -> str:
    """Who holds the disclosure now: its inventors while they write or sign, the officer after."""
    if disclosure.is_writable:
        return str(disclosure.author)
    if disclosure.status == DisclosureStatus.SUBMITTED:
        waiting = unsigned_names(disclosure)
        return ", ".join(waiting) if waiting else str(disclosure.owner)
    return str(disclosure.owner or disclosure.author)


def unsigned_names(disclosure: Disclosure) -> list[str]:
    """The inventors who have not signed the present text."""
    signed = Signature.objects.filter(inventor__disclosure=disclosure, void_at=None).values("inventor")
    return [row.name for row in disclosure.inventors.exclude(pk__in=signed)]


def next_words(disclosure: Disclosure, *, decision: Any = None) -> str:
    """What comes next, in one sentence that everybody concerned may read."""
    day = formats.day_text
    match disclosure.status:
        case DisclosureStatus.DRAFT:
            return _("Finish it and send it for signature.")
        case DisclosureStatus.SUBMITTED:
            return _("The inventors sign by %(day)s; the evaluation begins then.") % {
                "day": day(timezone.localdate(disclosure.sign_due_at))
            }
        case DisclosureStatus.RETURNED:
            return _("Correct what the office asks, then send it for signature again.")
        case DisclosureStatus.RECEIVED:
            return _("The office begins the evaluation by %(day)s; a decision is promised by %(due)s.") % {
                "day": day(timezone.localdate(disclosure.take_due_at)),
                "due": day(timezone.localdate(disclosure.due_at)),
            }
        case DisclosureStatus.EVALUATION:
            return _("The office decides by %(due)s.") % {"due": day(timezone.localdate(disclosure.due_at))}
        case DisclosureStatus.DECIDED if decision is not None:
            return _("%(step)s, promised for %(day)s.") % {
                "step": decision.next_step,
                "day": day(decision.next_step_on),
            }
    return _("Nothing more is expected.")


def readers_words(disclosure: Disclosure | None = None) -> str:
    """Who reads a disclosure, said before it is sent."""
    if disclosure is not None and disclosure.level == DisclosureLevel.ORGANISATION:
        return _("Read by the staff of the laboratory and of the office's organisation.")
    return _(
        "Read only by its inventors, the head and correspondent of the laboratory, the transfer office in charge, "
        "the evaluators it names, and an auditor. Nobody else learns that it exists."
    )


def routing_words(routing: Mapping[str, Any]) -> str:
    """Why this officer."""
    if not routing:
        return ""
    if routing.get("how") == "reassigned":
        return _("Given by %(who)s: %(reason)s") % {"who": routing.get("by", ""), "reason": routing.get("reason", "")}
    office = routing.get("office", "")
    how = {
        "itself": _("The laboratory has an office of its own."),
        "hosts": _("%(office)s hosts the laboratory.") % {"office": office},
        "supervises": _("%(office)s supervises the laboratory.") % {"office": office},
        "parent": _("%(office)s is the parent of the laboratory.") % {"office": office},
        "network": _("No office of an institution answers for the laboratory: the network's own does."),
    }.get(str(routing.get("how")), "")
    chosen = {"among": routing.get("among", 1), "load": routing.get("load", 0)}
    if chosen["among"] > 1:
        least = _("The least loaded of its %(among)d officers (undecided disclosures: %(load)d).") % chosen
    else:
        least = _("Its only officer.")
    return f"{how} {least}".strip()


def _day(data: Mapping[str, Any]) -> str:
    return formats.day_text(date.fromisoformat(data["day"])) if data.get("day") else ""


def _received(data: Mapping[str, Any]) -> str:
    if data.get("unsigned"):
        return ngettext(
            "Received with %(n)d signature missing, and sealed",
            "Received with %(n)d signatures missing, and sealed",
            data["unsigned"],
        ) % {"n": data["unsigned"]}
    return _("Signed by all its inventors, received and sealed")


def _signed(data: Mapping[str, Any]) -> str:
    words = _("%(name)s contests the share") if data.get("contested") else _("%(name)s signed")
    return words % {"name": data.get("name", "")}


def _opinion(data: Mapping[str, Any]) -> str:
    if data.get("outside"):
        return _("%(name)s gave an opinion") % {"name": data.get("name", "")}
    return _("gave an opinion")


def _declined(data: Mapping[str, Any]) -> str:
    why = dict(DeclineKind.choices).get(data.get("decline", ""), "")
    return _("%(name)s declined: %(why)s") % {"name": data.get("name", ""), "why": why}


def _reminded(data: Mapping[str, Any]) -> str:
    return {
        NoticeKind.SIGN: _("The inventors who had not signed were reminded"),
        NoticeKind.UNSIGNED: _("Signatures were missing on the promised day"),
        NoticeKind.TAKE: _("The officer was reminded to begin the evaluation"),
        NoticeKind.DECIDE: _("The officer was reminded of the promised decision"),
        NoticeKind.OPINION: (
            _("%(name)s was reminded") % {"name": data["name"]} if data.get("name") else _("An evaluator was reminded")
        ),
        NoticeKind.NEXT_STEP: _("The officer was reminded of the promised next step"),
    }.get(data.get("notice"), _("A reminder was sent"))  # type: ignore[call-overload]


def _missed(data: Mapping[str, Any]) -> str:
    return _("A mail did not reach %(name)s: %(why)s. Write otherwise, or correct the address.") % {
        "name": data.get("name", ""),
        "why": REASONS.get(data.get("missed", ""), ""),
    }


def decision_words(code: str) -> str:
    """A kind of decision in the reader's language."""
    return str(dict(DecisionKind.choices).get(code, code))


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    EventKind.STARTED: lambda data: _("began the disclosure"),
    EventKind.SUBMITTED: lambda data: _("sent it for signature"),
    EventKind.RECALLED: lambda data: _("took it back to correct it"),
    EventKind.ASSIGNED: lambda data: _("%(officer)s is in charge") % {"officer": data.get("officer", "")},
    EventKind.INVITED: lambda data: _("invited %(name)s to sign once more") % {"name": data.get("name", "")},
    EventKind.SIGNED: _signed,
    EventKind.RECEIVED: _received,
    EventKind.RETURNED: lambda data: _("returned it for correction"),
    EventKind.EVALUATION: lambda data: _("began the evaluation"),
    EventKind.EVALUATOR: lambda data: _("asked %(name)s for an opinion") % {"name": data.get("name", "")},
    EventKind.EVALUATOR_ENDED: lambda data: _("called %(name)s off") % {"name": data.get("name", "")},
    EventKind.EVALUATOR_CHANGED: lambda data: (
        _("changed what %(name)s is asked, or reads") % {"name": data.get("name", "")}
    ),
    EventKind.UNDERTAKEN: lambda data: _("%(name)s promised secrecy") % {"name": data.get("name", "")},
    EventKind.DECLINED: _declined,
    EventKind.OPINION: _opinion,
    EventKind.MESSAGE: lambda data: _("wrote a message"),
    EventKind.ATTACHED: lambda data: _("added a file"),
    EventKind.DETACHED: lambda data: _("removed a file"),
    EventKind.DIVULGATION: lambda data: _("stated a publication of %(day)s") % {"day": _day(data)},
    EventKind.PROPOSED: lambda data: _("proposed: %(what)s") % {"what": decision_words(data.get("decision", ""))},
    EventKind.REFUSED: lambda data: _("did not approve the proposed decision"),
    EventKind.DECIDED: lambda data: _("Decided: %(what)s") % {"what": decision_words(data.get("decision", ""))},
    EventKind.REOPENED: lambda data: _("took it up again"),
    EventKind.WITHDRAWN: lambda data: _("withdrew it"),
    EventKind.RESTORED: lambda data: _("took it up again as a draft"),
    EventKind.LEVEL: lambda data: (
        _("changed who may read it: %(level)s")
        % {"level": dict(DisclosureLevel.choices).get(data.get("level", ""), "")}
    ),
    EventKind.REMINDED: _reminded,
    EventKind.MISSED: _missed,
    EventKind.ALERT: lambda data: _("A publication of %(day)s is planned before the decision") % {"day": _day(data)},
    EventKind.ESCALATED: lambda data: _(
        "The promised day is over: the office's other officers and director were told"
    ),
}
IMPERSONAL = {
    EventKind.ASSIGNED,
    EventKind.SIGNED,
    EventKind.RECEIVED,
    EventKind.DECIDED,
    EventKind.UNDERTAKEN,
    EventKind.DECLINED,
    EventKind.REMINDED,
    EventKind.MISSED,
    EventKind.ALERT,
    EventKind.ESCALATED,
}
KEY = {EventKind.RECEIVED, EventKind.DECIDED, EventKind.ALERT, EventKind.ESCALATED, EventKind.RETURNED}
KEY |= {EventKind.MISSED}


def event_words(event: DisclosureEvent) -> str:
    """What a line of the timeline tells."""
    return _WORDS[event.kind](event.data)


def who_words(event: DisclosureEvent) -> str:
    """Who did it, where its words want a subject."""
    return "" if event.kind in IMPERSONAL or event.data.get("outside") else str(event.actor)


def timeline_items(disclosure: Disclosure, actor: Any) -> list[TimelineItem]:
    """The story of a disclosure for one reader, newest first."""
    events = DisclosureEvent.objects.permitted(actor).filter(disclosure=disclosure)
    return [
        TimelineItem(
            what=event_words(event),
            at=event.at,
            who=who_words(event),
            why=str(event.data.get("reason", "")),
            is_key=event.kind in KEY,
        )
        for event in events.select_related("actor").order_by("-at", "-pk")
    ]


EVALUATOR_TONES = {"answered": "good", "conflict": "bad", "over": "bad", "declined": "", "ended": ""}


def evaluator_badge(row: Evaluator, *, on: date) -> Badge:
    """How far an invitation is, and the day that matters."""
    state = EvaluatorState(row.state(on))
    label = str(state.label)
    if state in (EvaluatorState.DECLINED, EvaluatorState.CONFLICT):
        label = _("%(state)s on %(day)s") % {"state": label, "day": formats.day_text(row.declined_at)}
    elif state == EvaluatorState.OVER:
        label = _("%(state)s since %(day)s") % {"state": label, "day": formats.day_text(row.open_until)}
    elif state not in EVALUATOR_TONES:
        label = _("%(state)s, awaited by %(day)s") % {"state": label, "day": formats.day_text(row.due_at)}
    return Badge(label, EVALUATOR_TONES.get(state, "warn"))


def domain_words(code: str) -> str:
    """A domain in the reader's language."""
    return dict(rules.choices(rules.DOMAIN)).get(code, code) if code else ""


SEAL_FAULTS = {
    "no_json": gettext_lazy("this is not a sealed file: it is no JSON"),
    "rewritten": gettext_lazy("the file is not written as it was made: something was added, removed or moved in it"),
    "other_seal": gettext_lazy(
        "the seal kept elsewhere is none of this file's: the file was made anew, or is another record's"
    ),
    "other_form": gettext_lazy("this is not a sealed file of the form %(form)s"),
    "no_version": gettext_lazy("the file names no record or no version"),
    "something_else": gettext_lazy("the file holds something else than versions, or none"),
    "parts": gettext_lazy("version %(number)d lacks a part, or has one too many"),
    "wrong_kind": gettext_lazy("version %(number)d has a part of the wrong kind"),
    "no_seal": gettext_lazy("version %(number)d has a seal that is none"),
    "text_no_json": gettext_lazy("the text of version %(number)d is no JSON"),
    "text_no_record": gettext_lazy("the text of version %(number)d is no record"),
    "misplaced": gettext_lazy("version %(number)d bears the number %(found)d: one is missing or moved"),
    "not_following": gettext_lazy("version %(number)d does not follow the one before it"),
    "altered": gettext_lazy("version %(number)d was altered: its text, page, time or chain no longer gives its seal"),
}


def seal_fault_words(fault: Fault) -> str:
    """A fault of a sealed file in the reader's language."""
    return str(SEAL_FAULTS[fault.code]) % fault.values
