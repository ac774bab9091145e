"""An agreement and its parties; a licence, where it holds, and the assets it bundles with the share of each."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.agreements.enums import CLOSED, SIGNED, AgreementKind, AgreementStatus, Exclusivity, PartyRole
from motrice.core.confidentiality import Level
from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.portfolio.models import Asset
from motrice.portfolio.models.asset import Share, is_share


def live_on(day: date, path: str = "") -> Q:
    """What is in force on a day: signed, begun, its term not passed, nothing recorded that ends it."""
    begun = Q(**{f"{path}status": AgreementStatus.IN_FORCE, f"{path}starts_on__lte": day})
    return begun & (Q(**{f"{path}ends_on__isnull": True}) | Q(**{f"{path}ends_on__gte": day}))


class AgreementQuerySet(PolicyQuerySet):
    """Agreements, by what is asked of them."""

    def live(self, day: date | None = None) -> AgreementQuerySet:
        """Those in force on a day (today when none is given)."""
        return cast(AgreementQuerySet, self.filter(live_on(day or timezone.localdate())))


class Agreement(models.Model):
    """What an office agreed with others: who answers for it, how far it is seen, from which day to which it holds."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=AgreementKind, db_index=True)
    status = models.CharField(
        _("state"), max_length=12, choices=AgreementStatus, default=AgreementStatus.DRAFT, db_index=True
    )
    level = models.CharField(_("confidentiality"), max_length=16, choices=Level, default=Level.ORGANISATION)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    number = models.CharField(_("our reference"), max_length=40, blank=True, db_index=True)
    office = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("office in charge"),
        on_delete=models.PROTECT,
        related_name="kept_agreements",
        help_text=_("The body whose transfer office answers for it."),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer in charge"),
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    officer_since = models.DateField(_("in charge since"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("takes effect on"), null=True, blank=True)
    ends_on = models.DateField(_("term"), null=True, blank=True, help_text=_("The last day that was agreed."))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = [F("signed_on").desc(nulls_first=True), "-pk"]
        indexes = [
            models.Index(fields=["kind", "status", "starts_on"], name="agreement_kind_status"),
            models.Index(fields=["office", "kind"], name="agreement_office_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The term cannot precede the day it takes effect."),
            ),
            models.CheckConstraint(
                name="agreement_signed_has_dates",
                condition=~Q(status__in=SIGNED) | Q(signed_on__isnull=False, starts_on__isnull=False),
                violation_error_message=_("A signed agreement has the day of its signature and of its effect."),
            ),
            models.CheckConstraint(
                name="agreement_closed_when_closed",
                condition=Q(status__in=CLOSED, closed_on__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_on__isnull=True)),
                violation_error_message=_("An agreement that is closed has the day of it, and only then."),
            ),
            models.CheckConstraint(
                name="agreement_closed_after_signature",
                condition=~Q(status__in=SIGNED) | Q(closed_on__isnull=True) | Q(closed_on__gte=F("signed_on")),
                violation_error_message=_("It cannot be closed before it was signed."),
            ),
            models.UniqueConstraint(
                fields=["office", "number"],
                name="agreement_number",
                condition=~Q(number=""),
                violation_error_message=_("Another agreement of this office has this reference already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.reference} · {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("agreements:agreement", args=[self.reference])

    def is_live(self, day: date) -> bool:
        """Whether it is in force on a day, as `live_on` says of rows."""
        if self.status != AgreementStatus.IN_FORCE or self.starts_on is None:
            return False
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Party(models.Model):
    """Who is bound by an agreement: an organisation of the directory, or a name where there is no record."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_parties",
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=PartyRole)
    position = models.PositiveSmallIntegerField(_("rank"), default=1)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party to an agreement")
        verbose_name_plural = _("parties to agreements")
        ordering = ["agreement_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="party_is_somebody",
                condition=Q(organisation__isnull=False) | ~Q(name=""),
                violation_error_message=_("A party is an organisation of the directory or has a name."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "organisation", "role"],
                name="party_once",
                condition=Q(organisation__isnull=False),
                violation_error_message=_("This party is named twice in the same role."),
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name if self.organisation is not None else self.name


class Licence(models.Model):
    """What only a licence has: whom it shuts out, for which uses, where."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="licence")
    exclusivity = models.CharField(_("exclusivity"), max_length=16, choices=Exclusivity)
    field_of_use = models.CharField(_("field of use"), max_length=300, blank=True)
    is_worldwide = models.BooleanField(_("worldwide"), default=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["agreement_id"]

    def __str__(self) -> str:
        return str(self.agreement)


class LicenceTerritory(models.Model):
    """One country or group of countries where a licence holds; a worldwide one has none."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="territories")
    code = models.CharField(_("territory"), max_length=2, db_index=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory of a licence")
        verbose_name_plural = _("territories of licences")
        ordering = ["licence_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "code"],
                name="licence_territory_once",
                violation_error_message=_("This territory is named already."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class LicensedAsset(Share):
    """An asset that a licence bundles, with the exact part of the licence's income that is put down to it."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="bundle")
    asset = models.ForeignKey(Asset, verbose_name=_("asset"), on_delete=models.PROTECT, related_name="licensed")
    position = models.PositiveSmallIntegerField(_("rank"), default=1)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("licensed asset")
        verbose_name_plural = _("licensed assets")
        ordering = ["licence_id", "position", "pk"]
        constraints = [
            is_share("licensed_asset_is_share"),
            models.UniqueConstraint(
                fields=["licence", "asset"],
                name="licensed_asset_once",
                violation_error_message=_("This asset is in the licence already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.asset)
