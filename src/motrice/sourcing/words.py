"""Records of the desk in words: timeline lines by audience, states as badges, who will see what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motrice.accounts.models import User
from motrice.core import catalogue
from motrice.core.mailing import REASONS
from motrice.core.policies import allows
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from motrice.sourcing import rules
from motrice.sourcing.enums import (
    ClockNoticeKind,
    EventKind,
    NeedLevel,
    NeedStatus,
    OutcomeKind,
    ReferralStatus,
)
from motrice.sourcing.models import Need, NeedEvent, Referral
from motrice.web import formats
from motrice.web.parts import Badge, TimelineItem

DESK, COMPANY, TEAM = "desk", "company", "team"
NEED_TONES = {
    NeedStatus.RECEIVED: "warn",
    NeedStatus.ANALYSIS: "accent",
    NeedStatus.REFERRED: "accent",
    NeedStatus.ANSWERED: "good",
    NeedStatus.INTRODUCED: "good",
    NeedStatus.CLOSED: "empty",
    NeedStatus.OUT_OF_SCOPE: "empty",
    NeedStatus.WITHDRAWN: "empty",
}
REFERRAL_TONES = {
    ReferralStatus.SENT: "warn",
    ReferralStatus.QUESTIONED: "warn",
    ReferralStatus.JOINT: "warn",
    ReferralStatus.ACCEPTED: "good",
    ReferralStatus.REFUSED: "bad",
    ReferralStatus.WITHDRAWN: "empty",
}


def status_badge(need: Need) -> Badge:
    """Where a need stands."""
    return Badge(need.get_status_display(), NEED_TONES[NeedStatus(need.status)])


def referral_badge(referral: Referral) -> Badge:
    """Where a referral stands."""
    return Badge(referral.get_status_display(), REFERRAL_TONES[ReferralStatus(referral.status)])


def level_badge(need: Need) -> Badge:
    """How far inside the desk a need is read, with the way to "why can I see this?"."""
    tone = "warn" if need.level == NeedLevel.CIRCLE else "accent"
    return Badge(need.get_level_display(), tone, icon="lock", url=reverse("sourcing:need_why", args=[need.reference]))


def audience_of(actor: Any, need: Need) -> str:
    """As whom somebody reads a need: the desk (and who oversees it), its company, or a team asked."""
    if allows(actor, "handle", need):
        return DESK
    if allows(actor, "write", need):
        return COMPANY
    return TEAM if allows(actor, "answer", need) else DESK


def readers_words(need: Need | None = None) -> str:
    """Who will see what is stated, said before the button."""
    text = _(
        "The officer in charge, their office and the network's coordinator read the problem; a laboratory reads it "
        "only when the officer refers it. The confidential part is read by the officer and their office alone, and "
        "by a laboratory once its NDA with you is recorded. Nobody else sees it, not even in a count."
    )
    if need is not None and need.level == NeedLevel.CIRCLE:
        return _("Only the officer in charge, the coordinator and the people named see it.")
    return text


def code_words(kind: str) -> dict[str, str]:
    """The codes of a catalogue in the reader's words."""
    return dict(rules.choices(kind))


def _received(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    return _("sent the need") if audience == COMPANY else _("The need was received")


def _assigned(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    return _("%(officer)s is in charge") % {"officer": data.get("officer", "")}


def _referred(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    if audience == COMPANY:
        return _("put the need to a laboratory")
    if audience == TEAM:
        return _("put the need to your team")
    return _("referred the need to %(team)s") % {"team": data.get("team", "")}


def _message(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    if str(data.get("direction", "")) == "desk_company":
        return _("wrote to you") if audience == COMPANY else _("wrote to the company")
    return _("wrote to the desk")


def _team_act(verb: Callable[[], str], own: Callable[[], str]) -> Callable[[NeedEvent, str, Mapping[str, Any]], str]:
    def words(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
        return own() if audience == TEAM else verb() % {"team": data.get("team", "")}

    return words


def _refused(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    reason = code_words(rules.REFUSAL).get(str(data.get("refusal", "")), str(data.get("refusal", "")))
    if audience == TEAM:
        return _("refused: %(reason)s") % {"reason": reason}
    return _("%(team)s refused: %(reason)s") % {"team": data.get("team", ""), "reason": reason}


def _joint(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    names = {"team": data.get("team", ""), "partner": data.get("partner", "")}
    if event.kind == EventKind.JOINT_PROPOSED:
        return _("%(team)s proposed a joint answer with %(partner)s") % names
    if event.kind == EventKind.JOINT_CONFIRMED:
        return _("%(team)s and %(partner)s answer together") % names
    return _("The joint answer was given up")


def _clock(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    if event.kind == EventKind.ESCALATED:
        return _("The promised time is over without an answer: the coordinator was told")
    if data.get("notice") == ClockNoticeKind.TEAM_OVERDUE:
        return _("The team's time is over without an answer: the officer was told")
    return _("A reminder was sent")


def _mail_missed(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    return _("A mail did not reach %(name)s: %(why)s. Write otherwise, or correct the address.") % {
        "name": data.get("name", ""),
        "why": REASONS.get(str(data.get("missed", "")), ""),
    }


def _outcome(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    label = str(OutcomeKind(str(data["outcome"])).label)
    if audience == TEAM or not data.get("team"):
        return label
    return _("%(outcome)s: %(team)s") % {"outcome": label, "team": data["team"]}


def _closed(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    if not data.get("ending"):
        return _("closed the need")
    reason = code_words(rules.ENDING).get(str(data["ending"]), str(data["ending"]))
    return _("closed the need: %(reason)s") % {"reason": reason}


def _edited(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    count = len(data.get("fields", []))
    return ngettext("corrected %(n)d part of the statement", "corrected %(n)d parts of the statement", count) % {
        "n": count
    }


def _nda(event: NeedEvent, audience: str, data: Mapping[str, Any]) -> str:
    if event.kind == EventKind.NDA_ENDED:
        if audience == TEAM:
            return _("recorded the end of the NDA of your team")
        return _("ended the NDA of %(team)s") % {"team": data.get("team", "")}
    if event.kind == EventKind.NDA_WITHDRAWN:
        if audience == TEAM:
            return _("took back the NDA of your team, recorded by mistake: the confidential part is closed to you")
        return _("took back the NDA of %(team)s, recorded by mistake") % {"team": data.get("team", "")}
    if audience == TEAM:
        return _("recorded the NDA of your team: the confidential part is open to you")
    return _("recorded the NDA of %(team)s") % {"team": data.get("team", "")}


def condition_words(data: Mapping[str, Any]) -> str:
    """Which needs a routing rule takes."""
    when, segments = data.get("when", {}), code_words(rules.SEGMENT)
    parts = [", ".join(segments.get(code, code) for code in when.get("segments", []))]
    parts.append(_("NAF %(codes)s") % {"codes": ", ".join(when["naf"])} if when.get("naf") else "")
    parts.append(", ".join(when.get("regions", [])))
    if when.get("trl_min") or when.get("trl_max"):
        ends = {"low": when.get("trl_min") or 1, "high": when.get("trl_max") or 9}
        parts.append(_("TRL %(low)d to %(high)d") % ends)
    return " · ".join(part for part in parts if part) or _("every need")


def target_words(data: Mapping[str, Any]) -> str:
    """To whom a routing rule gives a need."""
    target = data["target"]
    if target.get("network_desk"):
        return _("the network's desk")
    kinds = dict(OrganisationKind.choices)
    names = [str(kinds[kind]) for kind in target.get("kinds", [])] + list(target.get("identifiers", []))
    found = Organisation.objects.filter(reference__in=target.get("offices", []))
    names += found.order_by("name").values_list("name", flat=True)
    names += [str(user) for user in User.objects.filter(reference__in=target.get("officers", []))]
    narrowed = {"same_segment": _("of the need's market segment"), "same_region": _("in the company's region")}
    parts = [", ".join(names)] + [words for name, words in narrowed.items() if target.get(name)]
    return " · ".join(part for part in parts if part)


NAMES = {"fr": gettext_lazy("Name in French"), "en": gettext_lazy("Name in English")}
DESCRIPTIONS = {"fr": gettext_lazy("Description in French"), "en": gettext_lazy("Description in English")}
RULE_PARTS = {
    "segments": gettext_lazy("Market segments"),
    "naf": gettext_lazy("NAF codes"),
    "regions": gettext_lazy("Territory of the company"),
    "trl_min": gettext_lazy("From TRL"),
    "trl_max": gettext_lazy("To TRL"),
    "target": gettext_lazy("Who takes the need"),
    "max_load": gettext_lazy("Open needs at most"),
    "starts_on": gettext_lazy("Holds from"),
    "ends_on": gettext_lazy("Holds until"),
}


def rule_parts(data: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a routing rule, each as its form names it: those that limit nothing are left out."""
    when, segments = data.get("when", {}), code_words(rules.SEGMENT)
    said = {
        "segments": ", ".join(segments.get(code, code) for code in when.get("segments", [])),
        **{name: ", ".join(when.get(name, [])) for name in ("naf", "regions")},
        **{name: str(when.get(name) or "") for name in ("trl_min", "trl_max")},
        "target": target_words(data),
        "max_load": str(data.get("max_load") or ""),
        **{
            name: formats.day_text(date.fromisoformat(data[name])) if data.get(name) else ""
            for name in ("starts_on", "ends_on")
        },
    }
    parts = _texts(data, name=NAMES) | {_("Order"): str(data.get("order", ""))}
    return parts | {str(RULE_PARTS[name]): value for name, value in said.items() if value}


def _texts(data: Mapping[str, Any], **labels: Mapping[str, Any]) -> dict[str, str]:
    """The texts of an entry in both languages, each as its form names it."""
    return {
        str(label): data.get(name, {}).get(language, "")
        for name, each in labels.items()
        for language, label in each.items()
    }


def segment_parts(data: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a market segment, each as its form names it."""
    parts = _texts(data, name=NAMES, description=DESCRIPTIONS)
    return parts | {_("NAF codes"): ", ".join(data.get("naf", []))}


def register_parts() -> None:
    """Tell the catalogue in which words each kind of the desk that has a form says its parts."""
    catalogue.register_words(rules.ROUTING, gettext_lazy("Routing rule"), rule_parts)
    catalogue.register_words(rules.SEGMENT, gettext_lazy("Market segment"), segment_parts)


def validity_words(data: Mapping[str, Any]) -> str:
    """On which days a routing rule holds."""
    start, end = (
        data.get(name) and formats.day_text(date.fromisoformat(data[name])) for name in ("starts_on", "ends_on")
    )
    if start and end:
        return _("from %(start)s to %(end)s") % {"start": start, "end": end}
    if start or end:
        return _("from %(day)s") % {"day": start} if start else _("until %(day)s") % {"day": end}
    return _("always")


Words = Callable[[NeedEvent, str, Mapping[str, Any]], str]
_WORDS: dict[str, Words] = {
    EventKind.RECEIVED: _received,
    EventKind.ASSIGNED: _assigned,
    EventKind.EDITED: _edited,
    EventKind.SECRET_CHANGED: lambda event, audience, data: _("changed the confidential part"),
    EventKind.QUALIFIED: lambda event, audience, data: _("took the need in charge and answered the company"),
    EventKind.MESSAGE: _message,
    EventKind.WAIT_STARTED: lambda event, audience, data: _("The desk waits for the company"),
    EventKind.WAIT_ENDED: lambda event, audience, data: _("The desk no longer waits for the company"),
    EventKind.ATTACHED: lambda event, audience, data: _("added a file"),
    EventKind.DETACHED: lambda event, audience, data: _("removed a file"),
    EventKind.NDA_RECORDED: _nda,
    EventKind.NDA_ENDED: _nda,
    EventKind.NDA_WITHDRAWN: _nda,
    EventKind.CANDIDATE_ADDED: _team_act(lambda: _("shortlisted %(team)s"), lambda: ""),
    EventKind.CANDIDATE_EXCLUDED: _team_act(lambda: _("set %(team)s aside"), lambda: ""),
    EventKind.CANDIDATE_RESTORED: _team_act(lambda: _("brought %(team)s back"), lambda: ""),
    EventKind.REFERRED: _referred,
    EventKind.QUESTION: _team_act(lambda: _("%(team)s asked a question"), lambda: _("asked a question")),
    EventKind.REPLY: _team_act(lambda: _("answered a question of a team"), lambda: _("answered your question")),
    EventKind.ACCEPTED: _team_act(lambda: _("%(team)s accepted"), lambda: _("accepted")),
    EventKind.REFUSED: _refused,
    EventKind.CALLED_BACK: _team_act(lambda: _("called the referral to %(team)s back"), lambda: _("called it back")),
    EventKind.JOINT_PROPOSED: _joint,
    EventKind.JOINT_CONFIRMED: _joint,
    EventKind.JOINT_DECLINED: _joint,
    EventKind.REMINDED: _clock,
    EventKind.MISSED: _mail_missed,
    EventKind.ESCALATED: _clock,
    EventKind.OUTCOME: _outcome,
    EventKind.CLOSED: _closed,
    EventKind.DECLINED: lambda event, audience, data: _("declined the need as out of scope"),
    EventKind.WITHDRAWN: lambda event, audience, data: _("withdrew the need"),
    EventKind.REOPENED: lambda event, audience, data: _("took the need up again"),
}
IMPERSONAL = {EventKind.ASSIGNED, EventKind.WAIT_STARTED, EventKind.WAIT_ENDED, EventKind.REMINDED}
IMPERSONAL |= {EventKind.MISSED}
IMPERSONAL |= {EventKind.ESCALATED, EventKind.OUTCOME, EventKind.JOINT_PROPOSED, EventKind.JOINT_CONFIRMED}
IMPERSONAL |= {EventKind.JOINT_DECLINED, EventKind.QUESTION, EventKind.ACCEPTED, EventKind.REFUSED}
KEY = {EventKind.RECEIVED, EventKind.REFERRED, EventKind.ACCEPTED, EventKind.OUTCOME, EventKind.CLOSED}
KEY |= {EventKind.ESCALATED, EventKind.JOINT_CONFIRMED, EventKind.MISSED}


def event_words(event: NeedEvent, audience: str) -> str:
    """What a line of the timeline tells this audience."""
    return _WORDS[event.kind](event, audience, event.data)


def timeline_items(need: Need, actor: Any, audience: str) -> list[TimelineItem]:
    """The story of a need for one reader, newest first."""
    events = NeedEvent.objects.permitted(actor).filter(need=need).select_related("actor").order_by("-at", "-pk")
    return [event_item(event, audience, need) for event in events]


def followed_items(need: Need) -> list[TimelineItem]:
    """The story of a need for its contact without an account, newest first."""
    events = NeedEvent.objects.filter(need=need, is_for_company=True).select_related("actor").order_by("-at", "-pk")
    return [event_item(event, COMPANY, need) for event in events]


def _who(event: NeedEvent, need: Need) -> str:
    """Whoever did it: what came by a secret address is its contact's, whom no account names."""
    return need.contact_name if event.actor.is_system and need.contact_name else str(event.actor)


def event_item(event: NeedEvent, audience: str, need: Need) -> TimelineItem:
    """A line of the timeline for this audience."""
    named = event.kind not in IMPERSONAL and not (event.kind == EventKind.RECEIVED and audience != COMPANY)
    if audience == TEAM and event.kind in (EventKind.ACCEPTED, EventKind.REFUSED, EventKind.QUESTION):
        named = True
    why = str(event.data.get("reason", "")) if audience == DESK else ""
    return TimelineItem(
        what=event_words(event, audience),
        at=event.at,
        who=_who(event, need) if named else "",
        why=why,
        is_key=event.kind in KEY,
    )
