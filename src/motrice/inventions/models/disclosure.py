"""The disclosure of a result, what binds it, what makes it public, and its files."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.inventions.enums import (
    UNDECIDED,
    WITH_OFFICE,
    WRITABLE,
    DecisionKind,
    DisclosureKind,
    DisclosureLevel,
    DisclosureStatus,
    DivulgationKind,
    TieKind,
)

# What the list counts, filters and sorts by: read from one index, the long texts are not passed over.
LISTED = [
    "status", "due_at", "kind", "decision", "domain", "unit", "owner", "office", "author", "level", "received_at",
    "decided_at", "state_since", "decision_days",
]  # fmt: skip


class DisclosureQuerySet(PolicyQuerySet):
    """Disclosures, by what the office asks of them."""

    def undecided(self) -> DisclosureQuerySet:
        """Those that left draft and wait for a decision."""
        return self.filter(status__in=UNDECIDED)


class Disclosure(models.Model):
    """A result as its inventors declare it: kept to a named circle until somebody decides otherwise."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=DisclosureKind, default=DisclosureKind.INVENTION)
    status = models.CharField(_("state"), max_length=16, choices=DisclosureStatus, default=DisclosureStatus.DRAFT)
    level = models.CharField(
        _("confidentiality"), max_length=16, choices=DisclosureLevel, default=DisclosureLevel.CIRCLE
    )
    language = models.CharField(
        _("language"), max_length=5, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("what it is"), blank=True)
    problem = models.TextField(_("what it solves"), blank=True)
    novelty = models.TextField(_("what is new"), blank=True)
    prior_art = models.TextField(_("prior art known"), blank=True)
    uses = models.TextField(_("uses and advantages"), blank=True)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=64, blank=True, db_index=True)
    trl = models.PositiveSmallIntegerField(_("TRL"), null=True, blank=True)
    invented_on = models.DateField(_("date of invention"), null=True, blank=True)
    unit = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("laboratory"),
        on_delete=models.PROTECT,
        related_name="disclosures",
    )
    has_no_tie = models.BooleanField(_("nothing binds it"), default=False)
    has_no_divulgation = models.BooleanField(_("no publication, past or planned"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("prepared by"), on_delete=models.PROTECT, related_name="disclosures"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer in charge"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_disclosures",
    )
    office = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("office in charge"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="office_disclosures",
    )
    owned_since = models.DateTimeField(_("in charge since"), null=True, blank=True)
    routing = models.JSONField(_("why this officer"), default=dict, blank=True)
    promise = models.ForeignKey(
        "core.CatalogueEntry",
        verbose_name=_("promise"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("begun at"))
    state_since = models.DateTimeField(_("in this state since"))
    signed_text = models.TextField(_("the text that inventors sign"), blank=True)
    submitted_at = models.DateTimeField(_("sent for signature at"), null=True, blank=True)
    sign_due_at = models.DateTimeField(_("signatures awaited by"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True, db_index=True)
    take_due_at = models.DateTimeField(_("evaluation promised to begin by"), null=True, blank=True)
    evaluated_at = models.DateTimeField(_("evaluation began at"), null=True, blank=True)
    due_at = models.DateTimeField(_("decision promised by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=16, choices=DecisionKind, blank=True)
    protected_on = models.DateField(_("filed on"), null=True, blank=True)
    decision_days = models.FloatField(_("working days from receipt to the decision"), null=True, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-state_since", "pk"]
        indexes = [
            models.Index(fields=["owner", "status"], name="disclosure_owner_status"),
            models.Index(fields=LISTED, name="disclosure_listed"),
            models.Index(fields=["-state_since", "id"], name="disclosure_since"),
        ]
        constraints = [
            models.CheckConstraint(
                name="disclosure_trl_range",
                condition=Q(trl__isnull=True) | Q(trl__gte=1, trl__lte=9),
                violation_error_message=_("Readiness runs from TRL 1 to TRL 9."),
            ),
            models.CheckConstraint(
                name="disclosure_owned_once_sent",
                condition=Q(status__in=[*WRITABLE, DisclosureStatus.WITHDRAWN]) | Q(owner__isnull=False),
                violation_error_message=_("A disclosure that was sent has an officer in charge."),
            ),
            models.CheckConstraint(
                name="disclosure_received_has_date",
                condition=~Q(status__in=[*WITH_OFFICE, DisclosureStatus.DECIDED]) | Q(received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disclosure_decided_has_decision",
                condition=(Q(status=DisclosureStatus.DECIDED, decided_at__isnull=False) & ~Q(decision=""))
                | (~Q(status=DisclosureStatus.DECIDED) & Q(decided_at__isnull=True, decision="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}" if self.title else self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inventions:disclosure", args=[self.reference])

    @property
    def title_words(self) -> str:
        """Its title, or what stands for it while there is none."""
        return self.title or gettext("Disclosure without a title yet")

    @property
    def is_writable(self) -> bool:
        """Whether its inventors still write it."""
        return self.status in WRITABLE


class Tie(models.Model):
    """A funding contract or agreement that binds the result, as its inventors know it."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="ties")
    kind = models.CharField(_("kind"), max_length=16, choices=TieKind)
    number = models.CharField(_("number of the contract"), max_length=120, blank=True)
    party = models.CharField(_("with whom"), max_length=200)
    note = models.TextField(_("what it says of results"), blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie of a result")
        verbose_name_plural = _("ties of results")
        ordering = ["disclosure_id", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.party}"


class Divulgation(models.Model):
    """One publication or talk, past or planned, that tells the result to others, with its day."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="divulgations")
    kind = models.CharField(_("kind"), max_length=16, choices=DivulgationKind)
    title = models.CharField(_("title or place"), max_length=300)
    dated_on = models.DateField(_("date"))
    is_under_secrecy = models.BooleanField(_("told under a confidentiality agreement"), default=False)
    note = models.TextField(_("what was or will be told"), blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication of a result")
        verbose_name_plural = _("publications of results")
        ordering = ["disclosure_id", "dated_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.dated_on.isoformat()}"


def random_path(_instance: Any, _filename: str) -> str:
    """Where a file is kept: a random name outside the web root, so that no address tells what it holds."""
    return f"disclosures/{secrets.token_hex(16)}"


class Attachment(models.Model):
    """A file of a disclosure, served only through the policy."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("file name"), max_length=150)
    file = models.FileField(_("file"), upload_to=random_path, max_length=100)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a disclosure")
        verbose_name_plural = _("files of disclosures")
        ordering = ["disclosure_id", "added_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Typing(models.Model):
    """What was typed on the form of a disclosure and not yet saved by a press of its button."""

    audit_exempt = "What is typed before a step is saved is not yet an answer: the log starts when the step is saved."

    disclosure = models.OneToOneField(Disclosure, on_delete=models.CASCADE, related_name="typing")
    answers = models.JSONField(_("what was typed"), default=dict, blank=True)
    writers = models.JSONField(_("who wrote which answer last"), default=dict, blank=True)
    aside = models.JSONField(_("other versions that wait for a choice"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsaved typing")
        verbose_name_plural = _("unsaved typing")

    def __str__(self) -> str:
        return str(self.disclosure_id)
