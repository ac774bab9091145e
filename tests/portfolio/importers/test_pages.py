"""Patent files in the browser, by command and by API."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.operations.tokens import create_token
from motrice.core.imports_runs import Status, resume, work
from motrice.core.models import ImportRun
from motrice.portfolio.clients import ops
from motrice.portfolio.importers.patents import PatentFiles
from motrice.portfolio.models import Application, Asset
from tests.engines.patentfiles import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops_folder(settings, tmp_path):
    """A folder of stored answers, and no key."""
    settings.OPS_ANSWERS, settings.OPS_KEY = str(tmp_path / "ops"), ""
    (tmp_path / "ops").mkdir()
    return tmp_path / "ops"


def send(client, place, **fields):
    content = {"office": place.office.reference, **fields}
    return client.post(reverse("portfolio:imports"), content)


def test_a_number_is_read_from_its_stored_answer_without_network(client, place, ops_folder):
    (ops_folder / "EP9000001.xml").write_text(samples.OPS_FAMILY)
    client.force_login(place.officer)

    answer = send(client, place, number="EP 9000001 A1")

    run = ImportRun.objects.get()
    assert answer.url == reverse("directory:import", args=[run.reference])
    assert work(run).status == Status.READY
    assert run.proposals.filter(phase=0).get().key == "docdb:90000001"


def test_a_number_without_answer_and_without_key_is_refused_on_the_form(client, place, ops_folder):
    client.force_login(place.officer)

    answer = send(client, place, number="EP1234567")

    assert answer.status_code == 422
    assert "No answer is kept for EP1234567" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_is_sent_and_its_proposals_are_shown_in_words(client, place):
    client.force_login(place.officer)
    send(client, place, file=SimpleUploadedFile("family.xml", samples.OPS_FAMILY.encode()))
    run = work(ImportRun.objects.get())

    page = client.get(reverse("directory:import", args=[run.reference])).content.decode()

    assert "EP 19900001 · European · July 10, 2019 · claims FR 1856001" in page
    assert "docdb:90000001: no title in the file." in page
    assert "PGFP FR" in page
    assert reverse("portfolio:imports") in page


def test_one_of_number_and_file_is_asked(client, place, ops_folder):
    client.force_login(place.officer)

    assert "Give a publication number or a file." in send(client, place).content.decode()


def test_only_ones_own_offices_may_be_chosen(client, place, ops_folder):
    client.force_login(place.other_officer)
    (ops_folder / "EP9000001.xml").write_text(samples.OPS_FAMILY)

    answer = send(client, place, number="EP9000001")

    assert answer.status_code == 422
    assert place.office.name not in answer.content.decode()


def test_others_see_neither_the_run_nor_its_page(client, place, read):
    run = read(samples.OPS_FAMILY)
    url = reverse("directory:import", args=[run.reference])

    for stranger in (place.colleague, place.other_officer, place.coordinator):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
        assert client.post(reverse("directory:import_decide", args=[run.reference])).status_code == 404
    client.force_login(place.contact)
    assert client.get(reverse("portfolio:imports")).status_code == 403


def test_ones_last_imports_are_listed_and_nobody_elses(client, place, read):
    read(samples.OPS_FAMILY, name="mine.xml")
    read(samples.OPS_FAMILY, name="theirs.xml", actor=place.other_officer)
    client.force_login(place.officer)

    page = client.get(reverse("portfolio:imports")).content.decode()

    assert "mine.xml" in page
    assert "theirs.xml" not in page


def test_the_command_previews_then_writes(place, tmp_path, capsys):
    path = tmp_path / "family.xml"
    path.write_text(samples.OPS_FAMILY)
    choices = ["patents", str(path), "--set", "office", place.office.reference, "--as", place.officer.email]

    call_command("import", *choices, "--dry-run")
    assert not Asset.objects.exists()
    call_command("import", *choices, "--accept-all")

    assert Application.objects.count() == 4
    assert "patent_missing_title: 1" in capsys.readouterr().out


def test_the_command_says_what_is_wrong_with_a_file(place, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html>sign in</html>")

    with pytest.raises(CommandError, match=r"page\.html"):
        call_command("import", "patents", str(path), "--set", "office", place.office.reference)


def secret(user):
    """A token of an account for all it may do through the API here."""
    _token, text = create_token(
        actor=user,
        name="script",
        scopes=["portfolio:write", "directory:read"],
        expires_on=timezone.localdate() + timedelta(days=3),
    )
    return text


def test_the_api_reads_a_family_by_number_and_shows_its_proposals(client, place, ops_folder):
    (ops_folder / "EP9000001.xml").write_text(samples.OPS_FAMILY)
    headers = {"Authorization": f"Bearer {secret(place.officer)}"}

    answer = client.post(
        "/api/v1/portfolio/families/import",
        {"number": "EP9000001", "office": place.office.reference},
        content_type="application/json",
        headers=headers,
    )

    assert answer.status_code == 201
    work(ImportRun.objects.get())
    url = f"/api/v1/directory/imports/{answer.json()['reference']}/proposals"
    assert {item["key"].split(":")[0] for item in client.get(url, headers=headers).json()["items"]} == {
        "docdb",
        "event",
    }
    other = {"Authorization": f"Bearer {secret(place.colleague)}"}
    assert client.get(url, headers=other).status_code == 404


@pytest.fixture
def service(monkeypatch, ops_folder, settings):
    """A site with a key; what the service does when it is asked, one after the other."""
    settings.OPS_KEY, settings.OPS_SECRET = "key", "secret"
    does = []

    def answer(number):
        done = does.pop(0)
        if isinstance(done, Exception):
            raise done
        path = ops_folder / f"{number}.xml"
        path.write_text(done)
        return path

    monkeypatch.setattr(PatentFiles, "answer", staticmethod(answer))
    return does


def test_a_busy_service_is_waited_for_and_asked_again(client, place, service):
    service += [ops.OpsBusy("The service is busy."), samples.OPS_FAMILY]
    client.force_login(place.officer)

    answer = send(client, place, number="EP9000001")
    run = ImportRun.objects.get()
    page = client.get(answer.url).content.decode()

    assert (run.status, run.tries, run.files[0]["path"]) == (Status.READING, 1, "")
    assert run.next_try_at > timezone.now()
    assert "The service is busy. Tried again at" in page
    assert "Try again now" in page
    client.post(reverse("directory:import_act", args=[run.reference, "resume"]))
    run.refresh_from_db()
    assert (run.status, run.tries, run.next_try_at, run.failure) == (Status.READY, 0, None, "")
    assert run.proposals.filter(phase=0).exists()


def test_after_some_tries_the_import_stops_with_the_reason_and_can_be_resumed(client, place, service):
    service += [ops.OpsHour("The quota is spent.")] * 6
    client.force_login(place.officer)
    send(client, place, number="EP9000001")
    run = ImportRun.objects.get()

    waits = []
    while run.status == Status.READING:
        waits.append(round((run.next_try_at - timezone.now()).total_seconds() / 3600))
        run = work(run)

    assert waits == [1, 2, 4, 8, 16]
    assert (run.status, run.failure) == (Status.FAILED, "The quota is spent.")
    service.append(samples.OPS_FAMILY)
    assert work(resume(run=run, actor=place.officer)).status == Status.READY


def test_what_waiting_does_not_mend_stops_at_once(client, place, service):
    service.append(ops.OpsUnknown("No such publication."))
    client.force_login(place.officer)

    page = client.get(send(client, place, number="EP9000001").url).content.decode()

    assert ImportRun.objects.get().status == Status.FAILED
    assert "No such publication." in page
    assert "Go on from where it stopped" in page
