"""The two kinds of texts that opinions bring to co-editing: who may what in them, where each person reads them."""

from typing import Any

from django.urls import reverse

from assembly.collab.models import SharedText
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.rules import has_role

SECTION_KIND = "opinion-section"
OPINION_KIND = "opinion"


def section_address(text: SharedText, user: Any) -> str:
    """The bureau, the directorates' room, or the members' one."""
    section = text.opinion_section
    opinion = section.opinion
    if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=opinion.term_id):
        return reverse("opinions:section-text", args=[opinion.pk, section.pk])
    if has_role(user, DIRECTORATE_ROLES):
        return reverse("opinions:check-text", args=[opinion.pk, section.pk])
    return reverse("opinions:own-section-text", args=[opinion.pk, section.pk])


def opinion_address(text: SharedText, user: Any) -> str:
    opinion = text.opinion
    if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=opinion.term_id):
        return reverse("opinions:text", args=[opinion.pk])
    if has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=opinion.term_id):
        return reverse("opinions:office-opinion", args=[opinion.pk])
    return reverse("opinions:own-text", args=[opinion.pk])
