"""Users and the roles they hold on the site, an organisation or a record, by date."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from motrice.accounts.enums import NETWORK_ROLES, Density, RoleKind, Theme
from motrice.core.policies import SITE, PolicyQuerySet, RoleGrant
from motrice.core.references import new_reference


class UserQuerySet(PolicyQuerySet):
    """Users, by what a policy or a notice asks of them."""

    def active(self) -> UserQuerySet:
        """Who may sign in."""
        return self.filter(is_active=True, is_system=False)


class AccountManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates users from an e-mail address."""


class User(AbstractUser):
    """Who acts: a person signed in by e-mail address, or Motrice itself (the system user) in jobs."""

    audit_excluded = ("password", "last_login")

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=150)
    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=[("fr", "Français"), ("en", "English")]
    )
    is_system = models.BooleanField(_("is Motrice itself"), default=False)
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme, default=Theme.AUTO)
    density = models.CharField(_("density"), max_length=12, choices=Density, default=Density.COMFORTABLE)

    objects = AccountManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["display_name", "pk"]

    def __str__(self) -> str:
        return self.display_name or self.email

    @cached_property
    def active_roles(self) -> tuple[RoleGrant, ...]:
        """The roles held today, read once."""
        if self.pk is None:
            return ()
        held = tuple(
            RoleGrant(role.kind, role.scope_label, role.scope_pk, role.get_kind_display())
            for role in self.roles.current()  # type: ignore[attr-defined]
        )
        if not any(role.kind == RoleKind.ADMINISTRATOR for role in held):
            return held
        opened = self.emergency_accesses.current().exists()  # type: ignore[attr-defined]
        words = str(_("Break-glass access"))
        return (*held, RoleGrant(RoleKind.AUDITOR, SITE, None, words)) if opened else held

    @property
    def is_network_member(self) -> bool:
        """Whether a role places this person inside the network, rather than with a partner or the public."""
        return any(role.kind in NETWORK_ROLES for role in self.active_roles)


class RoleQuerySet(PolicyQuerySet):
    """Role assignments by date."""

    def current(self, on: Any = None) -> RoleQuerySet:
        """Those that hold on a date (today when none is given)."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class RoleAssignment(models.Model):
    """A role of one user, on the site or on one record, from a date to a date."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(_("role"), max_length=32, choices=RoleKind)
    scope_label = models.CharField(_("held on"), max_length=64, default=SITE)
    scope_pk = models.BigIntegerField(_("record"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user_id", "kind", "starts_on", "pk"]
        indexes = [models.Index(fields=["scope_label", "scope_pk", "kind"], name="role_scope")]
        constraints = [
            models.CheckConstraint(
                name="role_scope_is_site_or_record",
                condition=Q(scope_label=SITE, scope_pk__isnull=True)
                | (~Q(scope_label=SITE) & Q(scope_pk__isnull=False)),
                violation_error_message=_("A role is held on the site, or on one record."),
            ),
            models.CheckConstraint(
                name="role_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A role cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"


class ApiTokenQuerySet(PolicyQuerySet):
    """Tokens by whether they still open something."""

    def valid(self) -> ApiTokenQuerySet:
        """Neither revoked nor expired, of an account that is open."""
        return self.filter(
            revoked_at__isnull=True, expires_on__gte=timezone.localdate(), user__is_active=True, user__is_system=False
        )


class ApiToken(models.Model):
    """A key for a program that acts as its owner, within scopes; only a hash of it is kept."""

    audit_excluded = ("digest", "last_used_at")

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="api_tokens")
    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_on = models.DateField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        """Whether it still opens the API."""
        return self.revoked_at is None and self.expires_on >= timezone.localdate()


class CalendarAddressQuerySet(PolicyQuerySet):
    """Addresses by whether they still answer."""

    def valid(self) -> CalendarAddressQuerySet:
        """Not revoked, of an account that is open."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


class CalendarAddress(models.Model):
    """The secret address of one of somebody's calendars; only a hash of it is kept, and revoked it answers nothing."""

    audit_excluded = ("digest", "last_used_at")

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="calendar_addresses")
    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("calendar"), max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return self.reference


class ApiAnswer(models.Model):
    """What a write through the API answered under its idempotency key, so that a repeated call does nothing twice."""

    audit_exempt = "a copy of answers kept for a day; the writes themselves are in the log"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_answer_once")]

    def __str__(self) -> str:
        return self.key


class InvitationQuerySet(PolicyQuerySet):
    """Invitations by whether they can still be accepted."""

    def open(self) -> InvitationQuerySet:
        """Neither accepted, nor revoked, nor expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A mail that lets one person open an account with a role: one use, revocable, until a date."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    email = models.EmailField(_("e-mail address"))
    display_name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=[("fr", "Français"), ("en", "English")]
    )
    kind = models.CharField(_("role"), max_length=32, choices=RoleKind)
    scope_label = models.CharField(_("held on"), max_length=64, default=SITE)
    scope_pk = models.BigIntegerField(_("record"), null=True, blank=True)
    role_ends_on = models.DateField(_("role ends on"), null=True, blank=True)
    invited_by = models.ForeignKey(User, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    missed_at = models.DateTimeField(_("given up by the mail at"), null=True, blank=True)
    missed = models.CharField(_("why the mail did not arrive"), max_length=16, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> str:
        """Where it stands: accepted, revoked, expired or open."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"


class EmergencyQuerySet(PolicyQuerySet):
    """Break-glass accesses by time."""

    def current(self) -> EmergencyQuerySet:
        """Those open now."""
        now = timezone.now()
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class EmergencyAccess(models.Model):
    """Break-glass: an administrator reads everything for some hours, with a reason that directors and auditors get."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="emergency_accesses")
    reason = models.TextField(_("reason"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    missed = models.JSONField(_("notices that did not arrive"), default=list, blank=True)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("break-glass access")
        verbose_name_plural = _("break-glass accesses")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="emergency_ends_after_start", condition=Q(ends_at__gte=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.starts_at:%Y-%m-%d %H:%M}"


class Follow(models.Model):
    """Somebody wishes to know what changes in a record."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="follows")
    label = models.CharField(max_length=64)
    object_pk = models.BigIntegerField()

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed record")
        verbose_name_plural = _("followed records")
        ordering = ["user_id", "label", "object_pk"]
        constraints = [models.UniqueConstraint(fields=["user", "label", "object_pk"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk}"
