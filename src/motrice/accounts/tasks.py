"""Mails of the accounts app: they take ids, and say in their first line what is asked and until when."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from motrice.accounts.models import EmergencyAccess, Invitation, User
from motrice.core.mailing import SOON, mail_task

INVITATION_SALT = "motrice.invitation"


def site_address(path: str) -> str:
    """A whole address for a mail."""
    return settings.SITE_URL.rstrip("/") + path


@mail_task(lost="motrice.accounts.operations.invitations.invitation_missed")
def send_invitation(invitation_pk: int) -> None:
    """Send the signed address; nothing when the invitation was closed meanwhile."""
    invitation = Invitation.objects.open().select_related("invited_by").filter(pk=invitation_pk).first()
    if invitation is None:
        return
    token = signing.Signer(salt=INVITATION_SALT).sign(invitation.reference)
    with translation.override(invitation.language):
        context = {
            "invitation": invitation,
            "site_name": settings.SITE_NAME,
            "url": site_address(reverse("accounts:invitation", args=[token])),
        }
        subject = _("%(site)s: open your account") % {"site": settings.SITE_NAME}
        send_mail(subject, render_to_string("accounts/mail/invitation.txt", context), None, [invitation.email])


def reset_address(user: User) -> str:
    """The address at which somebody chooses a new password: it works once, and for three days."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return site_address(reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key]))


@mail_task(delays=SOON, is_forgotten=True)
def send_reset(email: str) -> None:
    """Send the address that sets a new password, when an open account has this e-mail address.

    The address is made here and never waits in the queue. Asked for whatever was typed, so that the page takes as long
    for an address that nobody has. Nobody is told of its loss: who waits for it asks again.
    """
    for user in User.objects.active().filter(email=email.strip().lower()):
        with translation.override(user.language):
            context = {"password_reset_url": reset_address(user), "site_name": settings.SITE_NAME}
            subject = render_to_string("account/email/password_reset_key_subject.txt", context)
            text = render_to_string("account/email/password_reset_key_message.txt", context)
        send_mail(" ".join(subject.split()), text.strip(), None, [user.email])


@mail_task(delays=SOON, is_forgotten=True)
def send_account_mail(email: str, subject: str, text: str) -> None:
    """Send what the sign-in tells somebody: that their password was changed, say. They see it on the site as well."""
    send_mail(subject, text, None, [email])


@mail_task(lost="motrice.accounts.operations.emergency.notice_missed")
def send_emergency_notice(access_pk: int, recipient_pk: int) -> None:
    """Tell a director or an auditor that somebody opened everything, why and until when."""
    person = User.objects.active().filter(pk=recipient_pk).first()
    if person is None:
        return
    access = EmergencyAccess.objects.select_related("user").get(pk=access_pk)
    with translation.override(person.language):
        context = {"access": access, "site_name": settings.SITE_NAME}
        subject = _("%(site)s: break-glass access opened") % {"site": settings.SITE_NAME}
        send_mail(subject, render_to_string("accounts/mail/emergency.txt", context), None, [person.email])
