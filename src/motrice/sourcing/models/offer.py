"""What the laboratories offer to companies, by market segment, with an owner and a date of review."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.sourcing.enums import OfferKind, OfferStatus

OFFER_LEVELS = [(Level.PUBLIC.value, Level.PUBLIC.label), (Level.NETWORK.value, Level.NETWORK.label)]


class OfferQuerySet(PolicyQuerySet):
    """Offers, by whether the portal shows them."""

    def current(self, on: date | None = None) -> OfferQuerySet:
        """Published and reviewed in time: an overdue offer leaves the portal by itself."""
        return self.filter(status=OfferStatus.PUBLISHED, review_on__gte=on or timezone.localdate())

    def overdue(self, on: date | None = None) -> OfferQuerySet:
        """Published, but their review is late."""
        return self.filter(status=OfferStatus.PUBLISHED, review_on__lt=on or timezone.localdate())


class Offer(models.Model):
    """An offer, a capability or a platform of a laboratory or institute, written for companies in both languages."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=OfferKind, default=OfferKind.CAPABILITY)
    status = models.CharField(_("state"), max_length=16, choices=OfferStatus, default=OfferStatus.DRAFT)
    level = models.CharField(_("shown to"), max_length=16, choices=OFFER_LEVELS, default=Level.PUBLIC)
    organisation = models.ForeignKey(
        "directory.Organisation", verbose_name=_("offered by"), on_delete=models.PROTECT, related_name="offers"
    )
    owner = models.ForeignKey(
        "directory.Person", verbose_name=_("person in charge"), on_delete=models.PROTECT, related_name="offers"
    )
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    text_fr = models.TextField(_("text in French"))
    text_en = models.TextField(_("text in English"))
    trl_min = models.PositiveSmallIntegerField(_("from TRL"), null=True, blank=True)
    trl_max = models.PositiveSmallIntegerField(_("to TRL"), null=True, blank=True)
    sme_conditions_fr = models.TextField(_("conditions for SMEs in French"), blank=True)
    sme_conditions_en = models.TextField(_("conditions for SMEs in English"), blank=True)
    equipment_fr = models.TextField(_("equipment in French"), blank=True)
    equipment_en = models.TextField(_("equipment in English"), blank=True)
    access_fr = models.TextField(_("conditions of access in French"), blank=True)
    access_en = models.TextField(_("conditions of access in English"), blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    review_on = models.DateField(_("next review on"), db_index=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["title_fr", "pk"]
        constraints = [
            models.CheckConstraint(
                name="offer_trl_range",
                condition=Q(trl_min__isnull=True, trl_max__isnull=True)
                | Q(trl_min__gte=1, trl_max__lte=9, trl_max__gte=F("trl_min")),
                violation_error_message=_("Readiness runs from TRL 1 to TRL 9: give both ends, or none."),
            ),
            models.CheckConstraint(
                name="offer_platform_says_access",
                condition=~Q(kind=OfferKind.PLATFORM)
                | (~Q(equipment_fr="") & ~Q(equipment_en="") & ~Q(access_fr="") & ~Q(access_en="")),
                violation_error_message=_("A platform says what equipment it has and on what conditions one uses it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sourcing:offer", args=[self.reference])

    def in_language(self, name: str) -> str:
        """One of the two-language fields in the reader's language."""
        return str(getattr(self, f"{name}_{'en' if (get_language() or 'fr').startswith('en') else 'fr'}"))

    @property
    def title(self) -> str:
        return self.in_language("title")

    @property
    def text(self) -> str:
        return self.in_language("text")

    @property
    def sme_conditions(self) -> str:
        return self.in_language("sme_conditions")

    @property
    def equipment(self) -> str:
        return self.in_language("equipment")

    @property
    def access(self) -> str:
        return self.in_language("access")

    @property
    def is_overdue(self) -> bool:
        """Whether its review is late: it is then hidden from the portal."""
        return self.status == OfferStatus.PUBLISHED and self.review_on < timezone.localdate()


class OfferSegment(models.Model):
    """A market segment (catalogue) for which an offer is made."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="segments")
    segment = models.CharField(_("market segment"), max_length=64, db_index=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment of an offer")
        verbose_name_plural = _("segments of offers")
        ordering = ["offer_id", "segment"]
        constraints = [models.UniqueConstraint(fields=["offer", "segment"], name="offer_segment_once")]

    def __str__(self) -> str:
        return self.segment


class OfferReference(models.Model):
    """A project done, told to show what the offer has given to others; linked to the evidence when there is one."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="references")
    title = models.CharField(_("project"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    evidence = models.ForeignKey(
        "directory.Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference project")
        verbose_name_plural = _("reference projects")
        ordering = ["offer_id", "-year", "pk"]

    def __str__(self) -> str:
        return self.title
