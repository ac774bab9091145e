"""The page's part in keeping apart what several people type: what it showed goes along, two versions are shown."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string

from motrice.core.reading import fingerprint
from motrice.inventions.models import Disclosure
from motrice.inventions.operations.typing import (
    WRITTEN,
    Clash,
    Kept,
    answers_now,
    clash_of,
    save_typing,
    typing_of,
    writer_words,
)

READ = "read-"


def page_of(request: HttpRequest) -> str:
    """The name of the page that was filled in: each opening of a form is one."""
    return request.POST.get("page", "")[:40] or secrets.token_urlsafe(9)


def read_of(request: HttpRequest, names: Collection[str]) -> dict[str, str]:
    """The fingerprints of the answers as the page showed them."""
    return {name: request.POST[READ + name][:64] for name in names if READ + name in request.POST}


def keep(request: HttpRequest, disclosure: Disclosure, form: type[forms.Form]) -> Kept:
    """Keep what is typed in a form of answers, and the choices made between two versions."""
    names = [name for name in form.base_fields if name in WRITTEN and name in request.POST]
    return save_typing(
        disclosure=disclosure,
        answers={name: request.POST[name] for name in names},
        actor=request.user,
        read=read_of(request, names),
        page=page_of(request),
        mine=request.POST.getlist("keep"),
        theirs=request.POST.getlist("take"),
    )


def opened(disclosure: Disclosure, form: type[forms.Form], *, actor: Any) -> tuple[forms.Form, dict[str, str]]:
    """A form of answers as they are now, one's own version where two wait, and the fingerprints to send along."""
    row = typing_of(disclosure)
    now = answers_now(disclosure, row, list(form.base_fields))
    clashes = {name: clash for name, value in now.items() if (clash := clash_of(row, name, value, actor=actor))}
    bound = form(initial=now | {name: clash.mine for name, clash in clashes.items()})
    show_clashes(bound, clashes.values(), actor=actor)
    return bound, {name: "" if name in clashes else fingerprint(value) for name, value in now.items()}


def show_clashes(form: forms.Form, clashes: Collection[Clash], *, actor: Any) -> None:
    """Put the other version, and the choice, under each field that has two."""
    for clash in clashes:
        form.fields[clash.name].note = clash_html(form, clash, actor=actor)  # type: ignore[attr-defined]


def clash_html(form: forms.Form, clash: Clash, *, actor: Any) -> str:
    """Who wrote what else and when, with one button for each version."""
    choices = {str(value): str(label) for value, label in getattr(form.fields[clash.name], "choices", [])}
    context = {
        "clash": clash,
        "who": writer_words(clash, actor=actor),
        "theirs": choices.get(clash.theirs, clash.theirs),
        "label": form.fields[clash.name].label,
    }
    return render_to_string("inventions/clash.html", context)


def hidden_of(page: str, read: dict[str, str]) -> list[tuple[str, str]]:
    """What a page sends along unseen."""
    return [("page", page), *((READ + name, value) for name, value in read.items())]
