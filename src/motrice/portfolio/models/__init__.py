"""Assets, their owners and contributors, their filings and what happened to them."""

from motrice.portfolio.models.asset import Asset, Contributor, Ownership
from motrice.portfolio.models.coownership import (
    Abandonment,
    AdvancedCost,
    AgentDesignation,
    AgentNotification,
    CoOwnerNotice,
    Mandate,
)
from motrice.portfolio.models.details import (
    Design,
    KnowHow,
    Mark,
    Material,
    PatentFamily,
    SecrecyMeasure,
    Software,
    SoftwareVersion,
    ThirdPartyPart,
)
from motrice.portfolio.models.filing import Applicant, Application, Classification, DocketEvent, Priority, Publication

__all__ = [
    "Abandonment",
    "AdvancedCost",
    "AgentDesignation",
    "AgentNotification",
    "Applicant",
    "Application",
    "Asset",
    "Classification",
    "CoOwnerNotice",
    "Contributor",
    "Design",
    "DocketEvent",
    "KnowHow",
    "Mandate",
    "Mark",
    "Material",
    "Ownership",
    "PatentFamily",
    "Priority",
    "Publication",
    "SecrecyMeasure",
    "Software",
    "SoftwareVersion",
    "ThirdPartyPart",
]
