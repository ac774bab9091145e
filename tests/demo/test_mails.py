"""The mails of a site to try are files that a person can read."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives, get_connection


def test_a_mail_is_a_file_named_by_its_moment_and_its_readers(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")
    mail = EmailMultiAlternatives("Rappel : votre équipe", "Répondez.", to=["é/lan@demo.invalid"], cc=["b@x.fr"])
    mail.attach("rapport.pdf", b"%PDF", "application/pdf")
    with get_connection("motrice.demo.mails.FolderBackend") as connection:
        assert connection.send_messages([mail, mail]) == 2

    first, second = sorted((tmp_path / "mails").iterdir())
    assert first.read_text("utf-8") == second.read_text("utf-8")
    assert first.read_text("utf-8") == (
        "To: é/lan@demo.invalid, b@x.fr\nSubject: Rappel : votre équipe\n\nRépondez.\n\nAttached: rapport.pdf\n"
    )
    assert first.name.endswith(" é_lan@demo.invalid__b@x.fr.txt")
