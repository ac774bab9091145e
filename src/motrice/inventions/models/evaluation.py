"""How a disclosure is judged: who is asked, what they say, what is discussed, what is decided."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.inventions.enums import DecisionKind, DecisionStatus
from motrice.inventions.models.disclosure import Disclosure


class Evaluator(models.Model):
    """Somebody asked for an opinion on one disclosure, until when; called off, they read it no more."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="evaluators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("evaluator"), on_delete=models.PROTECT, related_name="evaluations"
    )
    question = models.TextField(_("what is asked of them"), blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("opinion awaited by"))
    ended_at = models.DateTimeField(_("called off at"), null=True, blank=True)

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
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


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
