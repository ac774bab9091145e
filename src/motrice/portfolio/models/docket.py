"""The docket: deadlines worked out from events, what was paid and decided, and the mails that remind of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.portfolio.enums import Choice, Confidence, DeadlineState, MailKind, MailState, Nature
from motrice.portfolio.models.asset import Asset
from motrice.portfolio.models.filing import Application, DocketEvent


class DeadlineQuerySet(PolicyQuerySet):
    """Deadlines, by what the docket asks of them."""

    def awaited(self) -> DeadlineQuerySet:
        """Those that somebody must still act on."""
        return self.filter(state=DeadlineState.OPEN, nature=Nature.ACT)


class Deadline(models.Model):
    """One date on the docket, with the chain of events and rules that made it; derived again at each event.

    `closes_on` is the last day on which it can be done at all: the end of the grace, else the due date.
    """

    audit_exempt = (
        "Worked out from the filings, events and payments, which are in the log, and from versions of the catalogue: "
        "deriving the docket again gives the same rows."
    )

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="deadlines")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(_("rule"), max_length=64)
    rule_version = models.PositiveIntegerField(_("version of the rule"))
    trigger = models.CharField(_("event that starts it"), max_length=8, blank=True)
    term = models.CharField(_("term"), max_length=6, blank=True)
    year = models.PositiveSmallIntegerField(_("year of the annuity"), null=True, blank=True)
    nature = models.CharField(_("kind"), max_length=8, choices=Nature)
    state = models.CharField(_("state"), max_length=10, choices=DeadlineState)
    confidence = models.CharField(_("how sure the rule is"), max_length=12, choices=Confidence)
    original_on = models.DateField(_("before it moved"))
    due_on = models.DateField(_("due on"), db_index=True)
    opens_on = models.DateField(_("possible from"), null=True, blank=True)
    grace_until = models.DateField(_("late until"), null=True, blank=True)
    closes_on = models.DateField(_("last day"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, null=True, blank=True)
    surcharge = models.DecimalField(_("surcharge"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    is_estimate = models.BooleanField(_("estimate"), default=False)
    fee_table = models.CharField(_("fee table"), max_length=64, blank=True)
    fee_version = models.PositiveIntegerField(_("version of the fee table"), null=True, blank=True)
    chain = models.JSONField(_("how it was made"), default=list)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        DocketEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="answered_deadlines"
    )
    choice = models.CharField(_("keep or drop"), max_length=4, choices=Choice, blank=True)
    book = models.PositiveBigIntegerField(_("state of the tables"), default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["state", "nature", "due_on"], name="deadline_state_due"),
            models.Index(fields=["asset", "due_on"], name="deadline_asset_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "rule", "trigger", "term"], name="deadline_once"),
            models.CheckConstraint(
                name="deadline_closes_after_due",
                condition=Q(closes_on__gte=F("due_on")),
                violation_error_message=_("The last day cannot precede the due date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"


class FeePayment(models.Model):
    """What was paid, with the fee table of that day: no later table changes it."""

    event = models.OneToOneField(DocketEvent, on_delete=models.PROTECT, related_name="payment")
    paid_on = models.DateField(_("paid on"))
    amount = models.DecimalField(_("amount paid"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    receipt = models.CharField(_("receipt"), max_length=120, blank=True)
    fee_table = models.CharField(_("fee table"), max_length=64, blank=True)
    fee_version = models.PositiveIntegerField(_("version of the fee table"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment of a fee")
        verbose_name_plural = _("payments of fees")
        ordering = ["-paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="fee_payment_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("A payment is more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class KeepOrDrop(models.Model):
    """What was decided of one deadline: pay it and keep the title there, or let it go."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="choices")
    rule = models.CharField(_("rule"), max_length=64)
    trigger = models.CharField(_("event that starts it"), max_length=8, blank=True)
    term = models.CharField(_("term"), max_length=6, blank=True)
    choice = models.CharField(_("decision"), max_length=4, choices=Choice)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision to keep or drop")
        verbose_name_plural = _("decisions to keep or drop")
        ordering = ["application_id", "rule", "term", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "rule", "trigger", "term"],
                name="keep_or_drop_once",
                violation_error_message=_("This deadline has a decision already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_choice_display()


class DocketPreference(models.Model):
    """How many days before a due date somebody wants to be reminded: "90, 30, 7"."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="docket_preference")
    lead_days = models.CharField(_("days before the due date"), max_length=60)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")
        ordering = ["user_id"]

    def __str__(self) -> str:
        return self.lead_days


class DocketMail(models.Model):
    """One mail of the docket to one person: kept until it is sent, however often that fails."""

    audit_exempt = "A queue of mails: what they tell is worked out from the docket, and nothing is decided in them."

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="docket_mails")
    kind = models.CharField(_("kind"), max_length=8, choices=MailKind)
    state = models.CharField(_("state"), max_length=8, choices=MailState, default=MailState.WAITING)
    made_at = models.DateTimeField(_("made at"))
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempt_count = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("why it could not be sent"), max_length=300, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of the docket")
        verbose_name_plural = _("mails of the docket")
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


class DocketReminder(models.Model):
    """That one person was reminded of one deadline, once for each lead time."""

    audit_exempt = "A line of a mail of the docket: it keeps the clock from reminding twice."

    mail = models.ForeignKey(DocketMail, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=MailKind)
    rule = models.CharField(_("rule"), max_length=64)
    trigger = models.CharField(_("event that starts it"), max_length=8, blank=True)
    term = models.CharField(_("term"), max_length=6, blank=True)
    due_on = models.DateField(_("due on"))
    lead_days = models.SmallIntegerField(_("days before"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "application", "rule", "trigger", "term", "due_on", "lead_days"],
                name="docket_reminder_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"
