"""`{% load web %}`: icons, dates and amounts in the reader's form, and the parts that pages are made of."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from motrice.web import formats, messages, parts
from motrice.web.navigation import Shell, shell_for

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler icon from the sprite; with a label it speaks, without one it is decoration."""
    href = f"{_sprite(settings.STATIC_URL)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.simple_tag
def icon_url(name: str) -> str:
    """The address of an icon in the sprite, for an `svg` that needs classes of its own."""
    return f"{_sprite(settings.STATIC_URL)}#{name}"


@lru_cache(maxsize=4)
def _sprite(static_url: str) -> str:
    """The address of the sprite, the same for the forty icons of a page until the server starts again."""
    return static("web/dist/icons.svg")


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A date in the reader's form, readable by machines."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day_text(value))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A date and time of day in the reader's form."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment_text(value))


@register.filter
def colon(label: Any) -> SafeString:
    """A label with the colon of the reader's language after it: "Kind:", "Type :", "What is it?"."""
    return format_html("{}{}", label, formats.colon_after(label))


@register.filter
def distance(value: date | datetime | None) -> SafeString | str:
    """How far a date is, in words, with the date itself as its title."""
    if not value:
        return ""
    text = formats.distance_text(value, timezone.localdate())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), formats.day_text(value), text)


@register.filter
def amount(value: Any, currency: str = "EUR") -> SafeString | str:
    """Money with its currency."""
    return (
        ""
        if value in (None, "")
        else format_html('<span class="number">{}</span>', formats.amount_text(value, currency))
    )


@register.filter
def number(value: Any) -> SafeString | str:
    """A figure with the reader's separators."""
    return "" if value in (None, "") else format_html('<span class="number">{}</span>', formats.number_text(value))


@register.filter
def share(value: Any) -> SafeString | str:
    """A part of one, as a percentage."""
    return "" if value in (None, "") else format_html('<span class="number">{}</span>', formats.share_text(value))


@register.filter
def filesize(value: int) -> str:
    """The size of a file."""
    return formats.size_text(value)


@register.simple_tag(takes_context=True)
def shell(context: template.Context) -> Shell:
    """The frame of this page for this reader."""
    request = context["request"]
    return shell_for(request.user, request.path)


@register.filter
def undo_url(message: Message) -> str:
    """The address that undoes what a message tells."""
    return messages.undo_url(message)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query with parameters replaced (None removes one), from its `?`."""
    params: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def form_errors(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form, with the id of the field to go to."""
    found = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for field in form.visible_fields():
        found += [
            {"text": text, "label": str(field.label), "target": field.id_for_label or field.auto_id}
            for text in field.errors
        ]
    for field in form.hidden_fields():
        found += [{"text": text, "label": str(field.label), "target": ""} for text in field.errors]
    return found


@register.filter
def marked(passages: Any) -> SafeString:
    """Evidence text as (text, is_match) pairs, its matched words in `<mark>`."""
    return SafeString("".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in passages))


@register.simple_tag
def evidence(piece: parts.Evidence) -> SafeString:
    """A piece behind a rank, of which a page shows a hundred: one step of Python for each, every part escaped here."""
    title, url = conditional_escape(piece.title), conditional_escape(piece.url)
    head = f'<a href="{url}">{title}</a>' if piece.url else title
    share = (
        ""
        if piece.share is None
        else f'<span class="share">{share_bar(piece.share)}{escape(piece.share_words)}</span>'
    )
    text = f'<p class="evidence-text">{marked(piece.passages)}</p>' if piece.text else ""
    note = ""
    if piece.source or piece.on:
        dated = f" · {day(piece.on)}" if piece.on else ""
        note = f'<p class="figure-note">{conditional_escape(piece.source)}{dated}</p>'
    return SafeString(
        f'<article class="evidence">\n  <div class="evidence-head"><span class="evidence-title">{head}</span>\n'
        f"    {share}</div>\n  {text}\n  {note}\n</article>\n"
    )


@register.simple_tag
def words_for_script() -> SafeString:
    """The few sentences that the script says, in the page's language, as data."""
    return json_script(
        {
            "saving": gettext("Saving…"),
            "saved": gettext("Saved at %(time)s"),
            "not_saved": gettext("Not saved: the connection failed. What you typed is still here."),
            "two_versions": gettext("Two versions: choose one"),
            "changed": gettext("Not saved: this was sent or closed meanwhile. What you typed is still here."),
            "offline": gettext("The site cannot be reached. Check your connection, then try again."),
            "failed": gettext("Something went wrong on our side. Nothing was recorded."),
            "refused": gettext("This was refused. Reload the page, then try again."),
            "file_too_big": gettext("%(name)s holds %(size)s; at most %(limit)s can be sent."),
            "file_wrong_kind": gettext("%(name)s is not of a kind that can be sent here: %(kinds)s."),
            "copied": gettext("Copied"),
            "not_copied": gettext("Your browser refused to copy"),
        },
        "motrice-words",
    )


@register.simple_tag
def share_bar(value: float) -> SafeString:
    """A share of one drawn as a bar; the figure stands beside it in words."""
    width = round(96 * min(max(float(value), 0.0), 1.0), 1)
    return format_html(
        '<svg class="share-bar" viewBox="0 0 96 8" aria-hidden="true"><rect width="96" height="8" rx="4"></rect>'
        '<rect class="share-value" width="{}" height="8" rx="4"></rect></svg>',
        width,
    )
