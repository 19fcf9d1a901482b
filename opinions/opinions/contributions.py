"""Contributions of opinions: menus, widgets, mails, search, agenda topics, audit events."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.models import User
from assembly.institution import todo
from assembly.institution.menu import FOR_MEMBERS, MenuHeading, add_desk_line, add_menu_entry, open_area
from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.queries import ReaderQuery, main_assembly_key
from assembly.institution.registry import OpenDossiers, add_open_dossiers
from assembly.institution.rules import has_role
from assembly.lists import add_list
from assembly.notifications.registry import add_messages
from assembly.portal.registry import Page, add_pages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.web.widgets import Widget, add_widget
from consultations.models import Referral
from opinions.amendments.queries import sentences_for_minutes
from opinions.mails import Adopted, HandedOver, SectionValidated, Tabled, TextsOpen
from opinions.models import Opinion, OpinionState, OpinionVersion, PartVote, RecommendationState
from opinions.opinions import actions
from opinions.opinions.lists import OPINIONS
from opinions.opinions.queries import LABEL, opinion_of_hit, opinions_on, published_opinions
from opinions.opinions.rules import OPINION_PAGES
from sessions.agenda.topics import Topic, add_agenda_topic
from sessions.models import Ballot, BallotResult, BallotState

S = OpinionState
NEXT_ACTS = {
    S.OUTLINE: _("Confier les textes : %(title)s"),
    S.GROUP_VALIDATED: _("Faire lire l’avis par les directions : %(title)s"),
    S.SERVICES_CHECK: _("Réunir les textes : %(title)s"),
    S.CONSOLIDATED: _("Déposer l’avis : %(title)s"),
    S.ADOPTED: _("Remettre l’avis : %(title)s"),
    S.HANDED_OVER: _("Publier l’avis : %(title)s"),
}


def next_line(opinion: dict[str, Any]) -> todo.ToDo:
    title = NEXT_ACTS[OpinionState(opinion["state"])] % {"title": opinion["title"]}
    return todo.ToDo(title, reverse("opinions:opinion", args=[opinion["pk"]]), opinion["reference"])


def writing_line(section: dict[str, Any]) -> todo.ToDo:
    """Return the line of a text of the reader's group; the lead of the group gets the validation too."""
    url = reverse("opinions:my-section-text", args=[section["opinion"], section["pk"]])
    acts = [todo.LineButton(gettext("Ouvrir le texte"), url)]
    if section["is_lead"]:
        acts.append(
            todo.LineButton(gettext("Valider le texte"), reverse("opinions:section-validate", args=[section["pk"]]))
        )
    title = gettext("Écrire avec votre groupe : %(title)s") % section
    return todo.ToDo(title, url, section["about"], acts=tuple(acts))


def visa_line(opinion: dict[str, Any]) -> todo.ToDo:
    """Return the line of an adopted opinion whose visa is due from this person, who chaired or reports."""
    title = gettext("Donner votre visa sur l’avis adopté : %(title)s") % opinion
    return todo.ToDo(title, reverse("opinions:my-visa", args=[opinion["pk"]]), opinion["reference"])


def opinion_step(user: Any, term: Term) -> Widget:
    """Build the step of « Comment ça marche » about the opinions: how many are public, and what they recommend."""
    active = Q(recommendations__state=RecommendationState.ACTIVE) & ~Q(recommendations__reference="")
    counts = published_opinions().aggregate(
        opinions=Count("pk", distinct=True), recommendations=Count("recommendations", filter=active, distinct=True)
    )
    return Widget("opinions/opinions/_how.html", counts, order=30)


TITLED = {name: name for name in ("pk", "title", "reference")}
SECTION = {name: name for name in ("pk", "title", "is_lead")} | {"opinion": "opinion_id", "about": "opinion__title"}


def followed_by(user: User, term: Term) -> Any:
    """Return the opinions that `user` follows and that have not ended."""
    return Opinion.objects.filter(term=term, officer=user).exclude(state__in=S.tagged("ended")).order_by("pk")


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    """Hand over every opinion of an agent who leaves, and return how many."""
    rows = list(followed_by(user, term).select_related("term"))
    for opinion in rows:
        actions.edit(opinion, by=by, officer=to)
    return len(rows)


SHOWN = 3
LISTED = 12


def opinions_of_referral(user: Any, referral: Referral) -> Widget | None:
    """Return what the assembly answered, for the page of a published referral."""
    opinions = opinions_on(referral)
    return Widget("opinions/opinions/_on_referral.html", {"opinions": opinions}) if opinions else None


def pages() -> Iterator[Page]:
    """Yield the list, and each published opinion."""
    yield reverse("opinions:public-list"), None
    for reference, moment in published_opinions().order_by("pk").values_list("reference", "published_at"):
        yield reverse("opinions:public", args=[reference]), moment


def member_widgets(user: Any, term: Term) -> list[Widget]:
    """Return the latest opinions of the term, and above them those that may be amended now, in one query."""
    opinions = list(FIRST_SHOWN(user, term))
    amendable = sorted(
        (row for row in opinions if row.is_amendable), key=lambda row: (row.amendments_close_at, row.pk)
    )
    latest = opinions if has_role(user, Role.MEMBER, term=term) else []
    widgets = [("opinions/opinions/_latest.html", latest, 16), ("opinions/opinions/_amendable.html", amendable, 8)]
    return [
        Widget(template, {"opinions": rows[:SHOWN]}, order=order, position="sidebar")
        for template, rows, order in widgets
        if rows
    ]


def first_shown(user: Any, term: int) -> Any:
    """Return the latest opinions of the term, and those open to amendments (`is_amendable`) that close first."""
    rows = Opinion.objects.visible_to(user).filter(term=term)
    is_amendable = Q(state=OpinionState.AMENDING, amendments_close_at__gt=timezone.now())
    latest = rows.order_by("-created_at", "-pk").values("pk")[:SHOWN]
    closing = rows.filter(is_amendable).order_by("amendments_close_at", "pk").values("pk")[:SHOWN]
    shown = rows.filter(Q(pk__in=latest) | Q(pk__in=closing)).order_by("-created_at", "-pk")
    return shown.annotate(is_amendable=ExpressionWrapper(is_amendable, BooleanField())).for_screen()


def tabled_opinions(user: Any, term: int) -> Any:
    rows = Opinion.objects.visible_to(user).filter(term=term, tabled_at__isnull=False)
    return rows.order_by("-tabled_at", "-pk").for_screen()[:LISTED]


FIRST_SHOWN, TABLED = ReaderQuery(first_shown), ReaderQuery(tabled_opinions)


def office_opinions(user: Any, term: Term) -> Widget | None:
    """Return the tabled opinions that the president's office and the sponsor may read."""
    if not has_role(user, {Role.PRESIDENT, Role.SPONSOR}, term=term):
        return None
    opinions = list(TABLED(user, term))
    return Widget("opinions/opinions/_office_list.html", {"opinions": opinions}, order=12) if opinions else None


class Opinions(SearchSource):
    kind, order = "opinion", 14
    name, label = _("Avis"), _("Avis")

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
            address_key=subject.reference if subject.published_at else "",
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        anybody = Opinion.objects.public().filter(term__assembly=main_assembly_key())
        return {"": Opinion.objects.visible_to(user) | anybody}

    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the page of the reader's area (back office, office, members' area), or else the public page."""
        return OPINION_PAGES.page_for(opinion_of_hit(entry, int(entry.object_id)), user)


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, Topic]:
    """Return the opinions that this reader may see, each with the address of the page in the reader's own area."""
    known = [key for key in keys if key.isdecimal()]
    rows = Opinion.objects.visible_to(reader) if reader is not None else Opinion.objects.public()
    return {
        str(opinion.pk): Topic(
            kind=_("Avis"),
            reference=opinion.reference,
            title=opinion.title,
            url=OPINION_PAGES.page_for(opinion, reader),
            votes_are_public=opinion.published_at is not None,
        )
        for opinion in rows.filter(pk__in=known)
    }


def offer(user: Any, term: int) -> QuerySet[Opinion, tuple[int, str]]:
    """Return the opinions of the term that have not ended."""
    rows = Opinion.objects.visible_to(user).filter(term=term).exclude(state__in=OpinionState.tagged("ended"))
    label = Trim(Concat("reference", Value(" "), "title"))
    return (
        rows.order_by("reference__alphabetical", "pk").annotate(choice_label=label).values_list("pk", "choice_label")
    )


def minutes_sentences(keys: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the sentences about the results: amendments as they were decided, each part voted, then the whole."""
    known = [int(key) for key in keys if key.isdecimal()]
    sentences: dict[str, list[str]] = sentences_for_minutes(known)
    parts = PartVote.objects.filter(opinion__in=known, dropped_at=None, ballot__state=BallotState.PROCLAIMED)
    for part in parts.select_related("ballot"):
        if part.ballot is not None:
            sentences.setdefault(str(part.opinion_id), []).append(part_sentence(part.label, part.ballot))
    rows = Opinion.objects.filter(pk__in=known, ballot__state=BallotState.PROCLAIMED).select_related("ballot")
    for opinion in rows:
        if opinion.ballot is not None:
            sentences.setdefault(str(opinion.pk), []).append(sentence(opinion, opinion.ballot))
    return sentences


def sentence(opinion: Opinion, ballot: Ballot) -> str:
    """Return « L’assemblée adopte l’avis AC2-2026-03 « Titre » : pour 61, contre 9, abstention 5. »"""
    if ballot.result == BallotResult.ADOPTED:
        text = gettext("L’assemblée adopte l’avis %(reference)s « %(title)s » : %(votes)s.")
    else:
        text = gettext("L’assemblée n’adopte pas l’avis %(reference)s « %(title)s » : %(votes)s.")
    return text % {"reference": opinion.reference, "title": opinion.title, "votes": format_votes(ballot)}


def part_sentence(label: str, ballot: Ballot) -> str:
    adopted = ballot.result == BallotResult.ADOPTED
    message = gettext("%(part)s : adoptée, %(votes)s.") if adopted else gettext("%(part)s : rejetée, %(votes)s.")
    return message % {"part": label, "votes": format_votes(ballot)}


def format_votes(ballot: Ballot) -> str:
    """Return « pour 61, contre 9, abstention 5 », with those who did not want to answer if there are any."""
    counts = {"for": ballot.votes_for, "against": ballot.votes_against, "abstentions": ballot.abstentions}
    text = gettext("pour %(for)s, contre %(against)s, abstention %(abstentions)s") % counts
    silent = ballot.no_opinion
    return text + (gettext(", ne se prononce pas %(n)s") % {"n": silent} if silent else "")


open_area(r"/espace/avis/\d+/visa/$", Role)  # the person who chaired the vote, a member or not
open_area(r"/espace/avis/.", TEAM_ROLES | {Role.FACILITATOR, Role.MEMBER})
open_area(r"/espace/(amendements|positions-minoritaires)/", {Role.MEMBER})
add_desk_line(
    MenuHeading.QUESTIONS,
    _("Avis"),
    "opinions:list",
    OPINIONS.can_open,
    order=34,
    under=("/bureau/amendements/",),
)
add_menu_entry(
    "member",
    _("Avis"),
    "opinions:my-list",
    FOR_MEMBERS,
    order=32,
    icon="chat-left-text",
    bar_label=_("Avis"),
    under=("/espace/amendements/", "/espace/positions-minoritaires/"),
)

add_open_dossiers(OpenDossiers("opinions", _("avis à suivre"), count_files, move_files))
add_widget("public-referral", opinions_of_referral)
add_widget("how", opinion_step)
add_widget("member", member_widgets)
add_widget("directorate", office_opinions)
add_pages("opinions", pages)
add_messages(TextsOpen, SectionValidated, Tabled, Adopted, HandedOver)
add_search_source(Opinions)
add_agenda_topic(LABEL, describe, offer, minutes_sentences)
add_audit_events(
    {
        "opinion.created": _("a préparé le plan de l’avis"),
        "opinion.changed": _("a modifié l’avis"),
        "opinion.worked": _("a modifié les thèmes et les priorités"),
        "opinion.numbered": _("a relevé les préconisations du texte"),
        "opinion.merged": _("a réuni deux préconisations"),
        "opinion.followed": _("a porté l’avis à une autre séance"),
        "opinion.part_announced": _("a prévu un vote sur une partie"),
        "opinion.part_dropped": _("a retiré un vote sur une partie"),
        "opinion.ranked": _("a noté le classement des priorités"),
        "opinion.spokespersons_drawn": _("a noté les porte-parole tirés au sort"),
        "opinion.settings_changed": _("a modifié les réglages des avis"),
        "section.added": _("a ajouté une partie à l’avis"),
        "section.changed": _("a modifié une partie de l’avis"),
        "section.moved": _("a changé l’ordre des parties"),
        "section.reinstated": _("a remis une partie dans l’avis"),
        "section.removed": _("a retiré une partie de l’avis"),
    }
)
add_list(OPINIONS)
