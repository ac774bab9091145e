"""Repeated writes: the same key with the same call gets the first answer, and nothing is done twice.

The key's row, the write and the kept answer are one transaction. A second call that arrives meanwhile waits for it
(on the unique constraint in PostgreSQL, on the write lock in SQLite), then finds the answer. A refused call leaves no
trace of its key: it changed nothing, and may be corrected and sent again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import ApiAnswer
from motrice.core.errors import RuleViolation, StaleState

KEY_HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=1)
_KEY = re.compile(r"[!-~]{8,200}")


class KeyReused(StaleState):
    """The key came before with another call."""


def answer_once(
    request: HttpRequest, run: Callable[[], HttpResponse], caller: Callable[[HttpRequest], Any]
) -> HttpResponse:
    """Run a call, or give again the answer that its key already got."""
    key = request.headers.get(KEY_HEADER)
    if key is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return run()
    if not _KEY.fullmatch(key):
        raise RuleViolation(_("The key has 8 to 200 printable ASCII characters."), field=KEY_HEADER)
    user = caller(request)
    if user is None:
        return run()
    mark = fingerprint(request)
    ApiAnswer.objects.filter(user=user, key=key, expires_at__lt=timezone.now()).delete()
    with transaction.atomic():
        row = ApiAnswer(user=user, key=key, fingerprint=mark, expires_at=timezone.now() + KEPT_FOR)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return _again(ApiAnswer.objects.get(user=user, key=key), mark)
        response = run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        row.status, row.body = response.status_code, _kept(request, response)
        row.content_type = response.get("Content-Type", "")
        row.save(update_fields=["status", "body", "content_type"])
        return response


def _kept(request: HttpRequest, response: HttpResponse) -> str:
    """What is kept of an answer: never a secret that is shown once."""
    secrets = getattr(request, "api_secrets", ())
    if not secrets:
        return response.content.decode()
    return json.dumps(json.loads(response.content) | dict.fromkeys(secrets), ensure_ascii=False)


def _again(row: ApiAnswer, mark: str) -> HttpResponse:
    if row.fingerprint != mark:
        raise KeyReused(_("This key came before with another call: use a new key for each write."))
    response = HttpResponse(row.body, status=row.status or 200, content_type=row.content_type)
    response["Idempotency-Replayed"] = "true"
    return response


def fingerprint(request: HttpRequest) -> str:
    """What a call says: its address, its fields and the content of its files."""
    content_type = request.content_type or ""
    mark = hashlib.sha256("\n".join((str(request.method), request.get_full_path(), content_type)).encode() + b"\n")
    if content_type != "multipart/form-data":
        mark.update(request.body)
        return mark.hexdigest()
    for name, values in sorted(request.POST.lists()):
        mark.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            mark.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                mark.update(chunk)
            file.seek(0)
    return mark.hexdigest()


def forget_expired() -> int:
    """Remove the kept answers whose day is over."""
    return ApiAnswer.objects.filter(expires_at__lt=timezone.now()).delete()[0]
