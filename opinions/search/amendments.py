"""Amendments in the search index, by their words and their reasons; each with the page of the reader's area."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import has_role
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from opinions.amending.enums import AmendmentState
from opinions.models import Amendment
from opinions.queries.amendments import plain_text


class Amendments(SearchSource):
    kind, order = "amendment", 19
    name, label = gettext_lazy("Amendement"), gettext_lazy("Amendements")

    def objects(self) -> QuerySet[Any]:
        rows = Amendment.objects.exclude(state=AmendmentState.DRAFT)
        return rows.select_related("version__opinion")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        opinion = subject.version.opinion
        values = {"n": subject.number, "title": opinion.title}
        yield IndexEntry(
            _("Amendement n°\u00a0%(n)s, %(title)s") % values,
            body="\n".join(part for part in (subject.reason, subject.quote, plain_text(subject)) if part),
            reference=opinion.reference,
            dated_on=timezone.localdate(subject.submitted_at),
            term_id=opinion.term_id,
            address_key=opinion.reference,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        anybody = Amendment.objects.public().filter(version__opinion__term__assembly=main_assembly_key())
        return {"": Amendment.objects.visible_to(user) | anybody}

    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the page of the back office or of the members' area, or else the public page."""
        if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=entry.term_id):
            return reverse("opinions:amendment", args=[int(entry.object_id)])
        if has_role(user, Role.MEMBER, term=entry.term_id):
            return reverse("opinions:my-amendment", args=[int(entry.object_id)])
        return reverse("opinions:public-amendments", args=[entry.address_key])


add_search_source(Amendments)
