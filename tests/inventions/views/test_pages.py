"""The pages of disclosures: written section by section, signed from outside, evaluated, decided, proved."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motrice.core.models import AuditEntry
from motrice.inventions import rules
from motrice.inventions.links import sign_token
from motrice.inventions.models import Disclosure, Inventor, Seal
from motrice.inventions.operations.drafting import add_divulgation, change_inventor
from motrice.inventions.operations.opinions import give_opinion, invite_evaluator
from motrice.inventions.operations.signing import invite_again, submit_disclosure
from motrice.web import panels
from tests.directory.factories import user_with
from tests.inventions import factories
from tests.inventions.factories import Lab
from tests.leaks.reading import pages_of
from tests.open_page import left_open

pytestmark = pytest.mark.django_db


def outside_url(disclosure: Disclosure) -> str:
    return f"/disclosures/sign/{sign_token(Inventor.objects.get(disclosure=disclosure, person=None))}/"


def test_a_researcher_writes_section_by_section_and_sends(place: Lab, as_user):
    client = as_user(place.researcher)
    client.post("/disclosures/new/", {"unit": place.unit.reference, "kind": "invention", "language": "en"})
    disclosure = Disclosure.objects.get()
    base = f"/disclosures/{disclosure.reference}/write"

    client.post(f"{base}/result/save/", {"title": "Cold seal", "summary": "half a sen"})
    assert b"half a sen" in client.get(f"{base}/result/").content
    disclosure.refresh_from_db()
    assert disclosure.title == ""
    client.post(f"{base}/result/", {"title": "Cold seal", "summary": "A seal.", "problem": ""})
    client.post(f"{base}/new/", {"novelty": "No heat.", "prior_art": "", "uses": "", "keywords": ""})
    client.post(f"{base}/when/", {"invented_on": "2026-06-01", "trl": "4", "domain": "wipo-17"})
    ada = Inventor.objects.get()
    client.post(
        f"/disclosures/inventors/{ada.reference}/",
        {"name": ada.name, "email": ada.email, "employer": "School", "unit": "", "role": "inventor", "share": "99 %"},
    )
    client.post(f"{base}/ties/", {"none": "yes"})
    client.post(f"{base}/publications/", {"none": "yes"})

    refused = client.post(f"/disclosures/{disclosure.reference}/send/")
    assert refused.status_code == 422
    assert (
        "The shares sum to 99/100 (99\N{NO-BREAK SPACE}%): 1/100 (1\N{NO-BREAK SPACE}%) is missing."
        in refused.content.decode()
    )
    client.post(
        f"{base}/inventors/",
        {"name": "Chloé Dehors", "email": "chloe@example.org", "employer": "Elsewhere", "role": "inventor",
         "share": "1/100"},
    )  # fmt: skip
    sent = client.post(f"/disclosures/{disclosure.reference}/send/", follow=True)

    disclosure.refresh_from_db()
    assert disclosure.status == "submitted"
    assert "Awaiting signatures" in sent.content.decode()


def shown(client: Client, url: str) -> dict[str, str]:
    """What a page sends along unseen."""
    found = re.findall(r'name="(page|read-\w+)" value="([^"]*)"', client.get(url).content.decode())
    return dict(found)


def test_of_two_who_write_one_answer_the_second_is_shown_both(place: Lab, as_user):
    disclosure = factories.draft(place)
    url = f"/disclosures/{disclosure.reference}/write/result/"
    client = as_user(place.researcher)
    mine, theirs = shown(client, url), shown(client, url)
    answers = {"title": disclosure.title, "summary": disclosure.summary, "problem": disclosure.problem}
    client.post(url, answers | theirs | {"summary": "Written <first>."})

    told = client.post(f"{url}save/", answers | mine | {"summary": "Written second.", "title": "New title"}).json()
    assert told["moved"] == {}
    assert "You, in another window, wrote something else here" in told["clashes"]["summary"]
    assert "Written &lt;first&gt;." in told["clashes"]["summary"]

    refused = client.post(url, answers | mine | {"summary": "Written second.", "title": "New title"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "There are two versions: choose one." in page
    assert "Written &lt;first&gt;." in page
    assert "Written second." in page
    disclosure.refresh_from_db()
    assert (disclosure.summary, disclosure.title) == ("Written <first>.", factories.ANSWERS["title"])
    send = client.get(f"/disclosures/{disclosure.reference}/send/").content.decode()
    assert "Two versions wait for your choice" in send
    assert client.get(url).content.decode().count("data-clash=") == 1

    again = shown(client, url)
    client.post(url, answers | again | {"summary": "Written second.", "title": "New title", "keep": "summary"})
    assert "data-clash=" not in client.get(url).content.decode()
    client.post(url, answers | shown(client, url) | {"summary": "Written second.", "title": "New title"})
    disclosure.refresh_from_db()
    assert (disclosure.summary, disclosure.title) == ("Written second.", "New title")
    assert "Two versions wait" not in client.get(f"/disclosures/{disclosure.reference}/send/").content.decode()


def test_what_a_page_left_alone_takes_over_what_others_wrote(place: Lab, as_user):
    disclosure = factories.draft(place)
    url = f"/disclosures/{disclosure.reference}/write/result/"
    client = as_user(place.researcher)
    mine = shown(client, url)
    answers = {"title": disclosure.title, "summary": disclosure.summary, "problem": disclosure.problem}
    client.post(url, answers | shown(client, url) | {"summary": "Written first."})

    told = client.post(f"{url}save/", answers | mine | {"problem": "Another."}).json()
    assert (told["moved"], told["clashes"]) == ({"summary": "Written first."}, {})
    assert client.post(url, answers | mine | {"problem": "Another."}).status_code == 302
    disclosure.refresh_from_db()
    assert (disclosure.summary, disclosure.problem) == ("Written first.", "Another.")


def test_typing_on_what_was_sent_meanwhile_is_refused(place: Lab, as_user):
    disclosure = factories.submitted(place)
    answer = as_user(place.researcher).post(
        f"/disclosures/{disclosure.reference}/write/result/save/", {"title": "Too late"}
    )
    assert answer.status_code == 409


def test_somebody_of_elsewhere_signs_by_the_address_of_the_mail(place: Lab, client):
    disclosure = factories.submitted(place)
    url = outside_url(disclosure)
    page = client.get(url).content.decode()
    assert "Ada Inventée" in page
    assert page.count("1/3") == 1

    client.post(url, {"typed_name": "Chloé Dehors", "confirms_share": "on"})

    assert client.get(url).status_code == 200
    assert Inventor.objects.get(person=None).signatures.count() == 1


def test_a_new_invitation_closes_the_old_address(place: Lab, client):
    disclosure = factories.submitted(place)
    old = outside_url(disclosure)
    chloe = Inventor.objects.select_related("disclosure", "person").get(person=None)

    invite_again(inventor=chloe, actor=place.researcher)

    assert client.get(old).status_code == 404
    assert client.get(outside_url(disclosure)).status_code == 200


def test_the_address_shows_nothing_while_it_is_corrected(place: Lab, client, as_user):
    disclosure = factories.submitted(place)
    url = outside_url(disclosure)

    as_user(place.researcher).post(f"/disclosures/{disclosure.reference}/act/recall/")

    page = Client().get(url).content.decode()
    assert "Joint qui se répare" not in page
    assert "-20" not in page


@pytest.mark.parametrize("state", ["draft", "submitted", "received", "evaluated", "decided"])
def test_the_inventors_page_says_state_holder_since_and_next(place: Lab, as_user, state):
    disclosure = getattr(factories, state)(place, at=timezone.localtime() - timedelta(days=3))

    page = as_user(place.researcher).get(f"/disclosures/{disclosure.reference}/").content.decode()

    assert "Where it stands" in page
    holder = {"draft": str(place.researcher), "submitted": "Chloé Dehors"}.get(state, str(disclosure.owner))
    for words in (disclosure.get_status_display(), holder, "for 3 days", "What comes next"):
        assert words in page, words


def test_a_planned_publication_is_shown_and_waits_for_officer_and_inventor(place: Lab, as_user):
    disclosure = factories.evaluated(place, at=timezone.now())
    soon = timezone.localdate() + timedelta(days=10)
    add_divulgation(
        disclosure=disclosure, kind="conference", title="Congrès inventé", dated_on=soon, actor=place.researcher
    )

    for user in (place.researcher, disclosure.owner):
        page = as_user(user).get(f"/disclosures/{disclosure.reference}/").content.decode()
        waiting = [item for item in panels.waiting_for(user) if item.until == soon]
        assert "before the decision" in page
        assert len(waiting) == 1
    assert not panels.waiting_for(place.coordinator)


def test_what_changed_says_who_did_it(place: Lab):
    disclosure = factories.evaluated(place, at=timezone.now())

    told = {str(item.what): str(item.who) for item in panels.changes_for(disclosure.owner)}

    assert told["sent it for signature"] == str(place.researcher)


def test_the_list_tells_the_decision_beside_the_state(place: Lab, as_user):
    disclosure = factories.decided(place)

    page = as_user(disclosure.owner).get("/disclosures/").content.decode()

    assert f"Decided · {disclosure.get_decision_display()}" in page


def test_the_officer_evaluates_with_what_was_said(place: Lab, as_user):
    disclosure = factories.evaluated(place)
    asked = invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner)
    client = as_user(place.expert)
    data = {"summary": "Solid.", "advice": "patent"}
    for code in ("novelty", "prior-art", "readiness", "market", "freedom", "partners"):
        data |= {f"score_{code}": "4", f"reason_{code}": "Seen."}
    assert client.post(f"/disclosures/opinions/{asked.reference}/", data).status_code == 302
    assert "Solid." in client.get(f"/disclosures/opinions/{asked.reference}/").content.decode()
    assert client.get(f"/disclosures/{disclosure.reference}/evaluation/").status_code == 403

    page = as_user(disclosure.owner).get(f"/disclosures/{disclosure.reference}/evaluation/").content.decode()

    assert "Solid." in page
    assert "80" in page


def test_a_second_person_approves_on_the_page(place: Lab, as_user):
    disclosure = factories.evaluated(place)
    client = as_user(disclosure.owner)
    client.post(f"/disclosures/{disclosure.reference}/act/decide/", {"kind": "patent", "reasons": "New."})
    decision = disclosure.decisions.get()
    own = client.post(f"/disclosures/decisions/{decision.reference}/approve/")
    assert own.status_code == 403

    as_user(place.director).post(f"/disclosures/decisions/{decision.reference}/approve/")

    disclosure.refresh_from_db()
    assert (disclosure.status, disclosure.decision) == ("decided", "patent")


def test_the_proof_is_downloaded_and_checked_on_the_page(place: Lab, as_user):
    disclosure = factories.received(place)
    proof = as_user(place.researcher).get(f"/disclosures/{disclosure.reference}/proof/")
    seal = Seal.objects.get().hash

    def check(content: bytes) -> str:
        file = SimpleUploadedFile("sealed.json", content, content_type="application/json")
        return Client(headers={"Accept-Language": "en"}).post(
            "/disclosures/verify/", {"file": file, "seal": seal}
        ).content.decode()  # fmt: skip

    assert "nothing was changed" in check(proof.content)
    assert "put by this site" in check(proof.content)
    assert "not what was sealed" in check(proof.content.replace(b"1/3", b"1/2", 1))
    assert json.loads(proof.content)["versions"][0]["seal"] == seal


@pytest.mark.parametrize("who", ["coordinator", "stranger", "expert"])
def test_others_learn_nothing(place: Lab, as_user, who):
    disclosure = factories.received(place)
    client = as_user(getattr(place, who))

    assert client.get(f"/disclosures/{disclosure.reference}/").status_code == 404
    assert "0 disclosures" in client.get("/disclosures/").content.decode()


def test_the_report_counts_what_its_lists_show(place: Lab, as_user):
    factories.decided(place, "publish")
    factories.received(place)

    page = as_user(place.officer).get("/disclosures/report/").content.decode()

    assert 'Disclosures received: <span class="number">2</span>.' in page
    assert as_user(place.coordinator).get("/disclosures/report/").status_code == 403


def test_the_report_on_paper_is_that_of_the_page(place: Lab, as_user):
    factories.received(place)
    page = as_user(place.officer).get("/disclosures/report/")

    answer = as_user(place.officer).get(page.context["paper_url"])

    words = " ".join(pages_of(answer.content).split()).replace("\xa0", " ")
    assert "Disclosures received: 1." in words
    assert "1 wait for a decision" in words
    assert [chart.is_empty for chart in page.context["charts"]] == [False, False, True]
    assert [str(chart.title) in words for chart in page.context["charts"]] == [True, True, False]
    assert AuditEntry.objects.latest("sequence").details["list"] == "inventions.report"
    assert as_user(place.coordinator).get("/disclosures/report.pdf").status_code == 403


def test_the_list_asks_as_many_questions_for_one_row_as_for_three(place: Lab, as_user):
    client = as_user(place.officer)
    factories.received(place)

    def count() -> int:
        client.get("/disclosures/")  # the head of the page counts what waits once after each change
        with CaptureQueriesContext(connection) as found:
            client.get("/disclosures/")
        return len(found)

    first = count()
    factories.received(place)
    factories.received(place)

    assert count() == first


def test_mails_tell_nothing_of_the_result(place: Lab, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    disclosure = factories.draft(place, at=None)
    factories.outsider(disclosure, at=None)
    submit_disclosure(disclosure=disclosure, actor=place.researcher)

    assert {to for sent in mail.outbox for to in sent.to} >= {"chloe@example.org", place.researcher.email}
    assert all("Joint" not in sent.subject + sent.body for sent in mail.outbox)
    assert sum("/disclosures/sign/" in sent.body for sent in mail.outbox) == 1


def asked_on(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_evaluation_and_history_ask_as_many_questions_for_one_opinion_as_for_four(place: Lab, as_user):
    disclosure = factories.evaluated(place)
    urls = [
        f"/disclosures/{disclosure.reference}/evaluation/",
        f"/history/inventions.disclosure/{disclosure.reference}/?on={timezone.localdate().isoformat()}",
    ]
    client, asked = as_user(disclosure.owner), []
    for count in (1, 3):
        for _turn in range(count):
            reader = user_with("researcher", on=place.unit)
            row = invite_evaluator(disclosure=disclosure, user=reader, actor=disclosure.owner)
            scores = {code: {"score": 2, "reason": "Seen."} for code, _name in rules.choices(rules.CRITERION)}
            give_opinion(evaluator=row, scores=scores, summary="Good.", advice="patent", actor=reader)
        asked.append([asked_on(client, url) for url in urls])

    assert asked[0] == asked[1]


def test_a_line_of_an_inventor_changed_meanwhile_is_told_with_both_versions(place: Lab, as_user):
    disclosure = factories.draft(place)
    row = disclosure.inventors.get(person=place.person)
    client, url = as_user(place.researcher), f"/disclosures/inventors/{row.reference}/"
    page = left_open(client.get(url), "share")
    change_inventor(inventor=row, share=Fraction(1, 4), contribution="De l’autre", actor=place.colleague)

    clash = client.post(url, page | {"share": "1/5"})

    text = clash.content.decode()
    assert clash.status_code == 422
    assert [word for word in ("1/4", "1/5", str(place.colleague)) if word not in text] == []
    assert client.post(url, left_open(clash, "share")).status_code == 302
    row.refresh_from_db()
    assert (row.share, row.contribution) == (Fraction(1, 5), "De l’autre")
