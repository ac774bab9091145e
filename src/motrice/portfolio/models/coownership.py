"""Who acts for the co-owners, what they were told and answered, what the agent advanced for them."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.directory.models import DatedQuerySet
from motrice.portfolio.enums import AbandonmentStatus, NoticeAnswer, NoticeSubject
from motrice.portfolio.models.asset import Asset


def _ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message=_("The end cannot precede the start."),
    )


class AgentDesignation(models.Model):
    """The single agent that the supervisors of a unit named, for all its results or for one field."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="agent_designations",
    )
    agent = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("single agent"),
        on_delete=models.PROTECT,
        related_name="agencies",
        help_text=_("One of the supervisors, or a third body."),
    )
    field = models.CharField(
        _("field"), max_length=80, blank=True, help_text=_("Left empty: all the results of the unit.")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    ground = models.CharField(_("by what act"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation of an agent")
        verbose_name_plural = _("designations of agents")
        ordering = ["unit_id", "field", "-starts_on", "pk"]
        constraints = [
            _ends_after_start("designation_ends_after_start"),
            models.UniqueConstraint(
                fields=["unit", "field", "starts_on"],
                name="designation_once_a_day",
                violation_error_message=_("This unit has an agent from this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.field}" if self.field else str(self.agent)


class AgentNotification(models.Model):
    """An agent told another, at a time, that it will protect a result."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="agent_notifications")
    sender = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("from the agent"),
        on_delete=models.PROTECT,
        related_name="notifications_sent",
    )
    recipient = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("to the agent"),
        on_delete=models.PROTECT,
        related_name="notifications_received",
    )
    notified_at = models.DateTimeField(_("time of the notice"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice between agents")
        verbose_name_plural = _("notices between agents")
        ordering = ["asset_id", "notified_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "sender", "recipient"],
                name="agent_notified_once",
                violation_error_message=_("This agent told that one already."),
            ),
            models.CheckConstraint(
                name="agent_notifies_another",
                condition=~Q(sender=F("recipient")),
                violation_error_message=_("An agent tells another, not itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} → {self.recipient}"


class Mandate(models.Model):
    """Who acts for the co-owners of an asset, from a day to a day, and by which article."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="mandates")
    agent = models.ForeignKey(
        "directory.Organisation", verbose_name=_("single agent"), on_delete=models.PROTECT, related_name="mandates"
    )
    field = models.CharField(_("field"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    article = models.CharField(_("by which article"), max_length=200, blank=True)
    ground = models.TextField(_("why"), blank=True)
    is_agreed = models.BooleanField(_("agreed otherwise by the co-owners"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["asset_id", "-starts_on", "pk"]
        constraints = [
            _ends_after_start("mandate_ends_after_start"),
            models.UniqueConstraint(
                fields=["asset"],
                name="mandate_one_open",
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("Another agent acts for this asset: end its mandate first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agent)


class Abandonment(models.Model):
    """The procedure that must be gone through before a title is given up."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="abandonments")
    status = models.CharField(
        _("state"), max_length=12, choices=AbandonmentStatus, default=AbandonmentStatus.OPEN, db_index=True
    )
    started_on = models.DateField(_("started on"))
    reason = models.TextField(_("reason"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    taken_over_by = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("taken over by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="takeovers",
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("abandonment")
        verbose_name_plural = _("abandonments")
        ordering = ["-started_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asset"],
                name="abandonment_one_open",
                condition=Q(status=AbandonmentStatus.OPEN),
                violation_error_message=_("An abandonment of this asset is under way already."),
            ),
            models.CheckConstraint(
                name="abandonment_ends_when_closed",
                condition=Q(status=AbandonmentStatus.OPEN, ended_on__isnull=True)
                | (~Q(status=AbandonmentStatus.OPEN) & Q(ended_on__isnull=False)),
                violation_error_message=_("A procedure that is over has the day of its end, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset} · {self.started_on}"


class CoOwnerNotice(models.Model):
    """What one co-owner was told of an asset, when it received it, and what it answered."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="co_owner_notices")
    owner = models.ForeignKey(
        "directory.Organisation", verbose_name=_("co-owner"), on_delete=models.PROTECT, related_name="owner_notices"
    )
    subject = models.CharField(_("about"), max_length=12, choices=NoticeSubject)
    abandonment = models.ForeignKey(
        Abandonment, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    decided_on = models.DateField(_("decided on"))
    text = models.TextField(_("message"))
    article = models.CharField(_("by which article"), max_length=200, blank=True)
    sent_on = models.DateField(_("sent on"))
    is_late = models.BooleanField(_("sent after the delay"), default=False)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=NoticeAnswer, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer_text = models.TextField(_("words of the answer"), blank=True)
    seller = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("seller"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sales_told",
    )
    buyer = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("buyer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases_told",
    )
    numerator = models.PositiveBigIntegerField(_("part sold, above"), null=True, blank=True)
    denominator = models.PositiveBigIntegerField(_("part sold, below"), null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to a co-owner")
        verbose_name_plural = _("notices to co-owners")
        ordering = ["-sent_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["abandonment", "owner"],
                name="notice_once_an_abandonment",
                condition=Q(abandonment__isnull=False),
                violation_error_message=_("This co-owner was offered the title already."),
            ),
            models.CheckConstraint(
                name="notice_of_sale_has_terms",
                condition=~Q(subject=NoticeSubject.SALE)
                | Q(seller__isnull=False, buyer__isnull=False, denominator__gt=0, price__gte=0),
                violation_error_message=_("A projected sale has a seller, a buyer, a part and a price."),
            ),
            models.CheckConstraint(
                name="notice_received_after_sent",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                violation_error_message=_("A notice is not received before it is sent."),
            ),
            models.CheckConstraint(
                name="notice_answered_after_received",
                condition=Q(answer="", answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_on__gte=F("received_on"))),
                violation_error_message=_("A notice is answered after it was received."),
            ),
            models.CheckConstraint(
                name="notice_of_abandonment_has_one",
                condition=Q(subject=NoticeSubject.ABANDONMENT, abandonment__isnull=False)
                | (~Q(subject=NoticeSubject.ABANDONMENT) & Q(abandonment__isnull=True)),
                violation_error_message=_("A notice of abandonment belongs to a procedure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} · {self.get_subject_display()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("portfolio:notice", args=[self.reference])


class AdvancedCost(models.Model):
    """What one owner paid for the others: to be repaid from revenue."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="advanced_costs")
    payer = models.ForeignKey(
        "directory.Organisation", verbose_name=_("paid by"), on_delete=models.PROTECT, related_name="advanced_costs"
    )
    paid_on = models.DateField(_("paid on"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    what = models.CharField(_("what for"), max_length=200)
    invoice = models.CharField(_("invoice"), max_length=60, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost advanced")
        verbose_name_plural = _("costs advanced")
        ordering = ["asset_id", "-paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="advanced_cost_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("An amount is more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} · {self.what}"
