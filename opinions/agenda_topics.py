"""Opinions as agenda topics, and the result of their votes as the minutes print it automatically."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.enums import Role
from assembly.institution.rules import has_role
from opinions.enums import OpinionState
from opinions.models import Opinion, PartVote
from opinions.queries.amendments import sentences_for_minutes
from opinions.queries.opinions import LABEL
from opinions.rules.opinions import can_see_desk
from sessions import topics
from sessions.enums import BallotResult, BallotState
from sessions.models import Ballot
from sessions.topics import add_agenda_topic


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, topics.Topic]:
    """Return the opinions that this reader may see, each with the address of the page in the reader's own area."""
    known = [key for key in keys if key.isdecimal()]
    rows = Opinion.objects.visible_to(reader) if reader is not None else Opinion.objects.public()
    return {
        str(opinion.pk): topics.Topic(
            kind=gettext_lazy("Avis"),
            reference=opinion.reference,
            title=opinion.title,
            url=address(opinion, reader),
            votes_are_public=opinion.published_at is not None,
        )
        for opinion in rows.filter(pk__in=known)
    }


def address(opinion: Opinion, reader: Any) -> str:
    if reader is None:
        return reverse("opinions:public", args=[opinion.reference])
    if can_see_desk(reader, opinion.term_id):
        return reverse("opinions:opinion", args=[opinion.pk])
    office = has_role(reader, {Role.PRESIDENT, Role.SPONSOR}, term=opinion.term_id)
    return reverse("opinions:office-opinion" if office else "opinions:my-opinion", args=[opinion.pk])


def offer(user: Any, term: int) -> QuerySet[Opinion, tuple[int, str]]:
    """Return the opinions of the term that have not ended."""
    rows = Opinion.objects.visible_to(user).filter(term=term).exclude(state__in=OpinionState.tagged("ended"))
    label = Trim(Concat("reference", Value(" "), "title"))
    return rows.order_by("reference", "pk").annotate(choice_label=label).values_list("pk", "choice_label")


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
        text = _("L’assemblée adopte l’avis %(reference)s « %(title)s » : %(votes)s.")
    else:
        text = _("L’assemblée n’adopte pas l’avis %(reference)s « %(title)s » : %(votes)s.")
    return text % {"reference": opinion.reference, "title": opinion.title, "votes": format_votes(ballot)}


def part_sentence(label: str, ballot: Ballot) -> str:
    adopted = ballot.result == BallotResult.ADOPTED
    message = _("%(part)s : adoptée, %(votes)s.") if adopted else _("%(part)s : rejetée, %(votes)s.")
    return message % {"part": label, "votes": format_votes(ballot)}


def format_votes(ballot: Ballot) -> str:
    """Return « pour 61, contre 9, abstention 5 », with those who did not want to answer if there are any."""
    counts = {"for": ballot.votes_for, "against": ballot.votes_against, "abstentions": ballot.abstentions}
    text = _("pour %(for)s, contre %(against)s, abstention %(abstentions)s") % counts
    silent = ballot.no_opinion
    return text + (_(", ne se prononce pas %(n)s") % {"n": silent} if silent else "")


add_agenda_topic(LABEL, describe, offer, minutes_sentences)
