"""How a disclosure is judged: who is asked, what they say, what is discussed, what is decided."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.inventions.enums import WITH_OFFICE, DecisionKind, DecisionStatus, DeclineKind, EvaluatorState
from motrice.inventions.models.disclosure import Disclosure
from motrice.inventions.models.inventor import new_key


class Evaluator(models.Model):
    """Somebody asked for an opinion on one disclosure: by their account, or from outside by a secret address.

    From outside they read what the officer chose, once they have promised secrecy, until a day. Called off, or once
    they declined, they read it no more.
    """

    audit_excluded = ("key",)

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="evaluators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("evaluator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluations",
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language of the mails"), max_length=5, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    question = models.TextField(_("what is asked of them"), blank=True)
    topic = models.CharField(_("said before secrecy is promised"), max_length=200, blank=True)
    shown = models.JSONField(_("what they read"), default=list, blank=True)
    shown_files = models.JSONField(_("files they read"), default=list, blank=True)
    key = models.CharField(max_length=32, default=new_key, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("asked at"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    due_at = models.DateTimeField(_("opinion awaited by"))
    open_until = models.DateField(_("address open until"), null=True, blank=True)
    opened_at = models.DateTimeField(_("address opened at"), null=True, blank=True)
    undertaking = models.ForeignKey(
        "core.CatalogueEntry",
        verbose_name=_("secrecy undertaking"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undertaken_at = models.DateTimeField(_("secrecy promised at"), null=True, blank=True)
    undertaken_as = models.CharField(_("secrecy promised as"), max_length=200, blank=True)
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    decline = models.CharField(_("why they declined"), max_length=16, choices=DeclineKind, blank=True)
    decline_reason = models.TextField(_("reason given"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluator")
        verbose_name_plural = _("evaluators")
        ordering = ["disclosure_id", "invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "user"],
                name="evaluator_once",
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("This person is asked already."),
            ),
            models.UniqueConstraint(
                fields=["disclosure", "email"],
                name="evaluator_address_once",
                condition=Q(ended_at__isnull=True, user__isnull=True),
                violation_error_message=_("Somebody is asked at this address already."),
            ),
            models.CheckConstraint(
                name="evaluator_outside_is_named",
                condition=Q(user__isnull=False) | (~Q(email="") & ~Q(name="") & Q(open_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="evaluator_declined_is_ended",
                condition=Q(declined_at__isnull=True, decline="")
                | (Q(declined_at__isnull=False, ended_at__isnull=False) & ~Q(decline="")),
            ),
            models.CheckConstraint(
                name="evaluator_promised_what",
                condition=Q(undertaken_at__isnull=True)
                | (Q(undertaking__isnull=False, opened_at__isnull=False) & ~Q(undertaken_as="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user is not None else self.name

    @property
    def files(self) -> list[str]:
        """The references of the files they read."""
        return self.shown_files

    @property
    def is_outside(self) -> bool:
        """Whether they answer by a secret address, without an account."""
        return self.user_id is None

    @property
    def has_conflict(self) -> bool:
        """Whether they declared a conflict of interest."""
        return self.decline == DeclineKind.CONFLICT

    def is_open(self, on: date) -> bool:
        """Whether their secret address opens on a day: not called off, not over, and the office still evaluates."""
        return (
            self.ended_at is None
            and self.open_until is not None
            and on <= self.open_until
            and self.disclosure.status in WITH_OFFICE
        )

    def state(self, on: date) -> str:
        """How far the invitation is on a day: a value of `EvaluatorState`."""
        if self.has_conflict:
            return EvaluatorState.CONFLICT
        if hasattr(self, "opinion"):
            return EvaluatorState.ANSWERED
        if self.ended_at is not None:
            return EvaluatorState.DECLINED if self.declined_at is not None else EvaluatorState.ENDED
        if self.open_until is not None and self.open_until < on:
            return EvaluatorState.OVER
        if self.undertaken_at is not None:
            return EvaluatorState.PROMISED
        return EvaluatorState.OPENED if self.opened_at is not None else EvaluatorState.ASKED


class Opinion(models.Model):
    """What an evaluator thinks: a score and a reason for each criterion, under the versions read that day."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    evaluator = models.OneToOneField(Evaluator, on_delete=models.PROTECT, related_name="opinion")
    scores = models.JSONField(_("scores"), default=list, encoder=DjangoJSONEncoder)
    summary = models.TextField(_("in short"))
    advice = models.CharField(_("advice"), max_length=16, choices=DecisionKind)
    given_at = models.DateTimeField(_("given at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["evaluator__disclosure_id", "given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.evaluator} · {self.get_advice_display()}"


class OpinionDraft(models.Model):
    """What an evaluator has written and not yet given: they stop, and come back."""

    audit_exempt = "What is typed before an opinion is given is its author's alone: the log starts when it is given."

    evaluator = models.OneToOneField(Evaluator, on_delete=models.CASCADE, related_name="draft")
    answers = models.JSONField(_("what was typed"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion being written")
        verbose_name_plural = _("opinions being written")

    def __str__(self) -> str:
        return str(self.evaluator_id)


class Message(models.Model):
    """A message of the discussion between the inventors and the office."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_from_office = models.BooleanField(_("written by the office"))
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("message on a disclosure")
        verbose_name_plural = _("messages on disclosures")
        ordering = ["disclosure_id", "sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.disclosure_id} {self.sent_at:%Y-%m-%d}"


class Decision(models.Model):
    """What is decided, with its reasons and the promised next step; above the threshold a second person approves."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=16, choices=DecisionKind)
    status = models.CharField(_("state"), max_length=16, choices=DecisionStatus)
    reasons = models.TextField(_("reasons"))
    next_step = models.CharField(_("next step"), max_length=300)
    next_step_on = models.DateField(_("promised for"))
    rule = models.ForeignKey("core.CatalogueEntry", on_delete=models.PROTECT, related_name="+")
    needs_approval = models.BooleanField(_("a second person approves"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("taken or refused at"), null=True, blank=True)
    refusal = models.TextField(_("why it was not approved"), blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a disclosure")
        verbose_name_plural = _("decisions on disclosures")
        ordering = ["disclosure_id", "-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure"],
                name="decision_one_holds",
                condition=Q(status__in=[DecisionStatus.PROPOSED, DecisionStatus.TAKEN]),
                violation_error_message=_("A decision on this disclosure is proposed or taken already."),
            ),
            models.CheckConstraint(
                name="decision_second_person",
                condition=Q(needs_approval=False) | Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                violation_error_message=_("Somebody else than who proposed it approves a decision."),
            ),
            models.CheckConstraint(
                name="decision_taken_is_approved",
                condition=~Q(status=DecisionStatus.TAKEN, needs_approval=True) | Q(approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"
