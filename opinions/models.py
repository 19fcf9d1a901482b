"""Opinions: their sections, recommendations, versions, the services' check, the vote and what follows."""

from opinions.adoption.models import (
    MinorityCosigner,
    MinorityPosition,
    PartVote,
    PositionState,
    Ranking,
    RankingMode,
    Spokesperson,
    SpokespersonDraw,
)
from opinions.amendments.models import Amendment, AmendmentCosigner, AmendmentDecisionMode, AmendmentState, ViewStance
from opinions.checks.models import ServiceNote, ServicesCheckState, ServicesRequest
from opinions.opinions.models import (
    Opinion,
    OpinionLabel,
    OpinionSection,
    OpinionSettings,
    OpinionState,
    SectionState,
    ValidationMode,
)
from opinions.papers.models import ImportState, OpinionVisa, OpinionVisaCapacity, PrintedChapters, TextImport
from opinions.versions.models import OpinionVersion, Recommendation, RecommendationState, VersionKind
