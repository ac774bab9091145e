"""No act that takes something away is done by one press: a page asks first, or the answer offers an undo."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from motrice.accounts.operations.calendar_addresses import make_calendar_address
from motrice.accounts.operations.invitations import invite
from motrice.accounts.operations.tokens import create_token
from motrice.accounts.operations.users import system_user
from motrice.sourcing.operations.attachments import attach_file
from motrice.sourcing.operations.desk import declare_absence
from motrice.sourcing.operations.drafts import save_draft
from motrice.web.confirm import confirmed
from motrice.web.operations.saved_view import save_view
from tests.directory.factories import user_with
from tests.sourcing.factories import need_of, world
from tests.test_house import FOREIGN_VIEWS

# Addresses that only take a POST and do it at once, with the reason why that loses nothing.
LOSES_NOTHING = {
    "accounts:calendar_make": "adds an address",
    "accounts:emergency_close": "closes an access that can be opened again, and should close quickly",
    "accounts:view_as_stop": "ends a look at the site as another",
    "accounts:follow": "following is taken up again by the same button",
    "accounts:audit_verify": "reads",
    "directory:proposal_decide": "a decision on one proposal is changed on the same page until it is written",
    "directory:merge_undo": "is the undo of a merge, which can be done again",
    "inventions:step_save": "keeps what is typed",
    "inventions:evaluator_remind": "sends a reminder",
    "inventions:opinion_save": "keeps what is typed",
    "inventions:outside_save": "keeps what is typed",
    "inventions:inventor_invite": "sends an invitation once more",
    "inventions:decision_approve": "is the second person's own act, asked for on the page of the decision",
    "portfolio:docket_mail_retry": "sends a mail that could not be sent",
    "portfolio:domain_act": "what ends keeps its dates, what is dismissed is proposed again by another rule",
    "portfolio:landscape_compute": "works places out anew",
    "portfolio:landscape_documents": "adds documents and works places out anew",
    "sourcing:ask_save": "keeps what is typed",
    "sourcing:candidate_act": "adds to the shortlist",
    "sourcing:report_mail": "is chosen again as easily",
    "sourcing:restore_team": "is the undo of setting a team aside",
    "web:preferences": "a choice of colours",
    "web:language": "a choice of language",
}


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"


def posts_only():
    """The names of our addresses that refuse to be read, with their views."""
    request = RequestFactory().get("/")
    for namespace, resolver in [("", get_resolver()), *names_of(get_resolver())]:
        for entry in resolver.url_patterns:
            view = getattr(entry, "callback", None)
            if view is None or namespace == "api" or not hasattr(view, "guard"):
                continue
            if any(view.__module__.startswith(foreign) for foreign in FOREIGN_VIEWS):
                continue
            try:
                refused = view(request).status_code == 405
            except Exception:
                refused = False
            if refused:
                yield f"{namespace}:{entry.name}" if namespace else entry.name, view


def names_of(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            if entry.app_name or entry.namespace:
                yield entry.namespace or entry.app_name, entry
            yield from names_of(entry)


def test_every_address_that_only_takes_a_post_asks_first_or_loses_nothing():
    found = dict(posts_only())
    asks = {name for name, view in found.items() if asks_first(view)}

    assert len(found) > 15
    assert sorted(set(found) - asks) == sorted(set(found) & set(LOSES_NOTHING)), "decorate it with web.confirm"
    assert not asks & set(LOSES_NOTHING)


def asks_first(view):
    while view is not None:
        if getattr(view, "asks_first", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def token(place):
    today = timezone.localdate()
    made, _secret = create_token(actor=place.officer, name="Script", scopes=["sourcing:read"], expires_on=today)
    return place.officer, "accounts:token_revoke", made


def invitation(place):
    sent = invite(actor=system_user(), email="nina@example.org", display_name="Nina", kind="officer")
    return user_with("administrator"), "accounts:invitation_revoke", sent


def draft(place):
    return place.contact, "sourcing:ask_discard", save_draft(author=place.contact, answers={"title": "Un vernis"})


def file_of_a_need(place):
    need = need_of(place)
    return (
        place.officer,
        "sourcing:attachment_remove",
        attach_file(need=need, name="plan.txt", content=b"Un plan", is_confidential=False, actor=place.officer),
    )


def calendar(place):
    made, _secret = make_calendar_address(kind="desk", actor=place.officer)
    return place.officer, "accounts:calendar_revoke", made


def absence(place):
    today = timezone.localdate()
    away = declare_absence(officer=place.officer, starts_on=today, ends_on=today, actor=place.officer)
    return place.officer, "sourcing:absence_cancel", away


def saved_view(place):
    view = save_view(actor=place.officer, list_name="directory.units", name="Brest", query="q=a", is_shared=False)
    return place.officer, "web:saved_view_delete", view


CASES = [token, invitation, draft, file_of_a_need, calendar, absence, saved_view]


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_one_press_asks_and_the_second_does_it(client, case):
    actor, name, record = case(world())
    address = reverse(name, args=[record.reference])
    client.force_login(actor)
    client.cookies["motrice_language"] = "en"

    def rows():
        return list(type(record)._base_manager.order_by("pk").values())

    before = rows()
    asked = client.post(address, headers={"Referer": "http://testserver/account/?x=1"})

    text = asked.content.decode()
    assert asked.status_code == 200
    assert 'href="/account/?x=1"' in text
    assert rows() == before
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    done = client.post(address, kept)
    assert done.status_code == 302
    assert rows() != before


def asked_of(fields, **headers):
    @confirmed("Remove", "“%(what)s” goes.", when=lambda request, _kwargs: request.POST.get("act") == "remove")
    def view(request, record):
        return HttpResponse("done")

    request = RequestFactory().post("/x/", fields, headers=headers)
    request.user = AnonymousUser()
    return view(request, "This").content.decode()


def test_the_page_keeps_what_was_sent_and_asks_only_for_what_removes():
    assert asked_of({"act": "keep"}) == "done"
    assert asked_of({"act": "remove", "confirmed": "yes"}) == "done"
    text = asked_of({"act": "remove", "row": ["1", "<2>"], "csrfmiddlewaretoken": "secret"})
    assert "“This” goes." in text
    assert re.findall(r'name="row" value="([^"]*)"', text) == ["1", "&lt;2&gt;"]
    assert "secret" not in text


@pytest.mark.parametrize("came", ["https://elsewhere.example/a", "javascript:alert(1)", ""])
def test_the_way_back_never_leads_to_another_site(came):
    assert 'href="/"' in asked_of({"act": "remove"}, Referer=came)
