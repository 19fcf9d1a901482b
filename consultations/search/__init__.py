"""Search source of referrals: the text of the question and of its frame, as each reader may see them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import has_role
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from consultations.models import DirectorateReview, Referral
from consultations.search import briefing  # noqa: F401 -- found at start with this module

TEXT = (
    "question",
    "context",
    "powers_link",
    "decided",
    "open_points",
    "impossible",
    "budget_frame",
    "deliverable",
    "target_decision",
)


class Referrals(SearchSource):
    kind, order = "referral", 15
    name, label = gettext_lazy("Saisine"), gettext_lazy("Saisines")

    def objects(self) -> QuerySet[Any]:
        return Referral.objects.all()

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        yield IndexEntry(
            subject.title,
            body="\n".join(getattr(subject, name) for name in TEXT if getattr(subject, name)),
            reference=subject.reference,
            dated_on=timezone.localdate(subject.issued_at or subject.created_at),
            term_id=subject.term_id,
            address_key=subject.reference,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        anybody = Referral.objects.public().filter(term__assembly=main_assembly_key())
        return {"": Referral.objects.visible_to(user) | anybody}

    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the page in the area of the reader's role (a directorate: its request); else the public page."""
        pk = int(entry.object_id)
        if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=entry.term_id):
            return reverse("consultations:referral", args=[pk])
        if has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=entry.term_id):
            return reverse("consultations:office-referral", args=[pk])
        if has_role(user, Role.MEMBER, term=entry.term_id):
            return reverse("consultations:my-referral", args=[pk])
        if review := DirectorateReview.objects.visible_to(user).filter(referral=pk).order_by("-pk").first():
            return reverse("consultations:instruction", args=[review.pk])
        return reverse("consultations:public", args=[entry.address_key])


add_search_source(Referrals)
