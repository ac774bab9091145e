"""One kind of reader: what came back from every visit, what of it should not have, and what is there to compare."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client

from motrice.core.policies import allows
from tests.leaks import routes
from tests.leaks.reading import bare, text_of, texts
from tests.leaks.visits import Visit
from tests.leaks.world import PROBE, Canary, LeakWorld, words_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COMPARED = ("", f"?q={PROBE}")


def at_ease(run: Callable[..., Any], *given: Any) -> Any:
    """Run with a stack that need not grow: a fifth of the time goes otherwise.

    CPython 3.11 keeps its frames in chunks of 16 KiB, and asks the system for one anew at each call that crosses the
    end of a chunk: 390 times a request here. A frame that asks for much leaves room behind it for all that it calls.
    """
    return run(*given)


at_ease.__code__ = at_ease.__code__.replace(co_stacksize=20_000)  # of 32,768 that the next size of a chunk holds


class PlainClient(Client):
    """Django's client without its copy of every template's context, which takes longer than many a page."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


@dataclass(frozen=True)
class Answer:
    """What came back: its status, where it sends to, every text in it, and what may be compared between two worlds."""

    status: int
    location: str
    captured: str
    text: str


class Reader:
    """Signs in once; each visit then finds the session as it was, and its writes are taken back.

    No visit changes who the reader is: each gets a copy of the account and of its roles, not two queries for them.
    """

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self._who = mock.patch("django.contrib.auth.get_user", new=self._asked_by)
        signed_in = Client()
        if not isinstance(actor, AnonymousUser):
            signed_in.force_login(actor, backend=BACKEND)
            assert signed_in.get("/").wsgi_request.user == actor
            assert actor.active_roles is not None  # read here, once
        self._cookies = signed_in.cookies
        self._client = PlainClient(headers={"Accept-Language": "en"})

    def _asked_by(self, request: Any) -> Any:
        return copy.copy(self.actor)

    def ask(self, visit: Visit, query: str = "") -> Answer:
        """One request."""
        return at_ease(self._ask, visit, query)

    def _ask(self, visit: Visit, query: str) -> Answer:
        client = self._client  # one for all: each new one loads the middleware anew
        client.cookies.clear()
        client.cookies.load(self._cookies)
        data: dict[str, Any] = {}
        if (visit.url.startswith("/api/") and visit.method != "GET") or visit.method not in ("GET", "POST"):
            data = {"content_type": "application/json", "data": "{}"}
        with transaction.atomic(), self._who:
            response = getattr(client, visit.method.lower())(visit.url + query, **data)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        assert response.status_code != 429, f"{visit.url} was not read: the reader asks too often"
        location = response.get("Location", "")
        text = text_of(body)
        return Answer(response.status_code, location, texts(response, body, text), bare(text))


@dataclass
class Findings:
    """All that one reader got from the whole world."""

    told: set[str] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)
    kept: dict[tuple[Visit, str], tuple[int, bytes]] = field(default_factory=dict)

    def hold(self, visit: Visit, query: str, answer: Answer) -> None:
        """Keep what a second reading is compared with."""
        if (
            visit.method == "GET"
            and query in COMPARED
            and answer.status < 400
            and visit.name not in routes.TELL_OF_ALL
        ):
            self.kept[visit, query] = (answer.status, zlib.compress(answer.text.encode(), 1))

    def before(self, hidden: list[Any]) -> Iterator[tuple[Visit, str, tuple[int, str]]]:
        """The answers to compare: not the pages of what is about to go."""
        for (visit, query), (status, text) in self.kept.items():
            if not any(getattr(row, "reference", "-") in visit.url for row in hidden):
                yield visit, query, (status, zlib.decompress(text).decode())


def read_all(actor: Any, world: LeakWorld, visits: list[Visit]) -> Findings:
    """Every visit of one reader, with the searches, orders and exports of each list.

    Where the policy hides a record, and a page has answered that there is none, the page is not asked again for it,
    whatever the act: its guard answers before it is run. Of each route one such record is asked for by every method.
    """
    reader, found = Reader(actor), Findings()
    forbidden = [canary for canary in world.canaries if not canary.readable(actor)]
    asked: set[str] = set()
    closed: dict[str, set[Any]] = {}
    for visit in visits:
        refused = closed.get(visit.name, set())
        if visit.door in refused and (len(refused) > 1 or visit.method == "GET"):
            continue
        first = reader.ask(visit)
        if visit.door is not None and first.status == 404 and not allows(actor, "view", visit.door):
            closed.setdefault(visit.name, set()).add(visit.door)
        is_list = visit.method == "GET" and visit.record is None and first.status == 200
        is_asked = is_list and (visit.is_whole_route or visit.name not in asked)
        if is_asked:
            asked.add(visit.name)
        for query in ("", *visit.queries) if is_asked else ("",):
            answer = reader.ask(visit, query) if query else first
            found.hold(visit, query, answer)
            found.told |= words_in(answer.captured)
            found.faults |= set(leaks_in(answer, visit, forbidden))
            found.faults |= set(door_faults(answer, visit, actor))
            if answer.status >= 500:
                found.faults.add(f"{visit.method} {visit.url}{query} ({visit.name}) breaks: {answer.status}")
    return found


def leaks_in(answer: Answer, visit: Visit, forbidden: list[Canary]) -> list[str]:
    """The planted words that came back and should not have."""
    told = words_in(answer.captured) - words_in(visit.url)
    return [
        f"{visit.method} {visit.url} ({visit.name}, {answer.status}) tells the {canary.where}"
        for canary in forbidden
        if canary.word in told
    ]


def door_faults(answer: Answer, visit: Visit, actor: Any) -> list[str]:
    """A record's page opens only to whom the policy lets see it, and to all of them."""
    if visit.record is None or answer.status == 405:
        return []
    what = f"{visit.method} {visit.url} ({visit.name}, {answer.status})"
    to_sign_in = answer.status == 302 and "/account/login/" in answer.location
    closed = answer.status in (401, 404) or to_sign_in
    if not allows(actor, "view", visit.record):
        return [] if closed else [f"{what} answers who may not see the record"]
    if not allows(actor, visit.action, visit.record):
        return [] if closed or answer.status == 403 else [f"{what} answers who may not {visit.action}"]
    return [f"{what} is closed to who may open it"] if answer.status == 404 and not to_sign_in else []


def differences(before: tuple[int, str], after: tuple[int, str]) -> str:
    """The first line that differs."""
    pairs = zip(before[1].splitlines(), after[1].splitlines(), strict=False)
    lines = next(((one, two) for one, two in pairs if one != two), ("", ""))
    return f"{before[0]} {lines[0][:300]!r} became {after[0]} {lines[1][:300]!r}"
