"""Opinions: their sections, recommendations, versions, the services' check, the vote and what follows."""

from opinions.adoption.models import (
    MinorityCosigner,
    MinorityPosition,
    PartVote,
    Ranking,
    Spokesperson,
    SpokespersonDraw,
)
from opinions.amendments.models import Amendment, AmendmentCosigner
from opinions.checks.models import ServiceNote, ServicesRequest
from opinions.opinions.models import Opinion, OpinionSection, OpinionSettings
from opinions.papers.models import OpinionVisa, PrintedChapters, TextImport
from opinions.versions.models import OpinionVersion, Recommendation

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
