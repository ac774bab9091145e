"""The mails of a site to try: files that a person can read, one for each mail, the newest last."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class FolderBackend(BaseEmailBackend):
    """Writes the readers, the subject and the text of each mail into EMAIL_FILE_PATH, not as they travel."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            at = timezone.localtime().strftime("%Y-%m-%d %H.%M.%S.%f")
            readers = ", ".join(message.recipients())
            text = f"To: {readers}\nSubject: {message.subject}\n\n{message.body}\n"
            for part in message.attachments:
                text += f"\nAttached: {part[0] if isinstance(part, tuple) else part.get_filename()}\n"
            # An address may hold what no name of a file may.
            to = "".join(letter if letter.isalnum() or letter in "@.-_" else "_" for letter in readers)[:80]
            (folder / f"{at} {to}.txt").write_text(text, encoding="utf-8")
        return len(email_messages)
