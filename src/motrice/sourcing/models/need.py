"""The need of a company, its confidential part, its files and its outcomes."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.sourcing.enums import OPEN_STATUSES, Channel, NeedLevel, NeedStatus, OutcomeKind


class NeedQuerySet(PolicyQuerySet):
    """Needs, by what the desk asks of them."""

    def open(self) -> NeedQuerySet:
        """Those that somebody still works on."""
        return self.filter(status__in=OPEN_STATUSES)

    def unanswered(self) -> NeedQuerySet:
        """Those that no person of the desk has answered yet."""
        return self.open().filter(first_answer_at__isnull=True)


class Need(models.Model):
    """A company's problem as stated to the network: what every team it is referred to may read."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    status = models.CharField(_("state"), max_length=16, choices=NeedStatus, default=NeedStatus.RECEIVED)
    level = models.CharField(_("confidentiality"), max_length=16, choices=NeedLevel, default=NeedLevel.ORGANISATION)
    channel = models.CharField(_("how it came"), max_length=8, choices=Channel)
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("problem"))
    tried = models.TextField(_("what was tried"), blank=True)
    constraints = models.TextField(_("constraints"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=[("fr", "Français"), ("en", "English")])
    naf_code = models.CharField(_("NAF code"), max_length=8, blank=True)
    segment = models.CharField(_("market segment"), max_length=64, blank=True, db_index=True)
    trl = models.PositiveSmallIntegerField(_("TRL"), null=True, blank=True)
    deadline_on = models.DateField(_("wanted by"), null=True, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True, db_index=True)
    company = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("company"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
    )
    company_name = models.CharField(_("company as stated"), max_length=200, blank=True)
    hides_company = models.BooleanField(_("the company's name is kept from the teams until their NDA"), default=False)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stated_needs",
    )
    contact_name = models.CharField(_("contact's name"), max_length=150, blank=True)
    contact_email = models.EmailField(_("contact's e-mail address"), blank=True)
    contact_confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("officer in charge"), on_delete=models.PROTECT, related_name="needs"
    )
    office = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("office in charge"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="desk_needs",
        help_text=_("Empty: the network's own desk."),
    )
    owned_since = models.DateTimeField(_("in charge since"))
    routing = models.JSONField(_("why this officer"), default=dict, blank=True)
    received_at = models.DateTimeField(_("received at"), db_index=True)
    due_at = models.DateTimeField(_("first answer promised by"))
    promise = models.ForeignKey(
        "core.CatalogueEntry", verbose_name=_("promise"), on_delete=models.PROTECT, related_name="promised_needs"
    )
    first_answer_at = models.DateTimeField(_("first answered at"), null=True, blank=True)
    first_answer_days = models.FloatField(_("working days to the first answer"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-received_at", "pk"]
        indexes = [
            models.Index(fields=["owner", "status"], name="need_owner_status"),
            models.Index(fields=["status", "due_at"], name="need_status_due"),
        ]
        constraints = [
            models.CheckConstraint(
                name="need_trl_range",
                condition=Q(trl__isnull=True) | Q(trl__range=(1, 9)),
                violation_error_message=_("Readiness runs from TRL 1 to TRL 9."),
            ),
            models.CheckConstraint(
                name="need_has_company",
                condition=Q(company__isnull=False) | ~Q(company_name=""),
                violation_error_message=_("Say which company has this need."),
            ),
            models.CheckConstraint(
                name="need_has_contact",
                condition=Q(contact__isnull=False) | ~Q(contact_email=""),
                violation_error_message=_("Say whom to answer: an account or an e-mail address."),
            ),
            models.CheckConstraint(
                name="need_ended_when_ended",
                condition=Q(status__in=OPEN_STATUSES, ended_at__isnull=True)
                | (~Q(status__in=OPEN_STATUSES) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sourcing:need", args=[self.reference])

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.status in OPEN_STATUSES

    @property
    def company_words(self) -> str:
        """The company's name, from the directory once matched."""
        return self.company.name if self.company is not None else self.company_name

    @property
    def contact_words(self) -> str:
        """The contact's name."""
        return str(self.contact) if self.contact is not None else self.contact_name or self.contact_email


class NeedSecret(models.Model):
    """The confidential part of a need: served to the desk and the company, to a team only after its NDA."""

    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="secret")
    text = models.TextField(_("confidential part"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidential part of a need")
        verbose_name_plural = _("confidential parts of needs")

    def __str__(self) -> str:
        return self.need.reference


def random_path(_instance: Any, _filename: str) -> str:
    """Where an attachment is kept: a random name outside the web root, so that no address tells what it holds."""
    return f"needs/{secrets.token_hex(16)}"


class Attachment(models.Model):
    """A file of a need, confidential or not; served only through the policy."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("file name"), max_length=150)
    file = models.FileField(_("file"), upload_to=random_path, max_length=100)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    is_confidential = models.BooleanField(_("confidential"), default=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["need_id", "added_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """One dated thing that a need led to; the closing outcome may be none, with its reason."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="outcomes")
    referral = models.ForeignKey(
        "sourcing.Referral", on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes"
    )
    kind = models.CharField(_("outcome"), max_length=16, choices=OutcomeKind)
    dated_on = models.DateField(_("date"))
    agreement = models.CharField(_("reference of the agreement"), max_length=120, blank=True)
    ending = models.CharField(_("why nothing came of it"), max_length=64, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["dated_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="outcome_none_has_reason",
                condition=(Q(kind=OutcomeKind.NONE) & ~Q(ending="")) | (~Q(kind=OutcomeKind.NONE) & Q(ending="")),
                violation_error_message=_("Say why nothing came of it; only then."),
            ),
            models.CheckConstraint(
                name="outcome_agreement_has_reference",
                condition=~Q(kind=OutcomeKind.CONTRACT) | ~Q(agreement=""),
                violation_error_message=_("Give the reference of the contract."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.dated_on}"
