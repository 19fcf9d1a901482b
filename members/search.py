"""Members in the search: full names for team and facilitators; the public directory's fields for other members."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.rules import is_team, term_ids
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.french import of_name
from members.models import Mandate

DESK, MEMBER_AREA = "desk", "member_area"
PATHS = {"members.Member": "member__in", "identity.Person": "member__person__in"}


class Members(SearchSource):
    """Index of mandates. Users of the back office find the full name, hence not a second entry as a member."""

    kind, order = "member", 30
    name, label = gettext_lazy("Membre"), gettext_lazy("Membres")

    def objects(self) -> QuerySet[Mandate]:
        rows = Mandate.objects.filter(member__person__anonymised_at=None)
        return rows.select_related("member__person", "member__canton")

    def entries(self, subject: Mandate) -> Iterable[IndexEntry]:
        person = subject.member.person
        place = _("Canton %(of_name)s") % {"of_name": of_name(subject.member.canton.name)}
        shared: dict[str, Any] = {"body": place, "term_id": subject.term_id}
        yield IndexEntry(person.full_name, audience=DESK, address_key=person.last_name[:60], **shared)
        yield IndexEntry(person.public_name, audience=MEMBER_AREA, address_key=person.first_name[:60], **shared)

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Mandate]]:
        today = timezone.localdate()
        team, facilitated = term_ids(user, TEAM_ROLES), term_ids(user, Role.FACILITATOR)
        active = Mandate.objects.active_on(today).values("pk")
        desk = Mandate.objects.filter(Q(term__in=team) | Q(term__in=facilitated - team, pk__in=active))
        sits_in = term_ids(user, Role.MEMBER) - team - facilitated
        member_area = Mandate.objects.filter(term__in=sits_in, seat__isnull=False).active_on(today)
        return {DESK: desk, MEMBER_AREA: member_area}

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == MEMBER_AREA:
            return f"{reverse('members:public-directory')}?{urlencode({'q': entry.address_key})}"
        if entry.term_id and is_team(user, entry.term_id):
            return reverse("members:member-page", args=[entry.object_id])
        return f"{reverse('members:member-list')}?{urlencode({'q': entry.address_key})}"

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if path := PATHS.get(label):
            return Mandate.objects.filter(**{path: ids}).values_list("pk", flat=True)
        return super().touched_by(label, ids)


add_search_source(Members)
