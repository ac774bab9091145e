"""What the house itself keeps: the audit log and the catalogue."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet


class AppendOnlyQuerySet(PolicyQuerySet):
    """A queryset that adds and reads, and refuses to rewrite history."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit log is append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("The audit log is append-only.")


class AppendOnly(models.Model):
    """A row that is written once: an instance refuses to be saved again or removed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The audit log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit log is append-only.")


class AuditEntry(AppendOnly):
    """One operation: who did what, to what, why and when, chained by hash to the entry before it."""

    sequence = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("time"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        related_name="audit_entries",
        null=True,
    )
    verb = models.CharField(_("what was done"), max_length=64, db_index=True)
    subject_label = models.CharField(_("kind of record"), max_length=64, blank=True)
    subject_pk = models.BigIntegerField(_("record"), null=True, blank=True)
    reason = models.TextField(_("why"), blank=True)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["subject_label", "subject_pk", "sequence"], name="audit_entry_subject")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"


class AuditChange(AppendOnly):
    """One row that an operation wrote: its recorded fields before and after."""

    class Action(models.TextChoices):
        CREATE = "create", _("created")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("removed")

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="changes")
    position = models.PositiveIntegerField()
    verb = models.CharField(max_length=64)
    label = models.CharField(max_length=64)
    object_pk = models.BigIntegerField()
    action = models.CharField(max_length=8, choices=Action)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit change")
        verbose_name_plural = _("audit changes")
        ordering = ["entry_id", "position"]
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="audit_change_position")]
        indexes = [models.Index(fields=["label", "object_pk", "entry"], name="audit_change_object")]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk} {self.action}"


class CatalogueEntry(models.Model):
    """One immutable version of something an institution chooses as data: a rule, a list, a mapping, a label."""

    kind = models.CharField(_("kind"), max_length=64)
    code = models.CharField(_("code"), max_length=64)
    version = models.PositiveIntegerField(_("version"))
    data = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    checksum = models.CharField(_("checksum"), max_length=64)
    is_retired = models.BooleanField(_("no longer proposed"), default=False)
    is_edited = models.BooleanField(_("edited on the site"), default=False)
    loaded_at = models.DateTimeField(_("loaded at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        ordering = ["kind", "code", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "code", "version"], name="catalogue_version")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.code} v{self.version}"
