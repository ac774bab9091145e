"""The story of a disclosure, and what the clock has sent."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.inventions.enums import EventKind, NoticeKind
from motrice.inventions.models.disclosure import Disclosure


class DisclosureEvent(models.Model):
    """One line of the timeline; inventors and their laboratory read only the lines meant for them."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=20, choices=EventKind)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_for_inventors = models.BooleanField(_("told to the inventors"), default=True)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a disclosure")
        verbose_name_plural = _("events of disclosures")
        ordering = ["disclosure_id", "at", "pk"]
        indexes = [models.Index(fields=["disclosure", "at"], name="disclosure_event_time")]

    def __str__(self) -> str:
        return f"{self.disclosure_id} {self.kind}"


class ClockNotice(models.Model):
    """What the clock sent for one thing and one due time: written once, so that a second run sends nothing again."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="clock_notices")
    kind = models.CharField(_("notice"), max_length=16, choices=NoticeKind)
    about = models.CharField(_("about"), max_length=80)
    sent_at = models.DateTimeField(_("sent at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of the disclosures' clock")
        verbose_name_plural = _("notices of the disclosures' clock")
        ordering = ["-sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["disclosure", "kind", "about"], name="disclosure_notice_once")]

    def __str__(self) -> str:
        return f"{self.disclosure_id} {self.kind}"
