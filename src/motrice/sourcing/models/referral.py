"""The teams that may answer a need: candidates, referrals, joint answers, and the NDA that opens the rest."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference
from motrice.sourcing.enums import (
    PENDING_REFERRALS,
    CandidateOrigin,
    CandidateStatus,
    JointStatus,
    ReferralStatus,
)
from motrice.sourcing.models.need import Need


class Candidate(models.Model):
    """A team or person that the officer looked at for a need, with the evidence as it stood then."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="candidates")
    organisation = models.ForeignKey(
        "directory.Organisation", verbose_name=_("team"), on_delete=models.PROTECT, related_name="candidacies"
    )
    person = models.ForeignKey(
        "directory.Person",
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="candidacies",
    )
    status = models.CharField(_("state"), max_length=16, choices=CandidateStatus)
    origin = models.CharField(_("origin"), max_length=8, choices=CandidateOrigin)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    evidence = models.JSONField(_("evidence at that time"), default=list, blank=True)
    is_from_secret = models.BooleanField(_("ranked with the confidential part"), default=False)
    reason = models.TextField(_("why"), blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed at"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["need_id", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "organisation"], name="candidate_team_once", condition=Q(person__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["need", "organisation", "person"],
                name="candidate_person_once",
                condition=Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_excluded_with_reason",
                condition=~Q(status=CandidateStatus.EXCLUDED) | ~Q(reason=""),
                violation_error_message=_("Say why this team is set aside."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}" if self.person is not None else str(self.organisation)


class ReferralQuerySet(PolicyQuerySet):
    """Referrals, by what is awaited of them."""

    def pending(self) -> ReferralQuerySet:
        """Those to which the team has not answered."""
        return self.filter(status__in=PENDING_REFERRALS)


class Referral(models.Model):
    """A need put to one team (or to a person in it), with what was asked, until when, and what they answered."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    need = models.ForeignKey(Need, verbose_name=_("need"), on_delete=models.PROTECT, related_name="referrals")
    organisation = models.ForeignKey(
        "directory.Organisation", verbose_name=_("team"), on_delete=models.PROTECT, related_name="referrals"
    )
    person = models.ForeignKey(
        "directory.Person",
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
    )
    candidate = models.OneToOneField(
        Candidate, on_delete=models.PROTECT, null=True, blank=True, related_name="referral"
    )
    status = models.CharField(_("state"), max_length=16, choices=ReferralStatus, default=ReferralStatus.SENT)
    message = models.TextField(_("message"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sent_referrals")
    sent_at = models.DateTimeField(_("sent at"), db_index=True)
    due_at = models.DateTimeField(_("answer awaited by"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_referrals"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=64, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-sent_at", "pk"]
        indexes = [models.Index(fields=["organisation", "status"], name="referral_team_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "organisation"],
                name="referral_team_once",
                condition=~Q(status=ReferralStatus.WITHDRAWN),
                violation_error_message=_("This need was referred to this team already."),
            ),
            models.CheckConstraint(
                name="referral_refused_with_reason",
                condition=(Q(status=ReferralStatus.REFUSED) & ~Q(refusal=""))
                | (~Q(status=ReferralStatus.REFUSED) & Q(refusal="")),
                violation_error_message=_("A refusal gives its reason from the list."),
            ),
            models.CheckConstraint(
                name="referral_answered_when_answered",
                condition=(
                    Q(status__in=[ReferralStatus.ACCEPTED, ReferralStatus.REFUSED]) & Q(answered_at__isnull=False)
                )
                | (~Q(status__in=[ReferralStatus.ACCEPTED, ReferralStatus.REFUSED]) & Q(answered_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.organisation}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sourcing:referral", args=[self.reference])

    @property
    def is_pending(self) -> bool:
        """Whether the team still has to answer."""
        return self.status in PENDING_REFERRALS


class JointAnswer(models.Model):
    """One answer of two teams: the lead proposes it, the other confirms it; it counts once."""

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference, editable=False)
    lead = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="led_answers")
    partner_team = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="joined_answers"
    )
    status = models.CharField(_("state"), max_length=16, choices=JointStatus, default=JointStatus.PROPOSED)
    text = models.TextField(_("common answer"))
    proposed_at = models.DateTimeField(_("proposed at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("joint answer")
        verbose_name_plural = _("joint answers")
        ordering = ["-proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead"], name="joint_open_once", condition=Q(status=JointStatus.PROPOSED)),
            models.CheckConstraint(
                name="joint_confirmed_by_partner",
                condition=~Q(status=JointStatus.CONFIRMED) | Q(partner__isnull=False),
            ),
            models.CheckConstraint(
                name="joint_settled_when_settled",
                condition=Q(status=JointStatus.PROPOSED, settled_at__isnull=True)
                | (~Q(status=JointStatus.PROPOSED) & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} + {self.partner_team}"


class NdaQuerySet(PolicyQuerySet):
    """NDAs by date."""

    def in_force(self, on: date | None = None) -> NdaQuerySet:
        """Those that bind on a day (today when none is given)."""
        day = on or timezone.localdate()
        return self.filter(recorded_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Nda(models.Model):
    """The record that a team signed the secrecy agreement of one need: it opens the confidential part to that team."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="ndas")
    organisation = models.ForeignKey(
        "directory.Organisation", verbose_name=_("team"), on_delete=models.PROTECT, related_name="ndas"
    )
    recorded_on = models.DateField(_("in force since"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    agreement = models.CharField(_("reference of the agreement"), max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = NdaQuerySet.as_manager()

    class Meta:
        verbose_name = _("NDA")
        verbose_name_plural = _("NDAs")
        ordering = ["need_id", "recorded_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "organisation"],
                name="nda_once",
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("An NDA of this team is recorded for this need already."),
            ),
            models.CheckConstraint(
                name="nda_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("recorded_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.agreement}"

    @property
    def is_in_force(self) -> bool:
        """Whether it binds today."""
        day = timezone.localdate()
        return self.recorded_on <= day and (self.ends_on is None or day <= self.ends_on)
