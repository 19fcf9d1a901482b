"""Contributions of the texts of opinions, which several people write."""

from assembly.collab.registry import add_text_kind
from opinions import texts
from opinions.queries.thread_assignees import opinion_assignees, section_assignees
from opinions.sections.queries import rights

add_text_kind(
    texts.SECTION_KIND,
    rights=rights,
    address=texts.section_address,
    late=texts.section_late,
    assignees=section_assignees,
)
add_text_kind(
    texts.OPINION_KIND,
    rights=rights,
    address=texts.opinion_address,
    late=texts.opinion_late,
    assignees=opinion_assignees,
)
