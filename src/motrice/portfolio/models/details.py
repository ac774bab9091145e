"""What only one kind of asset has."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.directory.models import DatedQuerySet
from motrice.portfolio.enums import DepositKind, MaterialKind, MeasureKind, PartUse
from motrice.portfolio.models.asset import Asset


class PatentFamily(models.Model):
    """A family of applications that share a priority."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="family")
    docdb_family = models.CharField(_("DOCDB family"), max_length=20, blank=True, db_index=True)
    first_filed_on = models.DateField(_("first filed on"), null=True, blank=True, db_index=True)
    first_published_on = models.DateField(_("first published on"), null=True, blank=True, db_index=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("patent family")
        verbose_name_plural = _("patent families")
        ordering = ["asset_id"]

    def __str__(self) -> str:
        return str(self.asset)


class Software(models.Model):
    """A program: where its code is, how it was deposited, under which licence it is given."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="software")
    technologies = models.CharField(_("languages and platforms"), max_length=200, blank=True)
    repository_url = models.URLField(_("repository"), max_length=500, blank=True)
    licence = models.CharField(_("licence given (SPDX)"), max_length=120, blank=True)
    is_exclusive = models.BooleanField(_("an exclusive licence is planned or given"), default=False)
    swhid = models.CharField(_("Software Heritage identifier"), max_length=400, blank=True)
    deposit = models.CharField(_("deposit"), max_length=20, choices=DepositKind, blank=True)
    deposit_number = models.CharField(_("deposit number"), max_length=80, blank=True)
    deposited_on = models.DateField(_("deposited on"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("software")
        verbose_name_plural = _("software")
        ordering = ["asset_id"]
        constraints = [
            models.CheckConstraint(
                name="software_deposit_has_date",
                condition=Q(deposit="") | Q(deposited_on__isnull=False),
                violation_error_message=_("A deposit has its date."),
            )
        ]

    def __str__(self) -> str:
        return str(self.asset)


class SoftwareVersion(models.Model):
    """A version of a software that was given out or deposited."""

    software = models.ForeignKey(Software, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(_("version"), max_length=40)
    released_on = models.DateField(_("date"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a software")
        verbose_name_plural = _("versions of software")
        ordering = ["software_id", "-released_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["software", "label"],
                name="software_version_once",
                violation_error_message=_("This version is held already."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class ThirdPartyPart(models.Model):
    """Somebody else's code in a software, with its licence."""

    software = models.ForeignKey(Software, on_delete=models.PROTECT, related_name="parts")
    name = models.CharField(_("part"), max_length=120)
    version = models.CharField(_("version"), max_length=40, blank=True)
    licence = models.CharField(_("licence (SPDX)"), max_length=120)
    use = models.CharField(_("how it is used"), max_length=12, choices=PartUse)
    url = models.URLField(_("address"), max_length=500, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("third party's part")
        verbose_name_plural = _("third parties' parts")
        ordering = ["software_id", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["software", "name", "version"],
                name="software_part_once",
                violation_error_message=_("This part is listed already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class KnowHow(models.Model):
    """A secret that has worth because it is kept."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="know_how")
    holders = models.TextField(_("who knows it"), blank=True)
    support = models.TextField(_("where it is written down"), blank=True)
    value = models.TextField(_("why it is worth keeping"), blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("know-how")
        verbose_name_plural = _("know-how")
        ordering = ["asset_id"]

    def __str__(self) -> str:
        return str(self.asset)


class SecrecyMeasure(models.Model):
    """One measure that keeps an asset secret, from a day to a day."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(_("measure"), max_length=12, choices=MeasureKind)
    text = models.CharField(_("what is done"), max_length=300)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("secrecy measure")
        verbose_name_plural = _("secrecy measures")
        ordering = ["asset_id", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="measure_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end cannot precede the start."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class Material(models.Model):
    """A thing that is handed over: cells, plasmids, samples, data."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="material")
    material_kind = models.CharField(_("what it is"), max_length=12, choices=MaterialKind)
    origin = models.TextField(_("origin and permits"), blank=True)
    storage = models.CharField(_("where it is kept"), max_length=200, blank=True)
    restrictions = models.TextField(_("restrictions on use"), blank=True)
    is_available = models.BooleanField(_("can be supplied"), default=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["asset_id"]

    def __str__(self) -> str:
        return str(self.asset)


class Design(models.Model):
    """A registered design."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="design")
    product = models.CharField(_("product"), max_length=200)
    disclosed_on = models.DateField(_("first shown on"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("design")
        verbose_name_plural = _("designs")
        ordering = ["asset_id"]

    def __str__(self) -> str:
        return str(self.asset)


class Mark(models.Model):
    """A trade mark: its sign and what it is used for."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="mark")
    sign = models.CharField(_("sign"), max_length=200)
    goods = models.TextField(_("goods and services"), blank=True)
    first_used_on = models.DateField(_("first used on"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("trade mark")
        verbose_name_plural = _("trade marks")
        ordering = ["asset_id"]

    def __str__(self) -> str:
        return str(self.asset)
