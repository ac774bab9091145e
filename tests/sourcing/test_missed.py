"""Mails about a need that never arrived are told to the desk alone."""

from __future__ import annotations

from typing import Any

import pytest

from motrice.core import audit
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import NeedEvent
from motrice.sourcing.operations.needs import write_to_company
from motrice.sourcing.words import COMPANY, DESK, timeline_items
from tests.mails import AWAY, NOBODY, meets, work
from tests.sourcing.factories import World, need_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]


def lines(need: Any, actor: Any, audience: str) -> list[str]:
    return [item.what for item in timeline_items(need, actor, audience) if "did not reach" in item.what]


def test_the_desk_learns_that_the_company_did_not_get_its_message(place: World, monkeypatch):
    need = need_of(place)
    meets(monkeypatch, AWAY, NOBODY)
    write_to_company(need=need, text="Bonjour, à quelle température ?", actor=need.owner)

    work()
    early = NeedEvent.objects.filter(kind=EventKind.MISSED).count()
    work(later=True)

    name = str(need.contact) if need.contact else need.contact_name
    assert early == 0
    assert lines(need, need.owner, DESK) == [
        f"A mail did not reach {name}: the address was refused. Write otherwise, or correct the address."
    ]
    assert lines(need, need.contact or place.contact, COMPANY) == []
    assert audit.differences() == []
