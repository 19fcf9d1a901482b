"""Opinions: their sections, recommendations, versions, the services' check, the vote and what follows."""

from opinions.amendments.models import Amendment, AmendmentCosigner
from opinions.models.adoption import (
    MinorityCosigner,
    MinorityPosition,
    OpinionVisa,
    PartVote,
    Ranking,
    Spokesperson,
    SpokespersonDraw,
)
from opinions.models.recommendation import Recommendation, ServiceNote, ServicesRequest
from opinions.opinions.models import Opinion, OpinionSection, OpinionSettings
from opinions.papers.models import PrintedChapters, TextImport
from opinions.versions.models import OpinionVersion

__all__ = [
    "Amendment",
    "AmendmentCosigner",
    "MinorityCosigner",
    "MinorityPosition",
    "Opinion",
    "OpinionSection",
    "OpinionSettings",
    "OpinionVersion",
    "OpinionVisa",
    "PartVote",
    "PrintedChapters",
    "Ranking",
    "Recommendation",
    "ServiceNote",
    "ServicesRequest",
    "Spokesperson",
    "SpokespersonDraw",
    "TextImport",
]
