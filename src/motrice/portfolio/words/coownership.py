"""The reasons of the co-ownership engine in words: what it rests on, and by which article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.engines.coownership import Flaw, Reason
from motrice.portfolio.enums import NoticeAnswer, NoticeSubject
from motrice.portfolio.models import CoOwnerNotice
from motrice.portfolio.rules import share_words
from motrice.web.formats import day_text, moment_text

WORDS = {
    "agreed_too_early": gettext_lazy(
        "The declaration was received on %(declared_on)s: nothing could be agreed on %(agreed_on)s."
    ),
    "agreed_too_late": gettext_lazy("Another agent could be agreed on until %(last_day)s; %(agreed_on)s is too late."),
    "answer_too_early": gettext_lazy("The notice was received on %(received_on)s: an answer cannot precede it."),
    "answer_too_late": gettext_lazy("The delay to answer ended on %(last_day)s."),
    "designated_for_field": gettext_lazy(
        "%(agent)s is the agent of %(unit)s for the field “%(field)s” since %(since)s."
    ),
    "designated_for_unit": gettext_lazy("%(agent)s is the agent of %(unit)s since %(since)s."),
    "ends_before_start": gettext_lazy("The period ends on %(ends_on)s, before it starts on %(starts_on)s."),
    "equal_by_default": gettext_lazy("No share was fixed for %(owners)s: they share %(rest)s equally."),
    "equal_contributions": gettext_lazy("Inventors of %(units)s contributed the same, %(share)s each."),
    "first_to_notify": gettext_lazy("%(agent)s was the first to notify the other agents, on %(at)s%(later)s."),
    "fixed_not_whole": gettext_lazy("The shares that were fixed sum to %(total)s."),
    "greatest_contribution": gettext_lazy("Inventors of %(unit)s contributed most: %(shares)s."),
    "holds_less": gettext_lazy("%(owner)s holds only %(held)s on %(day)s: it cannot give %(share)s."),
    "holds_nothing": gettext_lazy("%(owner)s holds nothing on %(day)s."),
    "inform_by": gettext_lazy("Decided on %(decided_on)s: the co-owners are told by %(last_day)s at the latest."),
    "named_twice": gettext_lazy("The same owner is named twice: add their shares up."),
    "no_rule": gettext_lazy("The catalogue holds no rule of co-ownership for %(on)s."),
    "no_unit": gettext_lazy("No contributor is placed in a unit: say in which unit each worked."),
    "nobody": gettext_lazy("Name at least one owner."),
    "nobody_notified": gettext_lazy(
        "None of the agents has notified all the others yet: the first to do so will act."
    ),
    "none_designated": gettext_lazy(
        "%(unit)s has no agent: its supervisors name one, or the rector of the academic region does when asked."
    ),
    "not_a_share": gettext_lazy("A share is more than nothing and at most the whole."),
    "not_offered": gettext_lazy("%(owner)s was not offered the title yet."),
    "not_received": gettext_lazy("Nobody has confirmed that %(owner)s received the notice of %(sent_on)s."),
    "nothing_left": gettext_lazy("Nothing is left of the whole for %(owners)s."),
    "nothing_received": gettext_lazy("This co-owner has received no notice."),
    "notice_before_decision": gettext_lazy(
        "Decided on %(decided_on)s: it cannot have been told on %(sent_on)s already."
    ),
    "notice_too_late": gettext_lazy("The co-owners were to be told by %(last_day)s; %(sent_on)s is too late."),
    "notified_together": gettext_lazy("%(agents)s notified at the same time, on %(at)s: they must agree."),
    "one_agent_for_all": gettext_lazy("All these units have the same agent, %(agent)s."),
    "preempted": gettext_lazy("%(owner)s buys it first since %(answered_on)s: transfer it to that owner instead."),
    "sale_not_told": gettext_lazy("%(owner)s was not told of this sale and its price."),
    "sale_too_early": gettext_lazy("The other owners may buy it first until %(earliest_on)s, %(months)s months."),
    "same_owner": gettext_lazy("The one who gives and the one who receives are the same."),
    "shares_fixed": gettext_lazy("The shares were fixed before revenue was shared."),
    "taken_over": gettext_lazy("%(owner)s takes the title over since %(answered_on)s: hand it over instead."),
    "too_early": gettext_lazy("The notice of %(months)s months runs until %(earliest_on)s."),
}
FLAWS = {
    "gap": gettext_lazy("nobody owns it %(when)s"),
    "short": gettext_lazy("the shares sum to only %(total)s %(when)s"),
    "excess": gettext_lazy("the shares sum to %(total)s, more than the whole, %(when)s"),
    "overlap": gettext_lazy("%(owner)s is an owner twice %(when)s"),
    "outside": gettext_lazy("%(owner)s has a share %(when)s, when it does not exist"),
}


def reason_words(reason: Reason, names: Mapping[Any, str]) -> str:
    """A reason for people: the sentence with its facts, then the article in brackets."""
    facts = {name: _fact(name, value, names) for name, value in reason.facts.items()}
    facts.setdefault("later", "")
    text = str(WORDS[reason.code]) % facts
    return f"{text.rstrip('.')} ({reason.article})." if reason.article else text


def reasons_words(reasons: Iterable[Reason], names: Mapping[Any, str]) -> str:
    """Several reasons one after the other."""
    return " ".join(reason_words(reason, names) for reason in reasons)


def _fact(name: str, value: Any, names: Mapping[Any, str]) -> str:
    if name == "later":
        told = [_("%(agent)s on %(at)s") % {"agent": names[key], "at": moment_text(at)} for key, at in value.items()]
        return _(", before %(others)s") % {"others": ", ".join(told)} if told else ""
    if isinstance(value, Mapping):
        return ", ".join(f"{names.get(key, key)} {share_words(part)}" for key, part in value.items())
    if isinstance(value, tuple):
        return _(" and ").join(names.get(key, str(key)) for key in value)
    if isinstance(value, Fraction):
        return share_words(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return day_text(value)
    return names.get(value, str(value))


SALE_ANSWERS = {
    NoticeAnswer.DECLINES: gettext_lazy("does not buy it"),
    NoticeAnswer.TAKES_OVER: gettext_lazy("buys it first"),
}


def answer_words(notice: CoOwnerNotice) -> str:
    """What a co-owner answered to a notice."""
    if notice.answer and notice.subject == NoticeSubject.SALE:
        return str(SALE_ANSWERS[NoticeAnswer(notice.answer)])
    return str(notice.get_answer_display())


def flaw_words(flaw: Flaw, names: Mapping[Any, str]) -> str:
    """What is wrong with the shares, and on which days."""
    if flaw.ends_on is None:
        when = _("from %(day)s on") % {"day": day_text(flaw.starts_on)}
    elif flaw.ends_on == flaw.starts_on:
        when = _("on %(day)s") % {"day": day_text(flaw.starts_on)}
    else:
        when = _("from %(first)s to %(last)s") % {
            "first": day_text(flaw.starts_on),
            "last": day_text(flaw.ends_on),
        }
    return str(FLAWS[flaw.kind]) % {"when": when, "total": share_words(flaw.total), "owner": names.get(flaw.owner, "")}
