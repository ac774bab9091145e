"""The roles of the field; what each sees and does is in the policies."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleKind(models.TextChoices):
    """Who somebody is on the site, an organisation, a unit or a record."""

    RESEARCHER = "researcher", _("Researcher")
    LAB_DIRECTOR = "lab_director", _("Laboratory director")
    CORRESPONDENT = "correspondent", _("Correspondent in the laboratory")
    OFFICER = "officer", _("Transfer officer")
    PATENT_ENGINEER = "patent_engineer", _("Patent engineer")
    LEGAL = "legal", _("Legal")
    FINANCE = "finance", _("Finance")
    SECURITY = "security", _("Security officer")
    DIRECTOR = "director", _("Director")
    COORDINATOR = "coordinator", _("Network coordinator")
    REPRESENTATIVE = "representative", _("Institute representative")
    BUREAU = "bureau", _("Treasurer or bureau")
    COMPANY_CONTACT = "company_contact", _("Company contact")
    REVIEWER = "reviewer", _("Reviewer")
    JURY_CHAIR = "jury_chair", _("Jury chair")
    INVESTOR = "investor", _("Investor")
    ORGANISER = "organiser", _("Event organiser")
    PATENT_FIRM = "patent_firm", _("Patent firm")
    OBSERVER = "observer", _("Ministry or agency observer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("System administrator")
    CIRCLE = "circle", _("Named in the circle")


NETWORK_ROLES = frozenset(
    {
        RoleKind.RESEARCHER,
        RoleKind.LAB_DIRECTOR,
        RoleKind.CORRESPONDENT,
        RoleKind.OFFICER,
        RoleKind.PATENT_ENGINEER,
        RoleKind.LEGAL,
        RoleKind.FINANCE,
        RoleKind.SECURITY,
        RoleKind.DIRECTOR,
        RoleKind.COORDINATOR,
        RoleKind.REPRESENTATIVE,
        RoleKind.BUREAU,
        RoleKind.AUDITOR,
    }
)


class Theme(models.TextChoices):
    """Appearance of the screens."""

    AUTO = "auto", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    """How much a screen shows at once."""

    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")
