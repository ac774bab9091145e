"""A report as a mail: its figures in words, its charts as pictures, the whole as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from email.mime.image import MIMEImage
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from motrice.web import formats, printed
from motrice.web.printed import Paper


@dataclass(frozen=True)
class Letter:
    """A report to send: the page it stands on, and why its reader gets it."""

    paper: Paper
    url: str
    why: Any


def message_of(letter: Letter, *, to: str, author: str) -> EmailMultiAlternatives:
    """Write the mail in the language that is active: as text, as a page with pictures, with the PDF beside them.

    The pictures travel in the mail and are named by it (RFC 2392): nothing is fetched when it is opened.
    """
    paper, host = letter.paper, settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0] or "motrice"
    charts = [chart for part in paper.parts for chart in part.charts if not chart.is_empty]
    figures = [figure for part in paper.parts for figure in part.figures]
    pictures = [(f"{chart.element_id}@{host}", chart, printed.told(chart)) for chart in charts]
    context = {
        "letter": letter,
        "paper": paper,
        "figures": figures,
        "pictures": pictures,
        "language": formats.language(),
        "site": settings.SITE_NAME,
    }
    message = EmailMultiAlternatives(
        " · ".join([str(paper.title), *(str(line).rstrip(".") for line in paper.lead[:1])]),
        render_to_string("web/mail/report.txt", context),
        to=[to],
    )
    message.attach_alternative(render_to_string("web/mail/report.html", context), "text/html")
    for name, chart, _told in pictures:
        image = MIMEImage(printed.picture(chart), "png")
        image.add_header("Content-ID", f"<{name}>")
        image.add_header("Content-Disposition", "inline", filename=f"{chart.element_id}.png")
        message.attach(image)
    message.attach(f"{paper.name}.pdf", printed.pdf(paper, author=author), "application/pdf")
    return message
