"""The report by mail, asked for twice at one press and sent by two clocks: one wish, one mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from motrice.accounts.models import User
from motrice.core import audit
from motrice.sourcing import jobs
from motrice.sourcing.models import ReportMail
from motrice.sourcing.operations.report_mails import ask_for_report
from tests.core.test_concurrency import at_once
from tests.meeting import meet
from tests.sourcing.factories import MONDAY, World, world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = tmp_path / "files", tmp_path / "search"
    return world()


def asked(reader: User) -> str:
    return ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=User.objects.get(pk=reader.pk)).rhythm


def test_asked_for_twice_at_once_it_is_one_wish(place: World, monkeypatch: Any):
    meet(monkeypatch, (audit.Recorder, "create"), first=True)

    results = at_once(lambda: asked(place.officer), lambda: asked(place.officer))

    assert results == ["weekly", "weekly"]
    assert ReportMail.objects.count() == 1
    assert audit.differences() == []


def test_two_clocks_at_once_mail_it_once(place: World, monkeypatch: Any):
    asked(place.officer)
    sent: list[Any] = []
    monkeypatch.setattr(jobs.send_report.__class__, "enqueue", lambda self, *args: sent.append(args))
    meet(monkeypatch, (jobs, "take_due"), first=True)
    day = MONDAY.date() + timedelta(days=7)

    results = at_once(lambda: jobs.send_due_reports(today=day), lambda: jobs.send_due_reports(today=day))

    assert sorted(results) == [0, 1]
    assert [args[0] for args in sent] == [place.officer.pk]
    assert audit.differences() == []
