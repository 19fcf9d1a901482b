"""Rights on the documents of an opinion: read them, write the chapters, give a visa, request the seal."""

from typing import Any

from assembly.documents.models import Document, DocumentState
from assembly.dossiers.pages import ReaderPages
from assembly.institution.models import Role
from assembly.institution.rules import has_role, is_team
from opinions.models import Opinion, OpinionVisaCapacity
from opinions.opinions import rules


def can_read_papers(user: Any, opinion: Opinion) -> bool:
    """Return whether drafts and versions are readable: desk, members from the writing on, offices once tabled."""
    if rules.can_see_desk(user, opinion.term_id):
        return True
    return rules.can_read_as_member(user, opinion) or rules.can_read_as_office(user, opinion)


VISA_PAGES = ReaderPages(
    (rules.can_read_as_member, "opinions:my-opinion"),
    (lambda user, opinion: rules.can_see_desk(user, opinion.term_id), "opinions:papers"),
    (rules.can_read_as_office, "opinions:office-opinion"),
)


def can_write_chapters(user: Any, opinion: Opinion) -> bool:
    """Return whether foreword, genesis, method and thanks may be written: until the end."""
    return is_team(user, opinion.term_id) and not opinion.is_ended


def can_save_easy_read(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may save the file, in any state but the plan: it may come after the publication."""
    return is_team(user, opinion.term_id) and not rules.is_before_writing(opinion)


def holder_of(opinion: Opinion, capacity: str) -> int | None:
    """Return the person whose visa it is: the chair of the sitting of the vote, or the rapporteur if there is one."""
    if capacity == OpinionVisaCapacity.RAPPORTEUR:
        return opinion.rapporteur_id
    return opinion.tabled_sitting.chair_id if opinion.tabled_sitting is not None else None


def can_give_visa(user: Any, opinion: Opinion, capacity: str) -> bool:
    """Return whether the user may give this visa for oneself, on an adopted text and with a role in the assembly."""
    if not user.is_authenticated or not opinion.is_adopted:
        return False
    is_own = holder_of(opinion, capacity) == user.person_id is not None
    return is_own and has_role(user, Role, assembly=opinion.term.assembly_id)


def can_record_visa(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may record a visa given on paper; it archives the paper."""
    return is_team(user, opinion.term_id) and opinion.is_adopted


def is_sealed(document: Document | None) -> bool:
    """Return whether it has its seal, with or without the promised timestamp: it may then be handed over."""
    return document is not None and document.state != DocumentState.BASE


def can_seal(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may request the seal of an adopted text, or again when a visa or a chapter changed."""
    return is_team(user, opinion.term_id) and opinion.is_adopted
