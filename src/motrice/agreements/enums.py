"""Kinds of agreements, where each stands, who is in it, and what a licence leaves to others."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementKind(models.TextChoices):
    """What sort of agreement it is."""

    LICENCE = "licence", _("Licence")


class AgreementStatus(models.TextChoices):
    """Where an agreement stands."""

    DRAFT = "draft", _("in preparation")
    IN_FORCE = "in_force", _("in force")
    ENDED = "ended", _("ended")
    TERMINATED = "terminated", _("terminated early")
    GIVEN_UP = "given_up", _("given up before signature")


SIGNED = (AgreementStatus.IN_FORCE, AgreementStatus.ENDED, AgreementStatus.TERMINATED)
CLOSED = (AgreementStatus.ENDED, AgreementStatus.TERMINATED, AgreementStatus.GIVEN_UP)


class PartyRole(models.TextChoices):
    """What a party does in a licence."""

    LICENSOR = "licensor", _("Licensor")
    LICENSEE = "licensee", _("Licensee")


class Exclusivity(models.TextChoices):
    """Who else may use what is licensed, in the same field and territory."""

    EXCLUSIVE = "exclusive", _("Exclusive")
    SOLE = "sole", _("Sole")
    NON_EXCLUSIVE = "non_exclusive", _("Non-exclusive")


# A sole licence shuts other licensees out as an exclusive one does.
SHUTS_OTHERS_OUT = (Exclusivity.EXCLUSIVE, Exclusivity.SOLE)
