"""Mails of the accounts app: they take ids, and say in their first line what is asked and until when."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from motrice.accounts.models import EmergencyAccess, Invitation, User
from motrice.core.mailing import mail_task

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


@mail_task()
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
