"""Every page of the site with somebody who may read it, found from the URL map: a new page is visited unasked.

A new app's pages are found as soon as `tests/leaks` can build their addresses. What needs more is said here: a record
that the leak test does not make in `page_world`, an address that only a mail tells in its `addresses`, what answers
GET without a page of its own in `NOT_PAGES`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.operations.invitations import invite
from motrice.accounts.operations.tokens import create_token
from motrice.accounts.operations.users import system_user
from motrice.accounts.tasks import INVITATION_SALT
from motrice.core.imports_runs import start_run, work
from motrice.directory.models import Relation
from motrice.portfolio.models import DocketMail
from motrice.sourcing.enums import Channel
from motrice.sourcing.links import follow_token
from motrice.sourcing.operations.candidates import shortlist
from motrice.sourcing.operations.desk import declare_absence
from motrice.sourcing.operations.needs import Contact, submit_need
from motrice.sourcing.operations.referrals import ask_question
from tests.directory.factories import IdentifierFactory, OrganisationNameFactory, user_with
from tests.e2e.conftest import session_of
from tests.e2e.result_pages import more_addresses
from tests.leaks import routes
from tests.leaks.reader import PlainClient, at_ease
from tests.leaks.visits import parameters
from tests.leaks.world import LeakWorld, build
from tests.sourcing.factories import need_of, offer_of, person_in, refer, statement

# What tells two records of one page apart; any other part of an address makes another page.
NAMES_A_RECORD = {"reference", "pk", "sequence", "owner", "token", "key", "uidb36", "code", "kind", "label"}
# Addresses that answer GET and show no page of their own, and why.
NOT_PAGES = {
    "accounts:email_closed": "closed: an address is changed by whoever runs the site",
    "accounts:confirm_closed": "closed, as above",
    "accounts:confirm_key_closed": "closed, as above",
    "accounts:my_data": "a file",
    "accounts:calendar_made": "shown once, to whoever has just made an address",
    "accounts:calendar": "a calendar",
    "accounts:calendar_of_docket": "a calendar",
    "accounts:calendar_of_desk": "a calendar",
    "account_email": "closed, as above",
    "account_email_verification_sent": "closed, as above",
    "account_confirm_email": "closed, as above",
    "account_set_password": "leads to changing the password: every account has one",
    "account_confirm_login_code": "shown after a sign-in by code, which the site does not offer",
    "mfa_reauthenticate": "leads to the page of the password",
    "mfa_download_recovery_codes": "a file",
    "web:gallery_suggest": "a fragment",
    "directory:suggest": "a fragment",
    "directory:pick": "a fragment",
    "agreements:pick_asset": "a fragment",
    "inventions:attachment": "a file",
    "inventions:outside_file": "a file",
    "inventions:proof": "a file",
    "sourcing:attachment": "a file",
    "sourcing:report_paper": "a file",
    "inventions:report_paper": "a file",
    "portfolio:figures_paper": "a file",
    "api_missing": "the API's refusal",
}
READERS = [
    "anonymous",
    "company contact",
    "officer in charge",
    "patent engineer in charge",
    "inventor of a disclosure",
    "evaluator of a disclosure",
    "director of the unit asked",
    "coordinator",
    "administrator",
    "auditor",
    "with a second factor",
    "asked for a second factor",
]
PASSWORD = "Sextant-inventé-2026"


@dataclass(frozen=True)
class VisitedPage:
    """One page: its route and variant, its address, and the reader who opens it."""

    name: str
    url: str
    who: str


@dataclass
class PageWorld:
    """The world of the leak test with what else pages show, the addresses that only a mail tells, the sessions."""

    leak: LeakWorld
    addresses: dict[str, str]
    more: dict[str, list[str]]
    sessions: dict[str, str]


def page_world(folder: Path) -> PageWorld:
    """The records that the pages show: long names and texts, and at least one of each."""
    leak = build()
    place, actors = leak.place, leak.actors
    for actor in actors.values():
        if actor.pk:  # the pages of the password are for accounts that have one
            actor.set_password(PASSWORD)
            actor.save(update_fields=["password"])
    file = folder / "registry.jsonl"
    entry = {"id": "05f82e368", "status": "active", "types": ["education"], "country": "FR"}
    lines = [{**entry, "name": "Université inventée des matières et des matériaux"}, {**entry, "id": "not-a-number"}]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    work(start_run(kind="ror", files=[("", file)], actor=actors["coordinator"]))
    invitation = invite(
        email="new@example.org", display_name="Marguerite Brisevent", kind="auditor", actor=actors["administrator"]
    )
    create_token(
        actor=actors["officer in charge"], name="Tableau de bord de la direction", scopes=["sourcing:read"],
        expires_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    away = timezone.localdate() + timedelta(days=30)
    declare_absence(officer=actors["officer in charge"], starts_on=away, ends_on=away, actor=actors["coordinator"])
    asked = refer(place, need_of(place, title="Anticonstitutionnellement " * 3, at=None), place.chemistry, at=None)[0]
    ask_question(referral=asked, text="À quelle température la colle prend-elle ?", actor=place.chemist)
    unread = need_of(place, title="Colle au chaud", at=None)
    offer_of(place.chemistry, place.chemist)
    IdentifierFactory(organisation=None, person=person_in(place.chemistry), scheme="orcid", value="0000000218250097")
    IdentifierFactory(organisation=place.chemistry, scheme="rnsr", value="200112345U")
    OrganisationNameFactory(organisation=place.chemistry, kind="former", value="Laboratoire inventé des liants")
    shortlist(need=unread, organisation=place.chemistry, actor=place.officer)
    visitor = submit_need(
        actor=system_user(),
        statement=statement(),
        contact=Contact(company_name="Société inventée", name="Rose Inventée", email="rose@example.org"),
        channel=Channel.VISITOR,
    )
    teams = "&".join(f"owner=team-{team.reference}" for team in (place.optics, place.chemistry))
    link = Relation.objects.filter(source__level="public", target=place.chemistry).select_related("source")[0]
    addresses = {
        "accounts:invitation": reverse(
            "accounts:invitation", args=[signing.Signer(salt=INVITATION_SALT).sign(invitation.reference)]
        ),
        "directory:link_end": reverse("directory:link_end", args=[link.source.reference, link.pk]),
        "sourcing:follow": reverse("sourcing:follow", args=[follow_token(visitor)]),
        "sourcing:compare": reverse("sourcing:compare", args=[unread.reference]) + f"?{teams}",
        "sourcing:refer": reverse("sourcing:refer", args=[unread.reference]),
        "sourcing:exclude_team": reverse(
            "sourcing:exclude_team", args=[unread.reference, f"team-{place.optics.reference}"]
        ),
    }
    engineer = actors["patent engineer in charge"]
    mail = DocketMail.objects.create(
        user=engineer, kind="reminder", state="failed", made_at=timezone.now(), error="550"
    )
    more = more_addresses(place) | {"portfolio:docket_mail": [reverse("portfolio:docket_mail", args=[mail.reference])]}
    return PageWorld(leak, addresses, more, sessions(actors))


def sessions(actors: dict[str, Any]) -> dict[str, str]:
    """A session of each reader: the password just given, and the second factor where there is one."""
    careful = user_with("officer")
    careful.set_password(PASSWORD)
    careful.save(update_fields=["password"])
    TOTP.activate(careful, generate_totp_secret())
    RecoveryCodes.activate(careful)
    signed_in = {who: session_of(actors[who]) for who in READERS if who in actors and actors[who].pk}
    halfway = Client(headers={"Accept-Language": "en"})
    halfway.post(reverse("account_login"), {"login": careful.email, "password": PASSWORD})
    return {
        "anonymous": "",
        **signed_in,
        "with a second factor": session_of(careful),
        "asked for a second factor": halfway.cookies[settings.SESSION_COOKIE_NAME].value,
    }


def candidates(world: PageWorld) -> Iterator[tuple[str, str, list[str]]]:
    """Each route, in its variants, with the addresses where it may be seen."""
    for name, _path, pattern in routes.walk():
        if name in routes.SKIPPED or name in NOT_PAGES or name.startswith("api:"):
            continue
        if name in world.addresses:
            yield name, name, [world.addresses[name]]
            continue
        variants: dict[str, list[str]] = {}
        for values, _record in parameters(name, pattern, world.leak) or []:
            variant = " ".join(str(value) for key, value in values.items() if key not in NAMES_A_RECORD)
            variants.setdefault(variant, []).append(reverse(name, kwargs=values))
        if not variants:  # no record of its kind: a page that nobody opens, unless it takes no GET at all
            guessed = dict.fromkeys(pattern.pattern.converters, "AAAAAAAA")
            variants[name] = [reverse(name, kwargs=guessed)]
        for variant, urls in variants.items():
            key = name if variant in ("", name) else f"{name} {variant}"
            yield name, key, [*world.more.get(key, ()), *urls]


def is_page(response: HttpResponse) -> bool:
    """Whether a whole page came back: no redirection, file or fragment."""
    return response.status_code == 200 and b"<html" in getattr(response, "content", b"")[:400]


def every_page(world: PageWorld, part: int = 0, parts: int = 1) -> tuple[list[VisitedPage], list[str]]:
    """Each page of one part of them with its first reader, and the routes that nobody opened."""
    clients = {}
    for who in READERS:
        clients[who] = PlainClient(raise_request_exception=False)
        clients[who].cookies[settings.SESSION_COOKIE_NAME] = world.sessions[who]
    pages, unread = [], []
    for _name, variant, urls in islice(candidates(world), part, None, parts):
        found = _first_reader(clients, urls)
        if found is None:
            unread.append(variant)
        elif found != ("", ""):
            pages.append(VisitedPage(variant, found[0], found[1]))
    return pages, unread


def _first_reader(clients: dict[str, Client], urls: list[str]) -> tuple[str, str] | None:
    """The address and the reader of a page; two empty texts when the address takes no GET at all."""
    for url in urls:
        for who, client in clients.items():
            response = at_ease(client.get, url)
            if response.status_code == 405:
                return "", ""
            if is_page(response):
                return url, who
    return None
