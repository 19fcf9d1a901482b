"""Opinions: their sections, recommendations, versions, the services' check, the vote and what follows."""

from opinions.models.adoption import (
    MinorityCosigner,
    MinorityPosition,
    OpinionVisa,
    PartVote,
    Ranking,
    Spokesperson,
    SpokespersonDraw,
)
from opinions.models.amendment import Amendment, AmendmentCosigner
from opinions.models.opinion import Opinion, OpinionSection, OpinionSettings
from opinions.models.papers import PrintedChapters, TextImport
from opinions.models.recommendation import Recommendation, ServiceNote, ServicesRequest
from opinions.models.version import OpinionVersion

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
