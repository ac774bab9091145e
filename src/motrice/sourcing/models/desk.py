"""What the desk keeps around a need: messages, timeline, clock, absences, and what is not yet a need."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.sourcing.enums import COMPANY_THREAD, TEAM_THREAD, ClockNoticeKind, EventKind, MessageKind
from motrice.sourcing.models.need import Need
from motrice.sourcing.models.referral import Referral


class Message(models.Model):
    """A message between the desk and the company, or between the desk and one team; never between the two directly."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="messages")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    kind = models.CharField(_("direction"), max_length=16, choices=MessageKind)
    text = models.TextField(_("text"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))
    forwards = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="forwarded_as")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["need_id", "sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="message_thread",
                condition=Q(kind__in=COMPANY_THREAD, referral__isnull=True)
                | Q(kind__in=TEAM_THREAD, referral__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.get_kind_display()}"


class NeedEvent(models.Model):
    """One line of a need's timeline; the company and the team read only the lines meant for them."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="events")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    kind = models.CharField(_("event"), max_length=20, choices=EventKind)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_for_company = models.BooleanField(_("told to the company"), default=False)
    is_for_teams = models.BooleanField(_("told to the team"), default=False)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a need")
        verbose_name_plural = _("events of needs")
        ordering = ["need_id", "at", "pk"]
        indexes = [models.Index(fields=["need", "at"], name="need_event_time")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.kind}"


class Wait(models.Model):
    """A time during which the desk waited for the company: counted apart from its own."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="waits")
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("wait for the company")
        verbose_name_plural = _("waits for the company")
        ordering = ["need_id", "started_at"]
        constraints = [
            models.UniqueConstraint(fields=["need"], name="wait_open_once", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="wait_ends_after_start", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.started_at}"


class ClockNotice(models.Model):
    """What the desk's clock sent for one due time: written once, so that a second run sends nothing again."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="clock_notices")
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="clock_notices"
    )
    kind = models.CharField(_("notice"), max_length=16, choices=ClockNoticeKind)
    due_at = models.DateTimeField(_("due time concerned"))
    sent_at = models.DateTimeField(_("sent at"))
    sent_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of the clock")
        verbose_name_plural = _("notices of the clock")
        ordering = ["-sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "kind", "due_at"], name="clock_need_once", condition=Q(referral__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["referral", "kind", "due_at"], name="clock_referral_once", condition=Q(referral__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.kind}"


class AbsenceQuerySet(PolicyQuerySet):
    """Absences by date."""

    def on(self, day: date | None = None) -> AbsenceQuerySet:
        """Those that cover a day (today when none is given)."""
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class OfficerAbsence(models.Model):
    """Days on which an officer is given no new need."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end cannot precede the start."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.starts_on} - {self.ends_on}"


class NeedDraft(models.Model):
    """A need while its author types it: theirs alone, removed when it is sent."""

    audit_exempt = "What is typed before it is sent belongs to its author alone: the log starts when the need is sent."

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="need_drafts")
    answers = models.JSONField(_("what was typed"), default=dict, blank=True)
    pages = models.JSONField(_("written by which page"), default=dict)
    changed_at = models.DateTimeField(_("changed at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a need")
        verbose_name_plural = _("drafts of needs")
        ordering = ["-changed_at", "pk"]

    def __str__(self) -> str:
        return self.reference


class VisitorSubmission(models.Model):
    """What an unknown visitor sent, until the mail address is confirmed: nobody reads it, and it expires."""

    audit_exempt = "An unconfirmed message may come from anyone and is erased when it expires: it is not yet a record."

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    answers = models.JSONField(_("what was sent"), default=dict)
    email = models.EmailField(_("e-mail address"))
    sent_at = models.DateTimeField(_("sent at"), db_index=True)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    missed_at = models.DateTimeField(_("given up by the mail at"), null=True, blank=True)
    missed = models.CharField(_("why the mail did not arrive"), max_length=16, blank=True)
    need = models.OneToOneField(Need, on_delete=models.PROTECT, null=True, blank=True, related_name="submission")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission of a visitor")
        verbose_name_plural = _("submissions of visitors")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.reference


class VisitorAttempt(models.Model):
    """One use of the public form, by hashed address and mail: counts for the rate limit, kept two days."""

    audit_exempt = "Counts for the rate limit, hashed and erased after two days; no record of the field."

    nonce = models.CharField(max_length=64, unique=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    email_hash = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of the public form")
        verbose_name_plural = _("uses of the public form")
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.at)
