"""Requests for a paper of an application and for its seal, and their state."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, Rendition
from assembly.documents.queries import latest_ready
from assembly.identity.models import User
from mission.grants import rules
from mission.grants.documents.papers import PAPERS, PaperKind
from mission.grants.models import GrantApplication
from mission.registers.declaration import registers
from opinions.papers.actions import reuse_or_request
from opinions.papers.queries import sealing_of

LABEL = "mission.GrantApplication"


@transaction.atomic
def print_paper(row: GrantApplication, paper: PaperKind, *, by: User) -> Rendition:
    if not rules.can_read_papers(by, row):
        raise PermissionDenied
    return reuse_or_request(row, paper.printed, by=by)


def sealed_paper(row: GrantApplication, paper: PaperKind) -> Document | None:
    rendition = latest_ready(LABEL, str(row.pk), paper.sealed)
    return rendition.revision.document if rendition and rendition.revision else None


def can_be_sealed(row: GrantApplication, paper: PaperKind) -> bool:
    """Return whether the paper is final and not sealed yet."""
    return paper.is_final(row) and sealed_paper(row, paper) is None


@transaction.atomic
def seal(row: GrantApplication, paper: PaperKind, step_name: str, *, by: User) -> Rendition:
    workflow = registers["grants"].workflow
    step = workflow.require(row, step_name, by=by)
    workflow.take(row, step, by=by)
    return request_rendition(row, paper.sealed, by=by)


@dataclass(frozen=True)
class PaperSummary:
    """Paper as its page lists it. `sealing`: the request for its seal, in progress or failed."""

    kind: PaperKind
    title: str
    document: Document | None
    sealing: Rendition | None


def papers_of(row: GrantApplication) -> list[PaperSummary]:
    papers = []
    for paper in PAPERS.values():
        if paper.can_print(row):
            may_have = paper.sealed and paper.is_final(row)
            document = sealed_paper(row, paper) if may_have else None
            sealing = sealing_of(row, paper.sealed) if may_have and document is None else None
            title = str(paper.title if paper.is_final(row) else paper.project)
            papers.append(PaperSummary(paper, title, document, sealing))
    return papers
