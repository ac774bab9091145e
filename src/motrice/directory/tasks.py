"""Leaf effects of the directory's operations: keeping the search in step."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from motrice.core.mailing import mail_task
from motrice.core.tasks import search_must_follow
from motrice.directory.models import Person


def search_changed(*objects: models.Model) -> None:
    """Records changed, were added or removed: the search reads in the log which, and follows."""
    if objects:
        search_must_follow()


@mail_task()
def send_linked(person_pk: int) -> None:
    """Tell the owner of an account that it acts in the name of a person of the directory."""
    person = Person.objects.select_related("user").get(pk=person_pk)
    if person.user is None:
        return
    with translation.override(person.user.language):
        subject = _("Your account is linked to %(name)s") % {"name": person}
        text = _(
            "Nothing is asked of you if this is you: your account at %(site)s acts in the name of %(name)s of the "
            "directory from now on. If it is not you, please tell the coordinator of the network."
        ) % {"name": person, "site": settings.SITE_NAME}
        address = f"{settings.SITE_URL}{person.get_absolute_url()}"
    send_mail(subject, f"{text}\n\n{address}", None, [person.user.email])
