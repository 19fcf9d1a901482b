"""Opinions in the search index: the text that was tabled, as each reader may see it; never a draft."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import has_role
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from opinions.models import Opinion, OpinionVersion


class Opinions(SearchSource):
    kind, order = "opinion", 14
    name, label = gettext_lazy("Avis"), gettext_lazy("Avis")

    def objects(self) -> QuerySet[Any]:
        latest = OpinionVersion.objects.order_by("-number")
        return Opinion.objects.prefetch_related(Prefetch("versions", queryset=latest))

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        versions = subject.versions.all() if subject.is_tabled else []
        yield IndexEntry(
            subject.title,
            body=versions[0].plain_text if versions else "",
            reference=subject.reference,
            dated_on=subject.adopted_on or timezone.localdate(subject.tabled_at or subject.created_at),
            term_id=subject.term_id,
            address_key=subject.reference,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        anybody = Opinion.objects.public().filter(term__assembly=main_assembly_key())
        return {"": Opinion.objects.visible_to(user) | anybody}

    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the page of the reader's area (back office, office, members' area), or else the public page."""
        pk = int(entry.object_id)
        if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=entry.term_id):
            return reverse("opinions:opinion", args=[pk])
        if has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=entry.term_id):
            return reverse("opinions:office-opinion", args=[pk])
        if has_role(user, Role.MEMBER, term=entry.term_id):
            return reverse("opinions:my-opinion", args=[pk])
        return reverse("opinions:public", args=[entry.address_key])


add_search_source(Opinions)
