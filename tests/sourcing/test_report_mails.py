"""The report by mail: asked for and stopped by its reader, sent once when its day has come, with charts in it."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import Message as Mail

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.operations.roles import end_role
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.sourcing.enums import ReportRhythm
from motrice.sourcing.jobs import send_due_reports
from motrice.sourcing.models import ReportMail
from motrice.sourcing.operations.report_mails import ask_for_report, next_day, period_before, stop_report
from tests.directory.factories import user_with
from tests.leaks.reading import pages_of
from tests.sourcing.factories import MONDAY, World, need_of
from tests.sourcing.views.test_story import client_of, text_of

WEEKLY, MONTHLY = ReportRhythm.WEEKLY, ReportRhythm.MONTHLY


@pytest.mark.parametrize(
    ("rhythm", "after", "expected"),
    [
        (WEEKLY, date(2026, 11, 29), date(2026, 11, 30)),
        (WEEKLY, date(2026, 11, 30), date(2026, 12, 7)),
        (WEEKLY, date(2026, 12, 31), date(2027, 1, 4)),
        (MONTHLY, date(2026, 11, 30), date(2026, 12, 1)),
        (MONTHLY, date(2026, 12, 1), date(2027, 1, 1)),
        (MONTHLY, date(2027, 1, 31), date(2027, 2, 1)),
    ],
)
def test_the_next_day_is_a_monday_or_the_first_of_a_month(rhythm, after, expected):
    assert next_day(rhythm, after) == expected


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "last"),
    [
        (WEEKLY, date(2026, 11, 30), date(2026, 11, 23), date(2026, 11, 29)),
        (WEEKLY, date(2026, 12, 3), date(2026, 11, 23), date(2026, 11, 29)),
        (MONTHLY, date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 30)),
        (MONTHLY, date(2027, 3, 9), date(2027, 2, 1), date(2027, 2, 28)),
        (MONTHLY, date(2027, 1, 1), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_told_is_the_whole_one_before(rhythm, day, first, last):
    assert period_before(rhythm, day) == (first, last)


def test_the_report_is_asked_for_and_stopped_on_its_page(place: World):
    client = client_of(place.officer)

    page = text_of(client.post(reverse("sourcing:report_mail"), {"rhythm": "monthly"}, follow=True))
    assert f"The report is mailed to {place.officer.email}, the next one on" in page
    assert ReportMail.objects.get().next_on == next_day(MONTHLY, timezone.localdate())
    client.post(reverse("sourcing:report_mail"), {"rhythm": "weekly"})
    assert ReportMail.objects.get().rhythm == WEEKLY
    page = text_of(client.post(reverse("sourcing:report_mail"), {"rhythm": ""}, follow=True))
    assert "The report is not mailed to you any more." in page
    assert "Mailed to" not in page
    assert not ReportMail.objects.exists()
    page = text_of(client.post(reverse("sourcing:report_mail"), {"rhythm": "hourly"}, follow=True))
    assert "Choose each week or each month." in page
    assert audit.differences() == []


def test_who_reads_no_report_gets_none(place: World):
    with pytest.raises(NotPermitted):
        ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=place.chemist)
    with pytest.raises(RuleViolation, match="each week or each month"):
        ask_for_report(rhythm="daily", today=MONDAY.date(), actor=place.officer)
    stop_report(actor=place.officer)

    assert client_of(place.chemist).post(reverse("sourcing:report_mail"), {"rhythm": "weekly"}).status_code == 403
    assert not ReportMail.objects.exists()


def parts_of(sent: Mail) -> dict[str, list[Mail]]:
    found: dict[str, list[Mail]] = {}
    for part in sent.walk():
        found.setdefault(part.get_content_type(), []).append(part)
    return found


def test_the_mail_holds_the_figures_in_words_the_charts_as_pictures_and_the_pdf(place: World):
    need_of(place)
    place.officer.language = "en"
    place.officer.save()
    ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=place.officer)
    day = MONDAY.date() + timedelta(days=7)

    assert send_due_reports(today=day - timedelta(days=1)) == 0
    assert send_due_reports(today=day) == 1
    assert send_due_reports(today=day) == 0

    (sent,) = mail.outbox
    assert sent.to == [place.officer.email]
    assert sent.subject.startswith("Report of the desk · Needs received from")
    assert "Needs received in the period: 1." in sent.body
    assert "Time to the first answer of a person (Needs). " in sent.body
    assert f"/desk/report/?received_from={MONDAY.date()}&received_to={day - timedelta(days=1)}" in sent.body
    parts = parts_of(sent.message())
    html = parts["text/html"][0].get_payload(decode=True).decode()
    pictures = [part["Content-ID"].strip("<>") for part in parts["image/png"]]
    assert pictures
    assert [f'src="cid:{name}"' in html for name in pictures] == [True] * len(pictures)
    assert html.count("<img") == len(pictures)
    assert all(part.get_payload(decode=True)[1:4] == b"PNG" for part in parts["image/png"])
    paper = pages_of(parts["application/pdf"][0].get_payload(decode=True))
    assert "Needs received in the period: 1." in " ".join(paper.split())


def test_the_mail_is_in_the_reader_s_language(place: World):
    place.officer.language = "fr"
    place.officer.save()
    ask_for_report(rhythm="monthly", today=MONDAY.date(), actor=place.officer)

    send_due_reports(today=next_day(MONTHLY, MONDAY.date()))

    (sent,) = mail.outbox
    assert sent.subject.startswith("Rapport du guichet · Besoins reçus du")
    assert 'lang="fr"' in sent.alternatives[0].content


def test_after_a_stop_only_the_last_period_is_told(place: World):
    ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=place.officer)
    late = MONDAY.date() + timedelta(days=7 * 5 + 2)

    assert send_due_reports(today=late) == 1

    assert str(late - timedelta(days=9)) in mail.outbox[0].body
    assert ReportMail.objects.get().next_on == late + timedelta(days=5)


def test_the_wish_of_who_left_or_lost_the_right_ends(place: World):
    other = user_with("coordinator")
    for reader in (place.officer, other):
        ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=reader)
    place.officer.is_active = False
    place.officer.save()
    for role in other.roles.all():
        end_role(role=role, actor=system_user())

    assert send_due_reports(today=MONDAY.date() + timedelta(days=7)) == 0
    assert not ReportMail.objects.exists()
    assert mail.outbox == []


def test_a_reader_of_totals_is_mailed_no_more_than_totals(place: World):
    member = user_with("representative", on=place.institute)
    member.language = "en"
    member.save()
    need_of(place)
    ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=member)

    send_due_reports(today=MONDAY.date() + timedelta(days=7))

    (sent,) = mail.outbox
    assert "Too few needs to show figures without telling of each." in sent.body
    assert "image/png" not in parts_of(sent.message())


def test_the_clock_of_the_desk_sends_them(place: World, capsys):
    ask_for_report(rhythm="weekly", today=date(2020, 1, 1), actor=place.officer)

    call_command("desk-clock")

    assert "reports mailed: 1" in capsys.readouterr().out
    assert len(mail.outbox) == 1


def test_the_api_asks_tells_and_stops(place: World):
    client = client_of(place.officer)
    url = "/api/v1/desk/report/mail"

    arrived = {"missed": "", "missed_from": None, "missed_to": None}
    assert client.get(url).json() == {"rhythm": None, "next_on": None} | arrived
    asked = client.put(url, {"rhythm": "monthly"}, content_type="application/json")
    assert asked.json() == {"rhythm": "monthly", "next_on": str(next_day(MONTHLY, timezone.localdate()))} | arrived
    assert client.get(url).json() == asked.json()
    assert client.put(url, {"rhythm": "never"}, content_type="application/json").status_code == 422
    assert client.delete(url).status_code == 204
    assert client.get(url).json()["rhythm"] is None
