"""Writes the offers of the laboratories, with the projects of theirs that show what each has given."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from motrice.core import audit
from motrice.demo.content.vocabulary import topics
from motrice.demo.plan.institutions import SEGMENTS
from motrice.demo.plan.model import OfferText
from motrice.demo.writing.directory import DirectoryWriter
from motrice.demo.writing.times import opening
from motrice.sourcing.enums import OfferKind
from motrice.sourcing.models import Offer, OfferReference, OfferSegment


class OfferWriter:
    """Offers are written in bulk by the day of their review: nine hundred operations would say no more."""

    def __init__(self, directory: DirectoryWriter, actor: Any):
        self.directory = directory
        self.actor = actor
        self.fields = {topic.code: topic.field for topic in topics()}

    def write(self, plans: list[OfferText], at: datetime) -> None:
        """Write these offers with their segments and reference projects."""
        offers = [self._offer(plan) for plan in plans]
        segments: list[models.Model] = []
        projects: list[models.Model] = []
        for plan, offer in zip(plans, offers, strict=True):
            segments += [OfferSegment(offer=offer, segment=code) for code in SEGMENTS[self.fields[plan.topic]]]
            projects += [
                OfferReference(offer=offer, title=row.title[:300], year=row.dated_on.year, evidence=row)
                for row in self.directory.projects.get(plan.body, ())[:2]
            ]
        with audit.operation(self.actor, "offer.create", reason="demonstration world", at=at) as op:
            op.create_many(offers)
            op.create_many(segments)
            op.create_many(projects)

    def _offer(self, plan: OfferText) -> Offer:
        french, english = plan.texts["fr"], plan.texts["en"]
        is_platform = plan.kind == OfferKind.PLATFORM
        return Offer(
            kind=plan.kind,
            status=plan.status,
            level=plan.level,
            organisation=self.directory.organisations[plan.body],
            owner=self.directory.people[plan.owner],
            title_fr=french["title"][:200],
            title_en=english["title"][:200],
            text_fr=french["summary"],
            text_en=english["summary"],
            trl_min=plan.trl[0],
            trl_max=plan.trl[1],
            sme_conditions_fr=french["sme_conditions"],
            sme_conditions_en=english["sme_conditions"],
            equipment_fr=french["equipment"] if is_platform else "",
            equipment_en=english["equipment"] if is_platform else "",
            access_fr=french["access"] if is_platform else "",
            access_en=english["access"] if is_platform else "",
            reviewed_on=plan.reviewed_on,
            review_on=plan.review_on,
        )


def written_at(plan: OfferText, earliest: date) -> datetime:
    """The morning on which an offer was written: that of its last review, or of now for a draft."""
    day = plan.reviewed_on or plan.review_on - timedelta(days=365)
    return opening(max(day, earliest))
