"""Open Patent Services of the EPO: a family with its bibliography and legal events, from one publication number.

Off unless a key is set. The service counts what each account reads and says in its headers how busy it is; a client
that does not listen is shut out. Answers are kept in a folder, so that the same number is not asked twice, and so that
a site without access can read answers fetched elsewhere.
"""

from __future__ import annotations

import base64
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from motrice.core.errors import RuleViolation
from motrice.engines.patentfiles import Number
from motrice.engines.patentfiles.numbers import whole

TIMEOUT = 20.0
TRIES = 4
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
LARGEST_ANSWER = 50_000_000
EARLY = 60.0  # a token is renewed this many seconds before it ends
SERVICE = "inpadoc"
LIGHT = re.compile(r"(\w+)=(green|yellow|red|black):(\d+)")
RETRIED = frozenset({429, 500, 502, 503, 504})
QUOTAS = {
    "IndividualQuotaPerHour": "hour",
    "RegisteredQuotaPerWeek": "week",
    "AnonymousQuotaPerMinute": "hour",
    "AnonymousQuotaPerDay": "hour",
}


class OpsError(RuleViolation):
    """The service did not give what was asked; says what to do."""


class OpsOff(OpsError):
    """No key is set."""


class OpsQuota(OpsError):
    """The account has read what it may for now."""


class OpsHour(OpsQuota):
    """The quota of the hour, which comes back by itself."""


class OpsBusy(OpsError):
    """The service asks everybody to wait, or cannot be reached."""


class OpsUnknown(OpsError):
    """The service knows no such document."""


class OpsRefused(OpsError):
    """The service does not accept the key."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Opener = Callable[[urllib.request.Request, float], Answer]


def open_url(request: urllib.request.Request, timeout: float) -> Answer:
    """Ask over the network; an error status is an answer too."""
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310 - https, checked in the client
            body = response.read(LARGEST_ANSWER)
            return Answer(response.status, {key.lower(): value for key, value in response.headers.items()}, body)
    except urllib.error.HTTPError as error:
        headers = {key.lower(): value for key, value in error.headers.items()}
        return Answer(error.code, headers, error.read(100_000))


@dataclass
class Ops:
    """A conversation with the service; `opener`, `sleep` and `clock` are given by tests."""

    key: str
    secret: str
    url: str
    opener: Opener = open_url
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    token: str = ""
    token_ends: float = 0.0
    waits: dict[str, float] = field(default_factory=dict)

    @classmethod
    def from_settings(cls, **given: Any) -> Ops:
        """The client of this site; refused when no key is set."""
        if not settings.OPS_KEY or not settings.OPS_SECRET:
            raise OpsOff(
                _("This site has no access to Open Patent Services: set MOTRICE_OPS_KEY and MOTRICE_OPS_SECRET.")
            )
        if not settings.OPS_URL.startswith("https://"):
            raise OpsOff(_("MOTRICE_OPS_URL must begin with https://."))
        return cls(settings.OPS_KEY, settings.OPS_SECRET, settings.OPS_URL.rstrip("/"), **given)

    def family(self, number: Number) -> bytes:
        """The family of a publication with bibliography and legal events, as XML."""
        name = urllib.parse.quote(f"{number.country}{number.number}")
        answer = self._get(f"/rest-services/family/publication/epodoc/{name}/biblio,legal")
        return answer.body

    def _get(self, path: str) -> Answer:
        """Ask, waiting as the service says; retry what may pass, renew a token that has ended."""
        if transaction.get_connection().in_atomic_block:
            raise RuntimeError("The network is never asked inside a transaction.")
        renewed = False
        wait = FIRST_WAIT
        for left in range(TRIES - 1, -1, -1):
            answer = self._try(path)
            if answer is not None and answer.status == 200:
                self._listen(answer)
                return answer
            if answer is not None and answer.status in (400, 401) and not renewed and b"token" in answer.body.lower():
                self.token, renewed = "", True
                continue
            if answer is not None and answer.status not in RETRIED:
                raise _fault(answer)
            if left:
                asked = _seconds(answer.headers.get("retry-after", "")) if answer is not None else 0.0
                self.sleep(min(max(wait, asked), LONGEST_WAIT))
                wait *= 2
        raise OpsBusy(_("Open Patent Services cannot be reached now: try again later."))

    def _try(self, path: str) -> Answer | None:
        self.sleep(self.waits.pop(SERVICE, 0.0))
        try:
            headers = {"Authorization": f"Bearer {self._token()}", "Accept": "application/xml"}
            return self.opener(urllib.request.Request(f"{self.url}{path}", headers=headers), TIMEOUT)  # noqa: S310 - https, checked
        except (OSError, TimeoutError):
            return None

    def _token(self) -> str:
        if self.token and self.clock() < self.token_ends:
            return self.token
        pair = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - https, checked when the client is made
            f"{self.url}/auth/accesstoken",
            data=b"grant_type=client_credentials",
            headers={"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = self.opener(request, TIMEOUT)
        if answer.status in RETRIED:
            raise TimeoutError
        if answer.status != 200:
            raise OpsRefused(_("Open Patent Services does not accept this site's key: check it."))
        try:
            content = json.loads(answer.body)
            self.token = str(content["access_token"])
            self.token_ends = self.clock() + float(content.get("expires_in", 1200)) - EARLY
        except (ValueError, KeyError, TypeError) as error:
            raise OpsBusy(_("Open Patent Services gave no token: try again later.")) from error
        return self.token

    def _listen(self, answer: Answer) -> None:
        """The traffic light: below green, space the next call as the number of calls a minute says."""
        for service, colour, rate in LIGHT.findall(answer.headers.get("x-throttling-control", "")):
            if colour in ("yellow", "red"):
                self.waits[service] = min(60.0 / max(int(rate), 1), LONGEST_WAIT)
            elif colour == "black":
                self.waits[service] = LONGEST_WAIT


def _seconds(text: str) -> float:
    """`Retry-After` in seconds; OPS gives thousandths when the number is large."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value / 1000 if value > 1000 else value


def _fault(answer: Answer) -> OpsError:
    reason = answer.headers.get("x-rejection-reason", "")
    if answer.status == 403 and reason in QUOTAS:
        if QUOTAS[reason] == "week":
            return OpsQuota(_("This site has read from Open Patent Services what it may this week."))
        return OpsHour(_("This site has read from Open Patent Services what it may this hour."))
    if answer.status == 403 and "black" in answer.headers.get("x-throttling-control", ""):
        return OpsBusy(_("Open Patent Services has shut this site out for some minutes: wait."))
    if answer.status == 404:
        return OpsUnknown(_("Open Patent Services knows no such publication: check the number."), field="number")
    if answer.status in (400, 401, 403):
        return OpsRefused(_("Open Patent Services refused the question (%(status)d).") % {"status": answer.status})
    return OpsBusy(_("Open Patent Services answered with an error (%(status)d).") % {"status": answer.status})


# Answers kept


def publication_number(text: str) -> Number:
    """A publication number as typed; says when it is none."""
    number = whole(text)
    if number is None:
        raise OpsError(
            _("“%(text)s” is not a publication number, such as EP1000000 or WO2009085664A2.") % {"text": text},
            field="number",
        )
    return number


def stored(number: Number) -> Path | None:
    """The answer kept for a publication."""
    folder = Path(settings.OPS_ANSWERS)
    for name in (f"{number}.xml", f"{number.country}{number.number}.xml"):
        if (folder / name).is_file():
            return folder / name
    return None


def client_for(number: Number, **given: Any) -> Ops:
    """The client that will ask for a publication of which no answer is kept; refused when the site has no access."""
    try:
        return Ops.from_settings(**given)
    except OpsOff as error:
        raise OpsOff(
            _("No answer is kept for %(number)s. %(why)s") % {"number": number, "why": error}, field="number"
        ) from error


def checked_number(text: str) -> str:
    """A publication number that can be asked for, as it is written; no network: the asking is a job's."""
    number = publication_number(text)
    if stored(number) is None:
        client_for(number)
    return str(number)


def answer_for(text: str, **given: Any) -> Path:
    """The answer for a publication number: the one kept, failing it one from the service, which is then kept."""
    number = publication_number(text)
    path = stored(number)
    if path is not None:
        return path
    client = client_for(number, **given)
    body = client.family(number)
    folder = Path(settings.OPS_ANSWERS)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number.country}{number.number}.xml"
    part = path.with_suffix(".part")
    part.write_bytes(body)
    part.replace(path)
    return path
