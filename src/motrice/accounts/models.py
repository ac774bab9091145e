"""Users and the roles they hold on the site, an organisation or a record, by date."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from motrice.accounts.enums import NETWORK_ROLES, RoleKind
from motrice.core.policies import SITE, PolicyQuerySet, RoleGrant


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
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=[("fr", "Français"), ("en", "English")]
    )
    is_system = models.BooleanField(_("is Motrice itself"), default=False)

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
        return tuple(
            RoleGrant(role.kind, role.scope_label, role.scope_pk, role.get_kind_display())
            for role in self.roles.current()  # type: ignore[attr-defined]
        )

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
