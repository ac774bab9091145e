"""Steering: the domains an organisation chooses, what it says of them, rankings that others publish, the landscape."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.directory.models import DatedQuerySet
from motrice.portfolio.enums import LandscapeStep, RankingBasis, Reach
from motrice.portfolio.models.asset import Asset


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint of what holds from a day to a day."""
    return models.CheckConstraint(
        name=name,
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message=_("The end cannot precede the start."),
    )


class Domain(models.Model):
    """A strategic domain of an organisation: chosen for stated reasons, with somebody who answers for it."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="domains",
        help_text=_("The body whose strategy it is."),
    )
    code = models.SlugField(_("code"), max_length=40)
    name_fr = models.CharField(_("name in French"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    goals = models.TextField(_("goals"), blank=True)
    criteria = models.TextField(_("why it was chosen"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who answers for it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="domains",
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategic domain")
        verbose_name_plural = _("strategic domains")
        ordering = ["code", "pk"]
        constraints = [
            ends_after_start("domain_ends_after_start"),
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="domain_code",
                violation_error_message=_("This organisation has a domain of this code already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr


class DomainClass(models.Model):
    """A rule of the bridge: families of classes with this beginning are proposed for the domain."""

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="classes")
    prefix = models.CharField(_("IPC or CPC prefix"), max_length=20)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("class of a domain")
        verbose_name_plural = _("classes of a domain")
        ordering = ["domain_id", "prefix", "pk"]
        constraints = [
            ends_after_start("domain_class_ends_after_start"),
            models.UniqueConstraint(
                fields=["domain", "prefix"],
                name="domain_class_once",
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("This domain has this prefix already."),
            ),
        ]

    def __str__(self) -> str:
        return self.prefix


class DomainUnit(models.Model):
    """A laboratory that works for a domain, from a day to a day."""

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(
        "directory.Organisation", verbose_name=_("laboratory"), on_delete=models.PROTECT, related_name="unit_domains"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("laboratory of a domain")
        verbose_name_plural = _("laboratories of a domain")
        ordering = ["domain_id", "unit_id", "pk"]
        constraints = [
            ends_after_start("domain_unit_ends_after_start"),
            models.UniqueConstraint(
                fields=["domain", "unit"],
                name="domain_unit_once",
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("This laboratory works for the domain already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class DomainAsset(models.Model):
    """An asset counted in a domain, with the rule that proposed it when one did."""

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="links")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="domain_links")
    prefix = models.CharField(_("proposed by"), max_length=20, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset of a domain")
        verbose_name_plural = _("assets of a domain")
        ordering = ["domain_id", "asset_id", "pk"]
        constraints = [
            ends_after_start("domain_asset_ends_after_start"),
            models.UniqueConstraint(
                fields=["domain", "asset"],
                name="domain_asset_once",
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("This asset is in the domain already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain} – {self.asset}"


class DomainDismissal(models.Model):
    """A proposal that somebody refused: it is not made again."""

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="dismissals")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="domain_dismissals")
    dismissed_on = models.DateField(_("dismissed on"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dismissed proposal of a domain")
        verbose_name_plural = _("dismissed proposals of a domain")
        ordering = ["domain_id", "asset_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "asset"],
                name="domain_dismissal_once",
                violation_error_message=_("This proposal was dismissed already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.domain} – {self.asset}"


class Headline(models.Model):
    """A number of domains that an organisation states in public: “20 strategic domains”."""

    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="headlines")
    text = models.CharField(_("what is said"), max_length=200)
    domain_count = models.PositiveSmallIntegerField(_("number of domains stated"))
    stated_on = models.DateField(_("stated on"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement on the domains")
        verbose_name_plural = _("statements on the domains")
        ordering = ["organisation_id", "-stated_on", "-pk"]

    def __str__(self) -> str:
        return self.text


class PublishedRanking(models.Model):
    """A ranking of applicants that an office published, loaded to be compared with what is held."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="published_rankings",
        help_text=_("The body whose titles are compared with it."),
    )
    title = models.CharField(_("title"), max_length=160)
    year = models.PositiveSmallIntegerField(_("year counted"))
    basis = models.CharField(_("what is counted"), max_length=12, choices=RankingBasis)
    source = models.CharField(_("source"), max_length=300)
    loaded_on = models.DateField(_("loaded on"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("published ranking")
        verbose_name_plural = _("published rankings")
        ordering = ["-year", "-pk"]

    def __str__(self) -> str:
        return self.title


class PublishedRankingLine(models.Model):
    """One line of it: a rank, a name as printed, a value, and the titles behind it when they are given."""

    ranking = models.ForeignKey(PublishedRanking, on_delete=models.PROTECT, related_name="lines")
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    name = models.CharField(_("name as printed"), max_length=200)
    value = models.PositiveIntegerField(_("value"))
    titles = models.JSONField(_("titles"), default=list, blank=True)
    organisation = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("recognised as"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ranking_lines",
    )
    is_settled = models.BooleanField(_("judged by somebody"), default=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a published ranking")
        verbose_name_plural = _("lines of a published ranking")
        ordering = ["ranking_id", "rank", "-value", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["ranking", "name"],
                name="ranking_name_once",
                violation_error_message=_("This name is in the ranking already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Landscape(models.Model):
    """Places of families on a plane, worked out only from those that everybody in its reach may see.

    One for those who work in the organisation and one for the network: places worked out from more than its readers
    may see would tell them of what they may not.
    """

    audit_excluded = ("places", "step", "step_at")

    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="landscapes")
    reach = models.CharField(_("whose"), max_length=16, choices=Reach)
    computed_at = models.DateTimeField(_("worked out at"), null=True, blank=True)
    step = models.CharField(_("how far it is"), max_length=8, choices=LandscapeStep, default=LandscapeStep.DONE)
    step_at = models.DateTimeField(_("since"), null=True, blank=True)
    asset_count = models.PositiveIntegerField(_("number of families"), default=0)
    document_count = models.PositiveIntegerField(_("number of public documents"), default=0)
    # By reference of the asset, then by number of the public document: [x, y], and its title for a document; a
    # document that waits for its place has none.
    places = models.JSONField(default=dict, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("landscape")
        verbose_name_plural = _("landscapes")
        ordering = ["organisation_id", "reach"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reach"],
                name="landscape_once",
                violation_error_message=_("This landscape is kept already: work it out again."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.get_reach_display()}"
