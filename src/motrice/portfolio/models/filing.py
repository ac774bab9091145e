"""Filings of registered rights: applications, priorities, publications, printed parties, events of the procedure."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.portfolio.enums import LIVE_FILINGS, Descent, EventKind, FeeCategory, FilingStatus, Route, Scheme
from motrice.portfolio.models.asset import Asset


class ApplicationQuerySet(PolicyQuerySet):
    """Filings, by whether they still give or ask for protection."""

    def live(self) -> ApplicationQuerySet:
        """Pending, granted or opposed."""
        return self.filter(status__in=LIVE_FILINGS)


class Application(models.Model):
    """One filing at one office: numbers in DOCDB form, office by WIPO ST.3; its state follows from its events."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="applications")
    office = models.CharField(_("office"), max_length=2, db_index=True)
    route = models.CharField(_("route"), max_length=12, choices=Route)
    number = models.CharField(_("application number"), max_length=30, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    descent = models.CharField(_("how it descends"), max_length=16, choices=Descent, blank=True)
    status = models.CharField(_("state"), max_length=12, choices=FilingStatus, default=FilingStatus.PENDING)
    status_on = models.DateField(_("since"), null=True, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    grant_number = models.CharField(_("grant number"), max_length=30, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    language = models.CharField(_("language of the procedure"), max_length=2, blank=True)
    agent = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("agent before the office"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_applications",
    )
    agent_reference = models.CharField(_("agent's reference"), max_length=60, blank=True)
    fee_category = models.CharField(_("rate of fees"), max_length=8, choices=FeeCategory, default=FeeCategory.STANDARD)
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["asset_id", "filed_on", "pk"]
        indexes = [models.Index(fields=["office", "status"], name="application_office_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number", "route"],
                name="application_number",
                condition=~Q(number=""),
                violation_error_message=_("This application is held already."),
            ),
            models.CheckConstraint(
                name="application_descends_from_parent",
                condition=Q(parent__isnull=True, descent="") | (Q(parent__isnull=False) & ~Q(descent="")),
                violation_error_message=_("Say how it descends from its parent, and from which."),
            ),
            models.CheckConstraint(
                name="application_number_has_date",
                condition=Q(number="") | Q(filed_on__isnull=False),
                violation_error_message=_("An application that has a number has its filing date."),
            ),
            models.CheckConstraint(
                name="application_expires_after_filing",
                condition=Q(expires_on__isnull=True) | Q(filed_on__isnull=True) | Q(expires_on__gt=F("filed_on")),
                violation_error_message=_("It cannot expire before it was filed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.number}".strip()


class Priority(models.Model):
    """An earlier filing whose date an application claims."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="priorities")
    office = models.CharField(_("office"), max_length=2)
    number = models.CharField(_("number"), max_length=30)
    filed_on = models.DateField(_("date"))
    earlier = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="claimed_by"
    )
    is_active = models.BooleanField(_("still claimed"), default=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["application_id", "filed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "office", "number"],
                name="priority_once",
                violation_error_message=_("This priority is claimed already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.number}"


class Publication(models.Model):
    """A published document: country, number and kind as in DOCDB (WIPO ST.16)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="publications")
    office = models.CharField(_("office"), max_length=2)
    number = models.CharField(_("number"), max_length=30)
    kind_code = models.CharField(_("kind code"), max_length=3, blank=True)
    published_on = models.DateField(_("published on"), db_index=True)
    language = models.CharField(_("language"), max_length=2, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["published_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number", "kind_code"],
                name="publication_once",
                violation_error_message=_("This publication is held already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}{self.number}{self.kind_code}"


class Applicant(models.Model):
    """An applicant as printed, with the organisation of the directory it was recognised as."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="applicants")
    name = models.CharField(_("name as printed"), max_length=300)
    country = models.CharField(_("country"), max_length=2, blank=True)
    organisation = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("recognised as"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applicant_names",
    )
    position = models.PositiveSmallIntegerField(_("rank"), default=1)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        ordering = ["application_id", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class Classification(models.Model):
    """A class of technology, of designs or of goods."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="classifications")
    scheme = models.CharField(_("scheme"), max_length=8, choices=Scheme)
    symbol = models.CharField(_("symbol"), max_length=30, db_index=True)
    is_first = models.BooleanField(_("first"), default=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ["asset_id", "scheme", "-is_first", "symbol"]
        constraints = [models.UniqueConstraint(fields=["asset", "scheme", "symbol"], name="classification_once")]

    def __str__(self) -> str:
        return self.symbol


class DocketEvent(models.Model):
    """Something that happened in the procedure of one filing: the ground from which deadlines are derived."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=24, choices=EventKind)
    occurred_on = models.DateField(_("date"))
    year = models.PositiveSmallIntegerField(
        _("year of the annuity"), null=True, blank=True, help_text=_("For a paid annuity: which year of protection.")
    )
    rule = models.CharField(
        _("rule it answers"), max_length=64, blank=True, help_text=_("For a deadline marked as done or extended.")
    )
    trigger = models.CharField(_("period it answers"), max_length=8, blank=True)
    code = models.CharField(_("official code"), max_length=12, blank=True)
    office = models.CharField(_("office of the event"), max_length=2, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("docket event")
        verbose_name_plural = _("docket events")
        ordering = ["application_id", "occurred_on", "pk"]
        indexes = [models.Index(fields=["application", "occurred_on"], name="docket_event_application")]
        constraints = [
            models.CheckConstraint(
                name="docket_event_annuity_has_year",
                condition=~Q(kind=EventKind.ANNUITY_PAID) | Q(year__isnull=False),
                violation_error_message=_("Say which year the paid annuity is for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_on}"
