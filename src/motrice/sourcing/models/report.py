"""Who gets the desk's report by mail, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.sourcing.enums import ReportRhythm


class ReportMail(models.Model):
    """The wish of an account to get the report it reads, each week or each month; one wish an account."""

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("reader"), on_delete=models.PROTECT, related_name="report_mail"
    )
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=ReportRhythm)
    next_on = models.DateField(_("next on"))
    missed = models.CharField(_("why the last one did not arrive"), max_length=16, blank=True)
    missed_from = models.DateField(_("first day told in the one that did not arrive"), null=True, blank=True)
    missed_to = models.DateField(_("last day told in the one that did not arrive"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("report by mail")
        verbose_name_plural = _("reports by mail")
        ordering = ["next_on", "pk"]

    def __str__(self) -> str:
        return f"{self.reader} {self.get_rhythm_display()}"
