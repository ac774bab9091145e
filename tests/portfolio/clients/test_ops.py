"""Open Patent Services, with recorded answers: token, quotas, traffic light, retries, what is kept."""

import json

import pytest
from django.db import transaction

from motrice.engines.patentfiles import Number
from motrice.portfolio.clients import ops
from motrice.portfolio.clients.ops import Answer, Ops
from tests.engines.patentfiles import samples

NUMBER = Number("EP", "9000001", "A1")
TOKEN = Answer(200, {}, json.dumps({"access_token": "t1", "expires_in": "1199"}).encode())
FAMILY = Answer(
    200,
    {"x-throttling-control": "idle (images=green:200, inpadoc=green:60, search=green:30)"},
    samples.OPS_FAMILY.encode(),
)


class Recorded:
    """Gives recorded answers in order, and notes what was asked and how long one slept."""

    def __init__(self, *answers):
        self.answers, self.asked, self.slept, self.now = list(answers), [], [], 0.0

    def open(self, request, timeout):
        assert timeout == ops.TIMEOUT
        self.asked.append((request.full_url, request.get_header("Authorization")))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sleep(self, seconds):
        if seconds:
            self.slept.append(seconds)

    def client(self):
        return Ops("key", "secret", "https://ops.example", opener=self.open, sleep=self.sleep, clock=lambda: self.now)


def test_a_family_is_asked_with_a_token_that_is_used_again():
    recorded = Recorded(TOKEN, FAMILY, FAMILY)
    client = recorded.client()

    assert client.family(NUMBER) == client.family(NUMBER) == samples.OPS_FAMILY.encode()
    assert recorded.asked == [
        ("https://ops.example/auth/accesstoken", "Basic a2V5OnNlY3JldA=="),
        ("https://ops.example/rest-services/family/publication/epodoc/EP9000001/biblio,legal", "Bearer t1"),
        ("https://ops.example/rest-services/family/publication/epodoc/EP9000001/biblio,legal", "Bearer t1"),
    ]
    assert recorded.slept == []


def test_a_token_that_has_ended_is_renewed_before_or_when_the_service_says_so():
    ended = Answer(400, {}, b"<error>invalid_access_token</error>")
    recorded = Recorded(TOKEN, FAMILY, TOKEN, ended, TOKEN, FAMILY)
    client = recorded.client()
    client.family(NUMBER)
    recorded.now = 1200.0

    client.family(NUMBER)
    assert [url.rsplit("/", 1)[1] for url, _auth in recorded.asked].count("accesstoken") == 3


def test_what_may_pass_is_tried_again_ever_later():
    recorded = Recorded(TOKEN, Answer(503, {}, b""), TimeoutError(), Answer(429, {"retry-after": "7000"}, b""), FAMILY)

    recorded.client().family(NUMBER)

    assert recorded.slept == [1.0, 2.0, 7.0]


def test_a_service_that_does_not_come_back_is_given_up():
    recorded = Recorded(TOKEN, *[Answer(503, {}, b"")] * 4)

    with pytest.raises(ops.OpsBusy):
        recorded.client().family(NUMBER)
    assert recorded.answers == []


@pytest.mark.parametrize(("light", "slept"), [("yellow:30", 2.0), ("red:5", 12.0), ("black:0", 30.0)])
def test_below_green_the_next_question_waits(light, slept):
    busy = Answer(200, {"x-throttling-control": f"busy (inpadoc={light}, search=green:30)"}, b"<x/>")
    recorded = Recorded(TOKEN, busy, FAMILY)
    client = recorded.client()
    client.family(NUMBER)

    client.family(NUMBER)
    assert recorded.slept == [slept]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(403, {"x-rejection-reason": "IndividualQuotaPerHour"}, b""), ops.OpsQuota),
        (Answer(403, {"x-rejection-reason": "RegisteredQuotaPerWeek"}, b""), ops.OpsQuota),
        (Answer(403, {"x-throttling-control": "overloaded (inpadoc=black:0)"}, b""), ops.OpsBusy),
        (Answer(404, {}, b""), ops.OpsUnknown),
        (Answer(403, {}, b""), ops.OpsRefused),
        (Answer(418, {}, b""), ops.OpsBusy),
    ],
)
def test_a_refusal_has_its_type_and_is_not_tried_again(answer, error):
    recorded = Recorded(TOKEN, answer)

    with pytest.raises(error):
        recorded.client().family(NUMBER)
    assert recorded.slept == []


def test_a_wrong_key_is_said():
    with pytest.raises(ops.OpsRefused):
        Recorded(Answer(401, {}, b"")).client().family(NUMBER)


def test_without_a_key_nothing_is_asked(settings, tmp_path):
    settings.OPS_ANSWERS, settings.OPS_KEY = str(tmp_path), ""

    with pytest.raises(ops.OpsOff, match="EP9000001"):
        ops.answer_for("EP9000001")


def test_an_answer_is_kept_and_not_asked_twice(settings, tmp_path):
    settings.OPS_ANSWERS, settings.OPS_KEY, settings.OPS_SECRET = str(tmp_path / "ops"), "key", "secret"
    recorded = Recorded(TOKEN, FAMILY)

    path = ops.answer_for("EP 9000001 A1", opener=recorded.open, sleep=recorded.sleep)

    assert path.read_bytes() == samples.OPS_FAMILY.encode()
    assert ops.answer_for("ep9000001") == path
    assert recorded.answers == []


def test_what_is_no_number_is_said():
    with pytest.raises(ops.OpsError, match="EP1000000"):
        ops.answer_for("alloy")


@pytest.mark.django_db
def test_the_network_is_not_asked_inside_a_transaction():
    recorded = Recorded(TOKEN, FAMILY)

    with transaction.atomic(), pytest.raises(RuntimeError):
        recorded.client().family(NUMBER)
    assert recorded.asked == []
