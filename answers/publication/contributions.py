"""Contributions of what anybody reads: widgets, public pages, files, search, the answer on a referral.

The answer table is a sealed file that anybody may read: `AC2-2026-03-REP`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from answers.cases.models import answering
from answers.cases.queries import (
    answer_to_referral,
    council_answer,
    our_answers,
    public_scoreboard,
    scoreboard_sentence,
    with_answers,
)
from answers.cases.rules import can_see_desk, clock_of
from answers.follow_up.queries import public_follow_ups
from answers.models import Answer, AnswerCase
from answers.pages import OfThread
from answers.progress.queries import last_report, public_reports
from answers.publication import actions, cards, queries
from answers.publication.data_sets import ANSWER_DATA, PROPOSAL_DATA
from answers.voice.models import Proposal
from assembly.documents.models import Audience, Rendition, Revision, Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer, SitePage, add_documents, add_upload_rules
from assembly.institution.models import Role, Term
from assembly.institution.rules import has_role, is_team
from assembly.open_data.registry import add_data_sets
from assembly.portal.registry import Page, add_pages
from assembly.search.registry import IndexEntry, add_search_source
from assembly.speed.queries import CompiledQuery
from assembly.text.french import local_day
from assembly.web.widgets import Widget, add_widget
from consultations.models import Referral, ReferralState
from consultations.referrals.models import ReferralQuerySet
from consultations.referrals.queries import add_answer_sentence
from opinions.models import Opinion
from opinions.opinions.models import OpinionQuerySet
from opinions.opinions.queries import published_opinions
from opinions.papers.cards import ShownCards, add_card_answers


@dataclass(frozen=True)
class AnswerTable:
    """An opinion and its answers, read once for a file."""

    opinion: Opinion
    rows: list[queries.AnswerSummary]

    @property
    def made_at(self) -> datetime:
        """Return the moment of the last answer in the table, so that the same content makes the same file."""
        moments = [row.answer.published_at for row in self.rows if row.answer and row.answer.published_at]
        return max(moments, default=self.opinion.changed_at)


class SealedAnswerTable(Renderer):
    kind = queries.TABLE_KIND
    subject_label = queries.OPINION
    sealed = True
    audience = Audience.PUBLIC

    def load(self, subject_id: str) -> AnswerTable:
        rows = Opinion.objects.select_related("term__assembly", "referral")
        opinion = rows.get(pk=subject_id)
        return AnswerTable(opinion, queries.answer_summaries(opinion))

    def identity(self, subject: AnswerTable) -> Identity:
        opinion = subject.opinion
        return Identity(
            queries.table_reference(opinion),
            queries.table_title(opinion)[:240],
            local_day(subject.made_at),
            opinion.term,
        )

    def source(self, subject: AnswerTable) -> RenderSource:
        opinion, rows = subject.opinion, subject.rows
        return page_source(
            "answers/publication/pdf/table.html",
            {**queries.table_context(opinion, rows), "day": local_day(subject.made_at), "site": settings.SITE_URL},
            assembly=opinion.term.assembly,
            title=queries.table_title(opinion),
            reference=queries.table_reference(opinion),
            made_at=subject.made_at,
            sheets=["answers"],
            data=queries.table_data(opinion, rows),
            facts=queries.sealed_facts(rows),
            sealed=True,
        )

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = published_opinions().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("Les réponses en ligne"), reverse("answers:table", args=[reference]))
            for pk, reference in rows
        }

    def can_read(self, user: Any, subject: AnswerTable) -> bool:
        return can_see_desk(user, subject.opinion.term_id)

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: AnswerTable) -> None:
        if revision is not None:
            actions.record_sealed(subject.opinion, revision.document)


SHOWN = 3


def latest_opinions(assembly: int) -> OpinionQuerySet:
    rows = with_answers(Opinion.objects.public().filter(term__assembly=assembly).select_related("term"))
    return rows.order_by("-adopted_on", "-pk").for_screen()[:SHOWN]


def answered_before(assembly: int) -> ReferralQuerySet:
    """Return the referrals that were answered before this software held the opinion."""
    opinions = Opinion.objects.public().filter(referral=OuterRef("pk"))
    rows = Referral.objects.public().filter(
        ~Exists(opinions), term__assembly=assembly, state__in=ReferralState.tagged("answered")
    )
    return rows.order_by("-due_on", "-pk").for_screen()[:SHOWN]


LATEST, BEFORE = CompiledQuery(latest_opinions), CompiledQuery(answered_before)
ONE_OPINION = CompiledQuery(lambda opinion: with_answers(Opinion.objects.filter(pk=opinion)))


def public_opinions(user: Any, term: Term) -> Widget | None:
    """Build « Ce que le Département a répondu »: the latest opinion by answer, then the other opinions.

    Each recommendation of the latest one that was handed over is a dot. Referrals that were answered before this
    software held the opinion come last.
    """
    opinions = [(row, council_answer(row)) for row in LATEST(term.assembly_id)]
    before = list(BEFORE(term.assembly_id))
    if not opinions and not before:
        return None
    latest, answer = next((pair for pair in opinions if pair[0].handed_over_on), (None, ""))
    proposals = cards.cards_of(queries.answer_summaries(latest)) if latest else []
    shown = {
        "latest": latest if proposals else None,
        "latest_answer": answer,
        "columns": cards.columns_of(latest, proposals) if latest else [],
        "count": len(proposals),
        "has_dots": len(proposals) <= cards.MOST_DOTS,
        "opinions": [pair for pair in opinions if not proposals or pair[0] != latest],
        "answered": before,
        "scoreboard": public_scoreboard(),
        "report": last_report(),
    }
    return Widget("answers/publication/_public_opinions.html", shown, order=8, position="band")


def card_score(user: Any, term: Term) -> Widget | None:
    """Build the sentence that counts the answers, on the card that other sites embed."""
    score = public_scoreboard()
    return Widget("answers/publication/_card_score.html", {"scoreboard": score}) if score.asked else None


def answer_step(user: Any, term: Term) -> Widget:
    """Build the step of « Comment ça marche » about the answers: how many are given, and the median of the days."""
    return Widget("answers/publication/_how.html", {"scoreboard": public_scoreboard()}, order=40)


def answer_to_opinion(user: Any, opinion: Opinion) -> Widget | None:
    """Build the widget at the top of an opinion that was handed over: what the council did, or by when it must."""
    if opinion.published_at is None and opinion.handed_over_on is None:
        return None
    row: Any = next(ONE_OPINION(opinion.pk))
    is_public = row.answers["given"] and opinion.published_at
    table = reverse("answers:table", args=[opinion.reference]) if is_public else ""
    answer = council_answer(row, in_area=user is not None)
    return Widget("answers/publication/_council_answer.html", {"answer": answer, "table": table})


def owed_answers(user: Any, opinion: Opinion) -> Widget | None:
    """Build the widget of the vote tab in the back office: each answer owed since the handover, with its clock."""
    today = timezone.localdate()
    rows = AnswerCase.objects.of_opinion(opinion).standing().with_dossier()
    cases = [(case, clock_of(case, today)) for case in rows.order_by("recommendation__number", "pk").for_screen()]
    context = {"cases": cases, "is_team": is_team(user, opinion.term_id), "opinion": opinion}
    return Widget("answers/publication/_owed.html", context) if cases else None


def desk_score(user: Any, term: Term) -> Widget | None:
    """Build the sentence about the council’s answers, once an opinion was handed over."""
    sentence = scoreboard_sentence(user, term) if is_team(user, term) else ""
    return (
        Widget("answers/publication/_desk_score.html", {"score": sentence}, order=30, position="sidebar")
        if sentence
        else None
    )


def scoreboard_above_opinions(user: Any, subject: None) -> Widget | None:
    """Build « x réponses sur y, délai médian », how it is counted, and figures of elsewhere to compare."""
    scoreboard = public_scoreboard()
    return (
        Widget("answers/publication/_scoreboard.html", {"scoreboard": scoreboard, "report": last_report()})
        if scoreboard.asked
        else None
    )


def answers_by_part(level: int) -> Callable[[Any, Opinion], list[Widget]]:
    """Return the provider of the widget below each recommendation that was handed over, alike in every area.

    `level` is that of the title.
    """

    def provider(user: Any, opinion: Opinion) -> list[Widget]:
        if opinion.handed_over_on is None:
            return []
        return [
            Widget(
                "answers/publication/_answer_on_part.html",
                {
                    "summary": row,
                    "level": level if row.recommendation else 2,
                    "address": thread_address(row.recommendation or opinion, opinion),
                    "rates": has_role(user, Role.MEMBER, assembly=opinion.term.assembly_id),
                },
                position=str(row.recommendation.node_id) if row.recommendation else "",
            )
            for row in queries.answer_summaries(opinion)
        ]

    return provider


def proposal_cards(user: Any, shown: ShownCards) -> Widget | None:
    """Build the cards of the recommendations with their numbers, or the answer to an opinion without any."""
    if shown.opinion.handed_over_on is None:
        return None
    summaries = queries.answer_summaries(shown.opinion)
    rows = cards.cards_of(summaries)
    if rows:
        context = {"cards": cards.shown_cards(rows, shown), "numbers": cards.numbers_above(rows, shown)}
        return Widget("answers/publication/_proposal_cards.html", context)
    if not summaries:
        return None
    context = {"summary": summaries[0], "level": 2, "address": thread_address(shown.opinion, shown.opinion)}
    return Widget("answers/publication/_answer_on_part.html", context)


def thread_address(proposal: Proposal, opinion: Opinion) -> str:
    """Return the address of the thread, or an empty string while the opinion is not public."""
    return reverse("answers:thread", args=[proposal.reference]) if opinion.published_at else ""


def our_proposals(user: Any, term: Term) -> Widget | None:
    """Build « Que deviennent nos propositions » for a member: the last answers, and how many are due."""
    if not has_role(user, Role.MEMBER, term=term):
        return None
    score, changes, is_on_committee = our_answers(term.assembly_id, user.person_id)
    if not score.asked:
        return None
    shown = {"changes": changes, "scoreboard": score, "is_on_committee": is_on_committee}
    return Widget("answers/publication/_our_proposals.html", shown, order=12, position="sidebar")


def pages() -> Iterator[Page]:
    """Yield threads with the moment of their last answer, tables of opinions, commitments, reports and their list."""
    rows = queries.public_recommendations().annotate(last_published_at=Max("answer_case__answers__published_at"))
    for reference, answered_at, moment in rows.order_by("pk").values_list(
        "reference", "last_published_at", "opinion__published_at"
    ):
        yield reverse("answers:thread", args=[reference]), answered_at or moment
    wholes = queries.public_wholes().annotate(last_published_at=Max("answer_case__answers__published_at"))
    for reference, answered_at, moment in wholes.order_by("pk").values_list(
        "reference", "last_published_at", "published_at"
    ):
        yield reverse("answers:thread", args=[reference]), answered_at or moment
    paths = ("recommendations__answer_case", "answer_case")
    opinions = published_opinions().annotate(
        last_published_at=Greatest(*(Max(f"{path}__answers__published_at") for path in paths))
    )
    for reference, moment in (
        opinions.filter(last_published_at__isnull=False).order_by("pk").values_list("reference", "last_published_at")
    ):
        yield reverse("answers:table", args=[reference]), moment
    if latest := public_follow_ups().aggregate(day=Max("case__answers__published_at"))["day"]:
        yield reverse("answers:public-commitments"), latest
    reports = list(public_reports().values_list("reference", "noted_at"))
    for reference, moment in reports:
        yield reverse("answers:progress-report", args=[reference]), moment
    if reports:
        yield reverse("answers:public-progress-reports"), reports[0][1]


def document_of_a_published_answer_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the document belongs to a published answer of a published opinion, which anybody reads."""
    answers = Answer.objects.published().filter(document=upload)
    return answers.filter(
        Q(case__recommendation__opinion__published_at__isnull=False) | Q(case__whole_of__published_at__isnull=False)
    ).exists()


TEXT_FIELDS = ("body", "retained", "left_out", "proof", "passed_to", "action", "service")


class Answers(OfThread):
    kind, order = "answer", 15
    name, label = gettext_lazy("Réponse"), gettext_lazy("Réponses")

    def objects(self) -> QuerySet[Any]:
        return Answer.objects.published().select_related("case__recommendation__opinion", "case__whole_of")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        case = subject.case
        values = {"value": subject.get_value_display().capitalize(), "title": case.title}
        yield IndexEntry(
            _("%(value)s : %(title)s") % values,
            body="\n".join(filter(None, (getattr(subject, name) for name in TEXT_FIELDS))),
            reference=case.reference,
            dated_on=subject.published_on,
            term_id=case.opinion.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        """Return, alike for everybody, the answers in force of the assembly shown on the public pages."""
        public = published_opinions().values("pk")
        condition = answering(public, "case__")
        return {"": Answer.objects.standing().filter(condition)}

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Return the answers of a case, because the journal names the case."""
        if label == "answers.AnswerCase":
            return Answer.objects.published().filter(case__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


add_widget("public", public_opinions)
add_widget("how", answer_step)
add_widget("assembly-card", card_score)
add_widget("opinion-lead", answer_to_opinion)
add_widget("opinion-vote", owed_answers)
add_widget("desk-indicators", desk_score)
add_widget("public-opinion", proposal_cards)
add_card_answers(cards.STATES)
add_widget("public-opinion-part", answers_by_part(4))
add_widget("own-opinion-part", answers_by_part(3))
add_widget("public-opinion-list", scoreboard_above_opinions)
add_widget("member", our_proposals)
add_pages("answers", pages)
add_data_sets(ANSWER_DATA, PROPOSAL_DATA)
add_upload_rules(document_of_a_published_answer_is_visible)
add_search_source(Answers)
add_answer_sentence(answer_to_referral)

add_documents(SealedAnswerTable)
