"""Organisations, units, people, the dated links between them, and the evidence of what they can do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.directory.enums import (
    UNIT_KINDS,
    AffiliationRole,
    EvidenceKind,
    NameKind,
    OrganisationKind,
    RelationKind,
    Scheme,
    SizeClass,
    SuccessionKind,
)


class DatedQuerySet(PolicyQuerySet):
    """Rows with `starts_on` and `ends_on`; an empty bound means unknown or open."""

    def on(self, day: date | None = None) -> DatedQuerySet:
        """Those that hold on a day (today when none is given), both bounds included."""
        day = day or timezone.localdate()
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day)).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


class OrganisationQuerySet(DatedQuerySet):
    """Organisations, without those that were merged away."""

    def live(self) -> OrganisationQuerySet:
        """Records that stand for themselves."""
        return self.filter(merged_into__isnull=True)


class PersonQuerySet(PolicyQuerySet):
    """People, without those that were merged away."""

    def live(self) -> PersonQuerySet:
        """Records that stand for themselves."""
        return self.filter(merged_into__isnull=True)


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint shared by every dated row."""
    return models.CheckConstraint(
        name=name,
        condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message=_("The end cannot precede the start."),
    )


class Organisation(models.Model):
    """A legal body, a research unit, a team, a company, a labelled institute or a transfer mechanism."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=OrganisationKind, db_index=True)
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("acronym"), max_length=80, blank=True)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=120, blank=True)
    starts_on = models.DateField(_("exists since"), null=True, blank=True)
    ends_on = models.DateField(_("closed on"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, db_index=True)
    region = models.CharField(_("region"), max_length=80, blank=True, db_index=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    level = models.CharField(_("confidentiality"), max_length=16, choices=Level, default=Level.PUBLIC)
    source = models.CharField(_("source"), max_length=80, blank=True)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [ends_after_start("organisation_ends_after_start")]
        indexes = [models.Index(fields=["kind", "name"], name="organisation_kind_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.short_name})" if self.short_name else self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("directory:organisation", args=[self.reference])

    @property
    def is_unit(self) -> bool:
        """Whether research is done in it under supervisors."""
        return self.kind in UNIT_KINDS


class UnitManager(models.Manager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    """Organisations that are research units or teams."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind__in=UNIT_KINDS)


class Unit(Organisation):
    """A research unit or team: an organisation seen as a laboratory."""

    objects = UnitManager()

    class Meta:
        proxy = True
        verbose_name = _("unit")
        verbose_name_plural = _("units")


class OrganisationName(models.Model):
    """A name that an organisation bears or bore."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(_("kind"), max_length=16, choices=NameKind)
    value = models.CharField(_("name"), max_length=300)
    language = models.CharField(_("language"), max_length=8, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["organisation_id", "kind", "pk"]
        constraints = [ends_after_start("name_ends_after_start")]

    def __str__(self) -> str:
        return self.value


class Person(models.Model):
    """Somebody of the field; linked to an account when they have one."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80, db_index=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    description = models.TextField(_("description"), blank=True)
    level = models.CharField(_("confidentiality"), max_length=16, choices=Level, default=Level.NETWORK)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
    )
    source = models.CharField(_("source"), max_length=80, blank=True)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["family_name", "given_name", "pk"]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("directory:person", args=[self.reference])


class Identifier(models.Model):
    """A number that a register gives to an organisation or a person."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="identifiers"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="identifiers")
    scheme = models.CharField(_("register"), max_length=16, choices=Scheme)
    value = models.CharField(_("identifier"), max_length=80)
    source = models.CharField(_("source"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            ends_after_start("identifier_ends_after_start"),
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_unique",
                violation_error_message=_("Another record holds this identifier already."),
            ),
            models.CheckConstraint(
                name="identifier_has_one_holder",
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
                violation_error_message=_("An identifier belongs to an organisation or to a person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class Relation(models.Model):
    """A typed, dated link between two organisations, read from source to target."""

    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(_("link"), max_length=16, choices=RelationKind)
    succession = models.CharField(_("how"), max_length=16, choices=SuccessionKind, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    label_number = models.CharField(_("label number"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    provenance = models.CharField(_("source of the statement"), max_length=80, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["kind", "rank", "starts_on", "pk"]
        constraints = [
            ends_after_start("relation_ends_after_start"),
            models.CheckConstraint(
                name="relation_links_two",
                condition=~Q(source=F("target")),
                violation_error_message=_("An organisation cannot be linked to itself."),
            ),
            models.CheckConstraint(
                name="relation_succession_has_kind",
                condition=Q(kind=RelationKind.SUCCEEDED_BY) | Q(succession=""),
                violation_error_message=_("Only a succession says how one body became another."),
            ),
        ]
        indexes = [
            models.Index(fields=["target", "kind"], name="relation_target_kind"),
            models.Index(fields=["source", "kind"], name="relation_source_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"


class Affiliation(models.Model):
    """A dated link of a person to an organisation, with what they are there."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    role = models.CharField(_("role"), max_length=16, choices=AffiliationRole)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["organisation_id", "role", "starts_on", "pk"]
        constraints = [ends_after_start("affiliation_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.organisation}"


class Address(models.Model):
    """Where an organisation is, with its position when known (WGS 84 degrees)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="addresses")
    street = models.CharField(_("street"), max_length=300, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["organisation_id", "pk"]
        constraints = [
            ends_after_start("address_ends_after_start"),
            models.CheckConstraint(
                name="address_position_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("A latitude lies between -90 and 90, a longitude between -180 and 180."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, self.postcode, self.city, self.country) if part)


class YearProfile(models.Model):
    """Size and sector of an organisation in one year, with where that was read."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="profiles")
    year = models.PositiveSmallIntegerField(_("year"))
    size_class = models.CharField(_("size"), max_length=8, choices=SizeClass, blank=True)
    naf_code = models.CharField(_("NAF code"), max_length=8, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=80)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("size and sector of a year")
        verbose_name_plural = _("sizes and sectors by year")
        ordering = ["organisation_id", "-year"]
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="profile_once_a_year")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class Topic(models.Model):
    """A field of science or technology that an organisation states for itself, in a named scheme."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="topics")
    scheme = models.CharField(_("scheme"), max_length=16)
    code = models.CharField(_("code"), max_length=80)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["scheme", "code"]
        constraints = [models.UniqueConstraint(fields=["organisation", "scheme", "code"], name="topic_once")]

    def __str__(self) -> str:
        return self.code


class Mechanism(models.Model):
    """What a transfer mechanism offers: its type (catalogue), where, for which domains and readiness, what money."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="mechanism")
    mechanism_type = models.CharField(_("type"), max_length=64)
    regions = models.JSONField(_("territory"), default=list, blank=True)
    domains = models.JSONField(_("domains"), default=list, blank=True)
    steps = models.JSONField(_("steps served"), default=list, blank=True)
    trl_min = models.PositiveSmallIntegerField(_("from TRL"), null=True, blank=True)
    trl_max = models.PositiveSmallIntegerField(_("to TRL"), null=True, blank=True)
    amount = models.DecimalField(_("money"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer mechanism")
        verbose_name_plural = _("transfer mechanisms")
        ordering = ["mechanism_type", "organisation__name"]
        constraints = [
            models.CheckConstraint(
                name="mechanism_trl_range",
                condition=Q(trl_min__isnull=True, trl_max__isnull=True)
                | Q(trl_min__gte=1, trl_max__lte=9, trl_max__gte=F("trl_min")),
                violation_error_message=_("Readiness runs from TRL 1 to TRL 9."),
            ),
            models.CheckConstraint(
                name="mechanism_money_has_currency",
                condition=Q(amount__isnull=True) | ~Q(currency=""),
                violation_error_message=_("An amount needs a currency."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Evidence(models.Model):
    """A text that shows what units and people can do: publication, patent, project, award, equipment."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=EvidenceKind)
    title = models.CharField(_("title"), max_length=500)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    level = models.CharField(_("confidentiality"), max_length=16, choices=Level, default=Level.PUBLIC)
    url = models.URLField(_("address"), max_length=500, blank=True)
    external_key = models.CharField(_("key in its source"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-dated_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_key"], name="evidence_key", condition=~Q(external_key="")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceOwner(models.Model):
    """Whose evidence it is: a unit, a person, or both in several rows."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="owners")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_links"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_links")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of evidence")
        verbose_name_plural = _("holders of evidence")
        ordering = ["evidence_id", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_owner_is_one",
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["evidence", "organisation"],
                name="evidence_organisation_once",
                condition=Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["evidence", "person"], name="evidence_person_once", condition=Q(person__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or self.person}"
