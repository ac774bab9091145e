"""Kinds of the directory: organisations, names, identifiers, relations, affiliations, evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What sort of body it is."""

    RESEARCH_BODY = "research_body", _("Research organisation")
    UNIVERSITY = "university", _("University")
    SCHOOL = "school", _("School")
    HOSPITAL = "hospital", _("Hospital")
    UNIT = "unit", _("Research unit")
    TEAM = "team", _("Team")
    INSTITUTE = "institute", _("Labelled institute")
    COMPANY = "company", _("Company")
    MECHANISM = "mechanism", _("Transfer mechanism")
    PLATFORM = "platform", _("Platform")
    FUNDER = "funder", _("Funder or ministry")
    ASSOCIATION = "association", _("Association")
    LABEL = "label", _("Label")
    OTHER = "other", _("Other body")


UNIT_KINDS = (OrganisationKind.UNIT, OrganisationKind.TEAM)


class NameKind(models.TextChoices):
    """What a name is to its organisation."""

    OFFICIAL = "official", _("official name")
    ACRONYM = "acronym", _("acronym")
    ALIAS = "alias", _("other name")
    FORMER = "former", _("former name")
    TRANSLATION = "translation", _("translation")


class Scheme(models.TextChoices):
    """Registers that give identifiers."""

    ROR = "ror", "ROR"
    RNSR = "rnsr", "RNSR"
    SIREN = "siren", "SIREN"
    SIRET = "siret", "SIRET"
    VAT = "vat", _("VAT number")
    PIC = "pic", "PIC"
    ISNI = "isni", "ISNI"
    IDREF = "idref", "IdRef"
    ORCID = "orcid", "ORCID"
    GRID = "grid", "GRID"
    WIKIDATA = "wikidata", "Wikidata"
    FUNDREF = "fundref", _("Funder Registry")
    UAI = "uai", "UAI"
    LABEL_NUMBER = "label_number", _("label number")
    ANR = "anr", "ANR"


class RelationKind(models.TextChoices):
    """A typed link: read "source … target"."""

    SUPERVISES = "supervises", _("supervises")
    PARTICIPATES = "participates", _("takes part in")
    HOSTS = "hosts", _("hosts")
    PARENT = "parent", _("is the parent of")
    SUCCEEDED_BY = "succeeded_by", _("is succeeded by")
    MEMBER_OF = "member_of", _("is a member of")
    LABELLED_AS = "labelled_as", _("is labelled")
    MIRROR_OF = "mirror_of", _("is the mirror of")
    OPERATES = "operates", _("operates")


class SuccessionKind(models.TextChoices):
    """How one organisation became another."""

    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged")
    SPLIT = "split", _("split")
    CONTINUED = "continued", _("continued")


class AffiliationRole(models.TextChoices):
    """What a person is in an organisation."""

    DIRECTOR = "director", _("director")
    DEPUTY = "deputy", _("deputy director")
    RESEARCHER = "researcher", _("researcher")
    ENGINEER = "engineer", _("engineer")
    DOCTORAL = "doctoral", _("doctoral student")
    CORRESPONDENT = "correspondent", _("transfer correspondent")
    OFFICER = "officer", _("transfer officer")
    CONTACT = "contact", _("contact")


class SizeClass(models.TextChoices):
    """Company size of a year (Commission Recommendation 2003/361/EC; ETI: décret 2008-1354)."""

    MICRO = "micro", _("Micro-enterprise")
    SMALL = "small", _("Small enterprise")
    MEDIUM = "medium", _("Medium-sized enterprise")
    MIDCAP = "midcap", _("Mid-cap (ETI)")
    LARGE = "large", _("Large enterprise")


SME_SIZES = (SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM)


class EvidenceKind(models.TextChoices):
    """What shows that somebody can do something."""

    PUBLICATION = "publication", _("publication")
    PATENT = "patent", _("patent")
    PROJECT = "project", _("project")
    AWARD = "award", _("award")
    CONTRACT = "contract", _("contract")
    EQUIPMENT = "equipment", _("equipment")
    STARTUP = "startup", _("start-up")
    PROFILE = "profile", _("profile")
