"""Who made the result, in what exact part, what they signed, and the seal that proves it."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.inventions.enums import InventorRole
from motrice.inventions.models.disclosure import Disclosure


def new_key() -> str:
    """What a secret address holds: changing it closes every address sent before."""
    return get_random_string(24)


class Inventor(models.Model):
    """One inventor of a disclosure: somebody of the directory, or an outsider by name and e-mail address.

    The employer is that of the date of invention; the share is an exact fraction.
    """

    audit_excluded = ("key",)

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="inventors")
    person = models.ForeignKey(
        "directory.Person",
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inventorships",
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    role = models.CharField(_("as"), max_length=16, choices=InventorRole, default=InventorRole.INVENTOR)
    employer = models.CharField(_("employer at the date of invention"), max_length=200, blank=True)
    employer_body = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("employer in the directory"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    unit = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("laboratory at the date of invention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inventors",
    )
    numerator = models.PositiveIntegerField(_("numerator of the share"), default=0)
    denominator = models.PositiveIntegerField(_("denominator of the share"), default=1)
    contribution = models.TextField(_("what they did"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    key = models.CharField(max_length=32, default=new_key, editable=False)
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    contested_at = models.DateTimeField(_("share contested at"), null=True, blank=True)
    contest = models.TextField(_("why the share is contested"), blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("inventor")
        verbose_name_plural = _("inventors")
        ordering = ["disclosure_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "person"],
                name="inventor_person_once",
                condition=Q(person__isnull=False),
                violation_error_message=_("This person is among the inventors already."),
            ),
            models.CheckConstraint(
                name="inventor_share_of_one",
                condition=Q(denominator__gte=1, numerator__lte=F("denominator")),
                violation_error_message=_("A share lies between nothing and the whole."),
            ),
            models.CheckConstraint(
                name="inventor_outside_has_email",
                condition=Q(person__isnull=False) | ~Q(email=""),
                violation_error_message=_("Somebody outside the directory needs an e-mail address, to sign."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def share(self) -> Fraction:
        """The exact share."""
        return Fraction(self.numerator, self.denominator or 1)

    @property
    def address(self) -> str:
        """Where they are written to."""
        return self.email or (self.person.email if self.person is not None else "")

    @property
    def is_outside(self) -> bool:
        """Whether they sign by a secret address, without an account."""
        return self.person is None or self.person.user_id is None


class Signature(models.Model):
    """The signature of one inventor under one text of the disclosure: their share, confirmed."""

    inventor = models.ForeignKey(Inventor, on_delete=models.PROTECT, related_name="signatures")
    content_sha256 = models.CharField(_("checksum of what was signed"), max_length=64)
    typed_name = models.CharField(_("name as typed"), max_length=200)
    numerator = models.PositiveIntegerField(_("numerator of the share"))
    denominator = models.PositiveIntegerField(_("denominator of the share"))
    signed_at = models.DateTimeField(_("signed at"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_address = models.EmailField(_("address by which it was signed"), blank=True)
    void_at = models.DateTimeField(_("void since"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inventor"],
                name="signature_once",
                condition=Q(void_at__isnull=True),
                violation_error_message=_("This inventor has signed already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.typed_name} {self.signed_at:%Y-%m-%d}"


class Seal(models.Model):
    """The sealed file of a disclosure as it was received: text, page, time, and the seals before it."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="seals")
    position = models.PositiveSmallIntegerField(_("position"))
    content = models.TextField(_("what was sealed"))
    page = models.TextField(_("the same to read"))
    sealed_at = models.DateTimeField(_("sealed at"))
    previous = models.CharField(_("seal before it of the disclosure"), max_length=64)
    house_previous = models.CharField(_("seal before it of the house"), max_length=64, unique=True)
    hash = models.CharField(_("seal"), max_length=64, unique=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["disclosure_id", "position"]
        constraints = [models.UniqueConstraint(fields=["disclosure", "position"], name="seal_position_once")]

    def __str__(self) -> str:
        return f"{self.reference} {self.hash[:12]}"
