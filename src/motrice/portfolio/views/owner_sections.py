"""What an asset's page says of its co-owners and of what only its kind has: each section asks its own policy."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.directory.models import Organisation
from motrice.engines.coownership import add_months, shares_on
from motrice.portfolio.enums import AbandonmentStatus, AssetKind, NoticeSubject
from motrice.portfolio.models import (
    Abandonment,
    AdvancedCost,
    AgentNotification,
    Asset,
    CoOwnerNotice,
    Design,
    KnowHow,
    Mandate,
    Mark,
    Material,
    Ownership,
    SecrecyMeasure,
    Software,
    SoftwareVersion,
    ThirdPartyPart,
)
from motrice.portfolio.operations.ownership import flaws_of, holdings
from motrice.portfolio.queries.coownership import agent_answer, cost_years, names_of, standing_of
from motrice.portfolio.queries.software import concerns_of
from motrice.portfolio.tables import coownership as law
from motrice.portfolio.views.record import SECTIONS, Reader, Section, contributors_section, owners_section
from motrice.portfolio.words.coownership import answer_words, flaw_words, reason_words
from motrice.portfolio.words.software import concern_words
from motrice.web import parts
from motrice.web.charts import MAX_SERIES, Chart, Series
from motrice.web.formats import amount_text, day_text


def owners_by_date_section(reader: Reader) -> Section | None:
    """Who owns what part, from which day to which; how it changed, drawn; what is wrong, by its days."""
    section = owners_section(reader)
    if section is None:
        return None
    rows = list(Ownership.objects.permitted(reader.actor).filter(asset=reader.asset).select_related("organisation"))
    names = {row.organisation_id: row.organisation.short_name or row.organisation.name for row in rows}
    section.data["chart"] = _shares_chart(reader.asset, rows, names) if reader.inside else None
    wrong = flaws_of(reader.asset, holdings(rows)) if reader.inside else []
    section.data["wrong"] = [flaw_words(flaw, names) for flaw in wrong]
    if reader.decides:
        section.steps.append(reader.step(_("Transfer a share"), "transfer"))
        section.steps.append(reader.step(_("Correct the shares"), "correct-shares"))
    return section


def makers_section(reader: Reader) -> Section | None:
    """Who invented or wrote it; their parts can be written anew, or confirmed as they stand."""
    section = contributors_section(reader)
    if section is not None and reader.edits:
        is_supposed = any(row.supposed_on for row, _share in section.data["lines"])
        label = _("Confirm or correct the parts") if is_supposed else _("Correct the parts")
        section.steps.append(reader.step(label, "correct-makers"))
    return section


def _shares_chart(asset: Asset, rows: list[Ownership], names: dict[int, str]) -> Chart | None:
    days = sorted({row.starts_on for row in rows})
    if len(days) < 2 or len(names) > MAX_SERIES:
        return None
    held = [shares_on(holdings(rows), day) for day in days]
    series = [Series(name, [round(float(each.get(key, 0)) * 100, 2) for each in held]) for key, name in names.items()]
    return Chart(
        kind="stacked",
        title=_("Shares from each day on which they changed"),
        categories=[day_text(day) for day in days],
        series=series,
        unit="%",
        note=_("Each bar holds until the next one."),
        category_label=_("From"),
        element_id=f"shares-{asset.reference}",
    )


def agent_section(reader: Reader) -> Section | None:
    """Who acts for the public co-owners, by which article; or whom the rules name, and why."""
    if not reader.inside:
        return None
    asset, today = reader.asset, timezone.localdate()
    mandates = list(Mandate.objects.permitted(reader.actor).filter(asset=asset).select_related("agent"))
    answer = agent_answer(asset, on=today)
    names = names_of(answer.reasons)
    current = next((row for row in mandates if row.ends_on is None), None)
    data = {
        "mandates": mandates,
        "agent": names.get(answer.agent) or _body_name(answer.agent),
        "differs": current is not None and answer.agent is not None and current.agent_id != answer.agent,
        "current": current,
        "reasons": [reason_words(reason, names) for reason in answer.reasons],
        "told": list(
            AgentNotification.objects.permitted(reader.actor).filter(asset=asset).select_related("sender", "recipient")
        ),
    }
    steps = []
    if reader.decides and asset.is_live:
        if answer.is_settled and (current is None or data["differs"]):
            steps.append(reader.step(_("Give the mandate"), "agent"))
        steps.append(reader.step(_("Record another agent"), "agree-agent"))
        steps.append(reader.step(_("Record a notice between agents"), "notify-agent"))
    return Section("agent", _("Single agent"), "portfolio/_agent.html", data, steps)


def _body_name(key: Any) -> str:
    row = Organisation.objects.filter(pk=key).first() if key else None
    return (row.short_name or row.name) if row else ""


def notices_section(reader: Reader) -> Section | None:
    """What the co-owners were told, when they received it, what they answered."""
    rows = list(
        CoOwnerNotice.objects.permitted(reader.actor)
        .filter(asset=reader.asset)
        .select_related("owner", "abandonment")
        .order_by("-sent_on", "pk")
    )
    may = reader.decides and reader.asset.is_live
    if not rows and not may:
        return None
    rule = law.rules().on("notice_of_abandonment", timezone.localdate())
    first = law.rules().on("preemption", timezone.localdate())
    delays = {NoticeSubject.ABANDONMENT: rule.months if rule else 0, NoticeSubject.SALE: first.months if first else 0}
    lines = [(row, _state_of(row, delays.get(NoticeSubject(row.subject), 0))) for row in rows]
    steps = [reader.step(_("Tell the co-owners of a protection"), "notify-owners")] if may else []
    if may and reader.asset.kind == AssetKind.PATENT_FAMILY:
        steps.append(reader.step(_("Tell the co-owners of a sale"), "offer-share"))
    return Section("notices", _("Notices to co-owners"), "portfolio/_notices.html", {"lines": lines}, steps)


def _state_of(notice: CoOwnerNotice, months: int) -> str:
    """What a notice waits for: receipt, answer, or nothing more."""
    if notice.answer:
        return f"{answer_words(notice)}, {day_text(notice.answered_on or notice.sent_on)}"
    if notice.received_on is None:
        return _("receipt not confirmed")
    if notice.subject == NoticeSubject.PROTECTION:
        return _("received on %(day)s") % {"day": day_text(notice.received_on)}
    last = add_months(notice.received_on, months)
    if last < timezone.localdate():
        return _("silence until %(day)s") % {"day": day_text(last)}
    return _("no answer yet, until %(day)s") % {"day": day_text(last)}


def abandonment_section(reader: Reader) -> Section | None:
    """Where an abandonment stands: from which day it is allowed, and what stands in its way."""
    rows = list(
        Abandonment.objects.permitted(reader.actor)
        .filter(asset=reader.asset)
        .select_related("asset", "taken_over_by")
        .prefetch_related("notices")
    )
    may = reader.decides
    open_one = next((row for row in rows if row.status == AbandonmentStatus.OPEN), None)
    if not rows and not (may and reader.asset.is_live):
        return None
    data: dict[str, Any] = {"past": [row for row in rows if row is not open_one], "current": open_one}
    steps = [reader.step(_("Start an abandonment"), "abandon")] if may and open_one is None else []
    if open_one is not None:
        standing = standing_of(open_one)
        names = names_of(standing.refusals)
        data["earliest_on"] = standing.earliest_on
        data["refusals"] = [reason_words(reason, names) for reason in standing.refusals]
        if may:
            steps = _abandonment_steps(open_one, {reason.code for reason in standing.refusals})
    return Section("abandonment", _("Abandonment"), "portfolio/_abandonment.html", data, steps)


def _abandonment_steps(abandonment: Abandonment, refused: set[str]) -> list[parts.Step]:
    acts = [] if refused else [("confirm", _("Give the title up"))]
    if "not_offered" in refused:
        acts.append(("offer", _("Offer the title to another co-owner")))
    if "taken_over" in refused:
        acts.append(("hand-over", _("Hand the title over to the co-owner")))
    acts.append(("withdraw", _("Keep the title after all")))
    return [
        parts.Step(label, reverse("portfolio:abandonment_act", args=[abandonment.reference, act]))
        for act, label in acts
    ]


def costs_section(reader: Reader) -> Section | None:
    """What was advanced, year by year, to be repaid from revenue."""
    if not reader.sees_costs:
        return None
    rows = list(
        AdvancedCost.objects.permitted(reader.actor)
        .filter(asset=reader.asset)
        .select_related("payer")
        .order_by("-paid_on")
    )
    if not rows and not reader.edits:
        return None
    rule = law.rules().on("costs_advanced", timezone.localdate())
    years = cost_years(reader.asset)
    data = {
        "lines": [(row, amount_text(row.amount, row.currency)) for row in rows],
        "owed": amount_text(years[-1].carried) if years else "",
        "article": rule.article if rule else "",
    }
    steps = [reader.step(_("Record a cost advanced"), "cost")] if reader.edits else []
    return Section("costs", _("Costs advanced"), "portfolio/_costs.html", data, steps)


def _edit_step(reader: Reader) -> list[parts.Step]:
    url = reverse("portfolio:asset_detail", args=[reader.asset.reference])
    return [parts.Step(_("Edit the details"), url)] if reader.edits else []


def software_section(reader: Reader) -> Section | None:
    """Licence, deposit, versions, third parties' parts, and the warning where they meet an exclusive licence."""
    software = Software.objects.permitted(reader.actor).filter(asset=reader.asset).first()
    if software is None:
        return None
    facts = [
        parts.Fact(_("Licence given"), software.licence),
        parts.Fact(_("Languages and platforms"), software.technologies),
        parts.Fact(_("Repository"), software.repository_url),
        parts.Fact(_("Software Heritage"), software.swhid),
    ]
    data: dict[str, Any] = {"facts": facts, "concerns": []}
    steps = _edit_step(reader)
    if reader.inside:
        deposit = f"{software.get_deposit_display()} {software.deposit_number}".strip()
        if software.deposited_on:
            deposit = f"{deposit}, {day_text(software.deposited_on)}"
        facts.append(parts.Fact(_("Deposit"), deposit))
        facts.append(parts.Fact(_("Exclusive licence"), _("planned or given") if software.is_exclusive else ""))
        listed = list(ThirdPartyPart.objects.permitted(reader.actor).filter(software=software))
        data["versions"] = list(SoftwareVersion.objects.permitted(reader.actor).filter(software=software))
        data["parts"] = listed
        found = concerns_of(listed, is_exclusive=software.is_exclusive)
        data["concerns"] = [(concern_words(one), one.is_conflict) for one in found]
    if reader.edits:
        steps += [reader.step(_("Add a third party's part"), "part"), reader.step(_("Add a version"), "version")]
        steps += [reader.step(_("Take a part off the list"), "remove-part")] if data.get("parts") else []
    return Section("software", _("Software"), "portfolio/_software.html", data, steps)


def know_how_section(reader: Reader) -> Section | None:
    """A secret and how it is kept: for those who work on it only."""
    row = KnowHow.objects.permitted(reader.actor).filter(asset=reader.asset).first()
    if row is None:
        return None
    facts = [
        parts.Fact(_("Who knows it"), row.holders),
        parts.Fact(_("Where it is written down"), row.support),
        parts.Fact(_("Why it is worth keeping"), row.value),
    ]
    return _secret(reader, "know-how", _("Know-how"), facts)


def _secret(reader: Reader, key: str, title: str, facts: list[parts.Fact]) -> Section:
    measures = list(SecrecyMeasure.objects.permitted(reader.actor).filter(asset=reader.asset))
    today = timezone.localdate()
    kept = [row for row in measures if row.ends_on is None or row.ends_on >= today]
    steps = _edit_step(reader)
    if reader.edits:
        steps.append(reader.step(_("Add a secrecy measure"), "measure"))
        steps += [reader.step(_("End a secrecy measure"), "end-measure")] if kept else []
    data = {"facts": facts, "measures": measures, "is_bare": reader.asset.kind == AssetKind.KNOW_HOW and not kept}
    return Section(key, title, "portfolio/_secret.html", data, steps)


def material_section(reader: Reader) -> Section | None:
    """A material: what it is, where it comes from, what one may do with it."""
    row = Material.objects.permitted(reader.actor).filter(asset=reader.asset).first()
    if row is None:
        return None
    facts = [
        parts.Fact(_("What it is"), row.get_material_kind_display()),
        parts.Fact(_("Origin and permits"), row.origin),
        parts.Fact(_("Where it is kept"), row.storage),
        parts.Fact(_("Restrictions on use"), row.restrictions),
        parts.Fact(_("Can be supplied"), _("yes") if row.is_available else _("no")),
    ]
    return _secret(reader, "material", _("Material"), facts)


def sign_section(reader: Reader) -> Section | None:
    """A design or a mark."""
    design = Design.objects.permitted(reader.actor).filter(asset=reader.asset).first()
    mark = Mark.objects.permitted(reader.actor).filter(asset=reader.asset).first()
    if design is not None:
        facts = [parts.Fact(_("Product"), design.product), parts.Fact(_("First shown on"), design.disclosed_on)]
        return Section("design", _("Design"), "portfolio/_detail.html", {"facts": facts}, _edit_step(reader))
    if mark is not None:
        facts = [
            parts.Fact(_("Sign"), mark.sign),
            parts.Fact(_("Goods and services"), mark.goods),
            parts.Fact(_("First used on"), mark.first_used_on),
        ]
        return Section("mark", _("Trade mark"), "portfolio/_detail.html", {"facts": facts}, _edit_step(reader))
    return None


def register() -> None:
    """Put these sections on the page of an asset, in its order."""
    if owners_section in SECTIONS:
        SECTIONS[SECTIONS.index(owners_section)] = owners_by_date_section
        SECTIONS[SECTIONS.index(contributors_section)] = makers_section
        SECTIONS[1:1] = [software_section, know_how_section, material_section, sign_section]
        SECTIONS.extend([agent_section, notices_section, abandonment_section, costs_section])
