"""The two kinds of texts of opinions in co-editing: where each person reads them, and what late words become."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.collab.models import SharedText
from assembly.collab.registry import LateTextOptions, add_text_kind
from assembly.institution.rules import is_member
from assembly.text.french import format_moment
from opinions.amendments.rules import Window, can_propose, window
from opinions.models import Opinion
from opinions.opinions.models import OPINION_KIND, SECTION_KIND
from opinions.opinions.rules import SECTION_TEXT_PAGES, TEXT_PAGES
from opinions.sections.queries import opinion_assignees, rights, section_assignees


def section_address(text: SharedText, user: Any) -> str:
    return SECTION_TEXT_PAGES.page_for(text.opinion_section, user)


def section_late(text: SharedText, user: Any) -> LateTextOptions:
    """Return where late words go: next to the one text once the groups' texts are united, then into amendments."""
    opinion = text.opinion_section.opinion
    return late(opinion, user, opinion.text if opinion.has_one_text else None)


def late(opinion: Opinion, user: Any, text: SharedText | None) -> LateTextOptions:
    """Return an amendment while this person may propose one, or the day on which the window opens."""
    now = timezone.now()
    if can_propose(user, opinion, now):
        return LateTextOptions(_("En faire un amendement"), reverse("opinions:amendment-new", args=[opinion.pk]), text)
    opens = opinion.amendments_open_at
    if opens is None or window(opinion, now) != Window.TO_COME or not is_member(user, opinion.term_id):
        return LateTextOptions(text=text)
    note = _("Les amendements s’ouvriront le %(moment)s. Vos mots restent sur cet appareil : revenez ce jour-là.")
    return LateTextOptions(text=text, note=note % {"moment": format_moment(opens)})


add_text_kind(
    SECTION_KIND,
    rights=rights,
    address=section_address,
    late=section_late,
    assignees=section_assignees,
)
add_text_kind(
    OPINION_KIND,
    rights=rights,
    address=lambda text, user: TEXT_PAGES.page_for(text.opinion, user),
    late=lambda text, user: late(text.opinion, user, None),
    assignees=opinion_assignees,
)
