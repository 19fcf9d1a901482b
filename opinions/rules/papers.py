"""Who may have the papers of an opinion, write the words around its text, give a visa, ask for the seal."""

from typing import Any

from assembly.documents.enums import DocumentState
from assembly.documents.models import Document
from assembly.institution.enums import Role
from assembly.institution.rules import has_role, is_team
from opinions.enums import OpinionVisaCapacity
from opinions.models import Opinion
from opinions.rules import opinions as rules


def can_read_papers(user: Any, opinion: Opinion) -> bool:
    """Drafts and versions: the desk, members from the writing on, the offices once it is tabled."""
    if rules.can_see_desk(user, opinion.term_id):
        return True
    return rules.can_read_as_member(user, opinion) or rules.can_read_as_office(user, opinion)


def can_write_words(user: Any, opinion: Opinion) -> bool:
    """Foreword, genesis, method, thanks: until the publication."""
    return is_team(user, opinion.term_id) and not opinion.is_ended


def can_keep_easy_read(user: Any, opinion: Opinion) -> bool:
    """The team, whatever the state but the plan: a workshop may deliver it after the publication."""
    return is_team(user, opinion.term_id) and not rules.is_before_writing(opinion)


def holder_of(opinion: Opinion, capacity: str) -> int | None:
    """The person whose visa it is: who chaired the sitting of the vote, and the rapporteur where there is one."""
    if capacity == OpinionVisaCapacity.RAPPORTEUR:
        return opinion.rapporteur_id
    return opinion.tabled_sitting.chair_id if opinion.tabled_sitting is not None else None


def can_give_visa(user: Any, opinion: Opinion, capacity: str) -> bool:
    """For oneself, once the text is adopted; never once one left the house."""
    if not user.is_authenticated or not opinion.is_adopted:
        return False
    is_own = holder_of(opinion, capacity) == user.person_id is not None
    return is_own and has_role(user, Role, assembly=opinion.term.assembly_id)


def can_record_visa(user: Any, opinion: Opinion) -> bool:
    """The team notes a visa given on paper, and keeps the paper."""
    return is_team(user, opinion.term_id) and opinion.is_adopted


def is_sealed(document: Document | None) -> bool:
    """Under its seal, whether the promised timestamp has come or not: what may be handed over."""
    return document is not None and document.state != DocumentState.BASE


def can_seal(user: Any, opinion: Opinion) -> bool:
    """Ask for the seal of what was adopted; again when a visa or a word around the text changed."""
    return is_team(user, opinion.term_id) and opinion.is_adopted
