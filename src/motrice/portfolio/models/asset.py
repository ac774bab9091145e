"""What every asset has: a title, who answers for it, who made it, who owns it on each day."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.directory.models import DatedQuerySet
from motrice.portfolio.enums import LIVE_STATUSES, AssetKind, AssetStatus, ContributorRole


class AssetQuerySet(PolicyQuerySet):
    """Assets, by what the portfolio asks of them."""

    def live(self) -> AssetQuerySet:
        """Those that are prepared or in force."""
        return self.filter(status__in=LIVE_STATUSES)

    def families(self) -> AssetQuerySet:
        """Patent families only."""
        return self.filter(kind=AssetKind.PATENT_FAMILY)


class Asset(models.Model):
    """A patent family, software, know-how, material, design or mark: kept to a circle until somebody opens it."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=AssetKind, db_index=True)
    status = models.CharField(_("state"), max_length=12, choices=AssetStatus, default=AssetStatus.PREPARED)
    level = models.CharField(_("confidentiality"), max_length=16, choices=Level, default=Level.CIRCLE)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=[("fr", "Français"), ("en", "English")])
    docket_number = models.CharField(_("our reference"), max_length=40, blank=True, db_index=True)
    office = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("office in charge"),
        on_delete=models.PROTECT,
        related_name="kept_assets",
        help_text=_("The body whose transfer office answers for it."),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("officer in charge"), on_delete=models.PROTECT, related_name="assets"
    )
    officer_since = models.DateField(_("in charge since"))
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("patent engineer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="docketed_assets",
    )
    firm = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("patent firm"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entrusted_assets",
    )
    unit = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("laboratory of origin"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="originated_assets",
    )
    disclosure = models.ForeignKey(
        "inventions.Disclosure",
        verbose_name=_("disclosure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assets",
    )
    trl = models.PositiveSmallIntegerField(_("TRL"), null=True, blank=True)
    starts_on = models.DateField(_("exists since"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["-starts_on", "pk"]
        indexes = [
            models.Index(fields=["kind", "status", "starts_on"], name="asset_kind_status"),
            models.Index(fields=["office", "kind"], name="asset_office_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="asset_trl_range",
                condition=Q(trl__isnull=True) | Q(trl__range=(1, 9)),
                violation_error_message=_("Readiness runs from TRL 1 to TRL 9."),
            ),
            models.CheckConstraint(
                name="asset_ends_when_ended",
                condition=Q(status__in=LIVE_STATUSES, ends_on__isnull=True)
                | (~Q(status__in=LIVE_STATUSES) & Q(ends_on__isnull=False)),
                violation_error_message=_("An asset that has ended has the day of its end, and only then."),
            ),
            models.CheckConstraint(
                name="asset_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end cannot precede the start."),
            ),
            models.UniqueConstraint(
                fields=["disclosure", "kind"],
                name="asset_disclosure_once",
                condition=Q(disclosure__isnull=False),
                violation_error_message=_("An asset of this kind was made of this disclosure already."),
            ),
            models.UniqueConstraint(
                fields=["office", "docket_number"],
                name="asset_docket_number",
                condition=~Q(docket_number=""),
                violation_error_message=_("Another asset of this office has this reference already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.docket_number or self.reference} · {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("portfolio:asset", args=[self.reference])

    @property
    def is_live(self) -> bool:
        """Whether it is prepared or in force."""
        return self.status in LIVE_STATUSES


class Share(models.Model):
    """An exact part of one: a third is 1/3."""

    numerator = models.PositiveIntegerField(_("part"))
    denominator = models.PositiveIntegerField(_("of"), default=1)

    class Meta:
        abstract = True

    @property
    def share(self) -> Fraction:
        """The part as an exact fraction."""
        return Fraction(self.numerator, self.denominator)


def is_share(name: str) -> models.CheckConstraint:
    """The constraint of every share: more than nothing, at most all."""
    return models.CheckConstraint(
        name=name,
        condition=Q(denominator__gt=0, numerator__gt=0, numerator__lte=F("denominator")),
        violation_error_message=_("A share is more than nothing and at most the whole."),
    )


class Ownership(Share):
    """What part of an asset an organisation owns, from a day to a day (both included)."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="ownerships")
    organisation = models.ForeignKey(
        "directory.Organisation", verbose_name=_("owner"), on_delete=models.PROTECT, related_name="ownerships"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    ground = models.CharField(_("by what"), max_length=200, blank=True)
    supposed_on = models.DateField(_("supposed on, to be confirmed"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        ordering = ["asset_id", "starts_on", "pk"]
        indexes = [models.Index(fields=["organisation", "starts_on"], name="ownership_organisation")]
        constraints = [
            is_share("ownership_is_share"),
            models.CheckConstraint(
                name="ownership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end cannot precede the start."),
            ),
            models.UniqueConstraint(
                fields=["asset", "organisation", "starts_on"],
                name="ownership_once_a_day",
                violation_error_message=_("This owner has a share that starts on this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.share}"


class Contributor(Share):
    """Who invented or wrote it, with the exact part of each."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="contributors")
    person = models.ForeignKey(
        "directory.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    name = models.CharField(_("name"), max_length=160)
    role = models.CharField(_("role"), max_length=12, choices=ContributorRole)
    employer = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("employer then"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="employed_contributors",
    )
    unit = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("unit then"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unit_contributors",
    )
    position = models.PositiveSmallIntegerField(_("rank"), default=1)
    supposed_on = models.DateField(_("supposed on, to be confirmed"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["asset_id", "position", "pk"]
        constraints = [
            is_share("contributor_is_share"),
            models.UniqueConstraint(
                fields=["asset", "person", "role"],
                name="contributor_once",
                condition=Q(person__isnull=False),
                violation_error_message=_("This person is named already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
