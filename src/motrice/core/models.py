"""What the house itself keeps: the audit log and the catalogue."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference


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
    # Removed, or moved to another record: told again from what stands above, to find the few such rows of a large log.
    is_leaving = models.BooleanField(default=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit change")
        verbose_name_plural = _("audit changes")
        ordering = ["entry_id", "position"]
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="audit_change_position")]
        indexes = [
            models.Index(fields=["label", "object_pk", "entry"], name="audit_change_object"),
            models.Index(fields=["label"], condition=models.Q(is_leaving=True), name="audit_change_leaving"),
        ]

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


class ImportRun(models.Model):
    """One reading of a file: what it proposes, what people decided, what was written."""

    audit_exempt = "a bench of work: what it writes is in the log, with the run as its subject"

    class Status(models.TextChoices):
        READING = "reading", _("being read")
        READY = "ready", _("waits for decisions")
        APPLYING = "applying", _("being written")
        DONE = "done", _("written")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("stopped by a failure")

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("sort of file"), max_length=64)
    status = models.CharField(_("state"), max_length=16, choices=Status, default=Status.READING)
    resumes = models.CharField(_("state to resume"), max_length=16, blank=True)
    launched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("launched by"), on_delete=models.PROTECT, related_name="+"
    )
    files = models.JSONField(_("files"), default=list)
    options = models.JSONField(_("choices"), default=dict, blank=True)
    is_private = models.BooleanField(_("kept to who launched it"), default=False, db_index=True)
    position = models.PositiveIntegerField(_("lines read"), default=0)
    total = models.PositiveIntegerField(_("lines"), default=0)
    unchanged_count = models.PositiveIntegerField(_("records without difference"), default=0)
    undo_position = models.BigIntegerField(_("last entry undone"), null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    failure = models.TextField(_("failure"), blank=True)
    tries = models.PositiveSmallIntegerField(_("times tried"), default=0)
    next_try_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    created_at = models.DateTimeField(_("started at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last progress"), auto_now=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class ImportProposal(models.Model):
    """What a file would change of one record, field by field, until somebody decides."""

    audit_exempt = "a bench of work: what it writes is in the log, with the run as its subject"

    class State(models.TextChoices):
        OPEN = "open", _("to decide")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")
        APPLIED = "applied", _("written")
        REFUSED = "refused", _("refused when written")

    class Action(models.TextChoices):
        CREATE = "create", _("new record")
        UPDATE = "update", _("change")
        JOIN = "join", _("same as a known record?")

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="proposals")
    phase = models.PositiveSmallIntegerField(default=0)
    line = models.PositiveIntegerField(_("line"))
    key = models.CharField(_("key"), max_length=160)
    title = models.CharField(_("record"), max_length=300)
    action = models.CharField(_("what"), max_length=8, choices=Action)
    target_pk = models.BigIntegerField(null=True, blank=True)
    score = models.FloatField(_("likeness"), null=True, blank=True)
    changes = models.JSONField(_("differences"), default=list)
    dismissed = models.JSONField(_("differences dismissed"), default=list)
    apart = models.JSONField(_("content of a record of its own"), default=list)
    is_separate = models.BooleanField(_("kept apart"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    is_recalled = models.BooleanField(_("dismissed at an earlier import"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["run_id", "phase", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "phase", "key"], name="proposal_key_once")]
        indexes = [
            models.Index(fields=["run", "state", "phase"], name="proposal_run_state"),
            models.Index(fields=["key"], name="proposal_key"),
        ]

    def __str__(self) -> str:
        return self.title


class ImportFinding(models.Model):
    """Something wrong in a file: which line, which field, which value, in words; never swallowed."""

    audit_exempt = "a bench of work: what it writes is in the log, with the run as its subject"

    class Severity(models.TextChoices):
        ERROR = "error", _("not taken")
        WARNING = "warning", _("to look at")

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="findings")
    line = models.PositiveIntegerField(_("line"))
    field = models.CharField(_("field"), max_length=64, blank=True)
    severity = models.CharField(_("weight"), max_length=8, choices=Severity)
    code = models.CharField(_("sort"), max_length=40)
    value = models.CharField(_("value"), max_length=300, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["run_id", "line", "pk"]
        indexes = [models.Index(fields=["run", "code"], name="finding_run_code")]

    def __str__(self) -> str:
        return f"{self.line} {self.field} {self.code}"
