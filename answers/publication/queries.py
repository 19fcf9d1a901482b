"""Thread of one proposal: everything that anybody may read of it, in chronological order.

Public as soon as its opinion is. Every part is read with the query of its own public page, so that nothing is
published here that is published nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.models import AnswerCase
from answers.queries.follow_up_thread import follow_up_steps
from answers.queries.progress import report_steps
from answers.queries.ratings import rating_sentence, total_of
from answers.queries.summaries import AnswerSummary, summaries_of
from answers.queries.table import proof_of
from answers.queries.thread_steps import ThreadLink, ThreadStep
from answers.voice.models import Proposal
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.french import format_date, local_day
from consultations.models import Referral
from consultations.referrals.queries import public_dossier as public_referrals
from opinions.amending.passages import Text
from opinions.amendments.queries import base_version, is_new_recommendation, rows
from opinions.models import Amendment, Opinion, PartVote, Recommendation
from opinions.opinions.models import OpinionQuerySet
from opinions.opinions.queries import public_dossier, published_opinions
from opinions.papers.documents.body import SHEET_ANCHOR
from opinions.papers.queries import annexes_of, quote_new_text, with_annexes
from opinions.versions.models import RecommendationState
from opinions.versions.queries import vote_data
from sessions.attendance.queries.presence import quorum_sentence
from sessions.decisions.enums import BallotState
from sessions.models import Ballot
from sessions.sittings.queries.sittings import published_sittings

# A thread shows the first ones; their own pages list them all.
SHOWN = 12


@dataclass(frozen=True)
class ProposalThread:
    """Thread of a proposal; `recommendation` is None for an opinion that is answered as a whole."""

    recommendation: Recommendation | None
    opinion: Opinion
    steps: list[ThreadStep]
    summary: AnswerSummary
    origins: list[Recommendation]

    @property
    def proposal(self) -> Proposal:
        return self.recommendation or self.opinion

    @property
    def what(self) -> str:
        return proposal_noun(self.proposal)

    @property
    def merged_into(self) -> Recommendation | None:
        return self.recommendation.merged_into if self.recommendation else None

    @property
    def left(self) -> str:
        """Return what became of a recommendation that left the opinion; empty for the others."""
        row = self.recommendation
        is_in = row is None or row.is_active or row.merged_into_id is not None
        return "" if is_in or row is None else str(RecommendationState(row.state).label)


def proposal_noun(proposal: Proposal) -> str:
    """Return the noun of « Suivre cette proposition »."""
    return _("cet avis") if isinstance(proposal, Opinion) else _("cette proposition")


def public_recommendations() -> QuerySet[Recommendation]:
    """Return the recommendations with a thread: of published opinions of the assembly on the public pages."""
    return Recommendation.objects.filter(opinion__in=published_opinions()).exclude(reference="")


def public_wholes() -> OpinionQuerySet:
    """Return the published opinions without recommendations: each has a thread under its own reference."""
    return published_opinions().filter(answer_case__isnull=False)


PUBLIC = CompiledQuery(
    lambda reference: public_recommendations().filter(reference=reference).select_related("opinion__term")
)
PUBLIC_WHOLE = CompiledQuery(lambda reference: public_wholes().filter(reference=reference).select_related("term"))


def public_proposal(reference: str) -> Proposal | None:
    """Return the proposal of that reference, if anybody may read it; checked at each request."""
    return next(PUBLIC(reference), None) or next(PUBLIC_WHOLE(reference), None)


def thread_of(proposal: Proposal) -> ProposalThread:
    """Build the thread from the database; the number of queries depends on the kinds of steps only."""
    row = None if isinstance(proposal, Opinion) else recommendation_with_origins(proposal.pk)
    opinion = with_annexes(public_dossier()).get(pk=row.opinion_id if row else proposal.pk)
    case: AnswerCase | None = getattr(row, "answer_case", None)
    case = case or AnswerCase.objects.filter(whole_of=opinion).select_related("directorate").first()
    answers = summaries_of([(row, case if row is None or row.is_active else None)])[0]
    steps = [
        *question_steps(opinion),
        *amendment_steps(row, opinion),
        *vote_steps(row, opinion),
        *publication_steps(row, opinion),
        *answer_steps(answers, opinion),
        *rating_steps(answers),
        *follow_up_steps(answers.follow_up),
        *report_steps(row, opinion),
    ]
    steps.sort(key=lambda step: step.day or date.max)
    return ProposalThread(row, opinion, steps, answers, list(row.origins.all()) if row else [])


def recommendation_with_origins(pk: int) -> Recommendation:
    named = public_recommendations().only("reference", "title", "opinion_id", "merged_into_id")
    recommendations = public_recommendations().select_related("merged_into", "answer_case")
    return recommendations.prefetch_related(Prefetch("origins", queryset=named.order_by("number", "pk"))).get(pk=pk)


def question_steps(opinion: Any) -> Iterator[ThreadStep]:
    """Yield the question, if the referral is public, then the public sittings about it or the opinion."""
    sittings = {row["reference"]: (row, _("L’avis en séance")) for row in published_sittings(opinion)[:SHOWN]}
    referral = public_referrals().filter(pk=opinion.referral_id).first()
    if referral is not None:
        yield question_step(referral)
        about_it = {
            row["reference"]: (row, _("La question en séance")) for row in published_sittings(referral)[:SHOWN]
        }
        sittings = about_it | sittings
    for reference, (row, title) in sittings.items():
        link = ThreadLink(_("Voir la séance"), reverse("sittings:public", args=[reference]))
        anchor = f"seance-{reference.lower()}"
        yield ThreadStep(anchor, title, row["day"], (row["title"],), (link,), row["minutes"] or "")


def question_step(referral: Referral) -> ThreadStep:
    moment = referral.issued_at or referral.published_at
    paragraphs = (referral.question,) if referral.question else (referral.title,)
    link = ThreadLink(
        _("Lire la saisine %(reference)s") % {"reference": referral.reference},
        reverse("consultations:public", args=[referral.reference]),
    )
    return ThreadStep("question", _("La question posée"), local_day(moment) if moment else None, paragraphs, (link,))


def amendment_steps(row: Recommendation | None, opinion: Opinion) -> Iterator[ThreadStep]:
    """Yield one step about the amendments to its text, or to the whole opinion, and their outcomes; no name."""
    base = base_version(opinion.pk)
    if base is None:
        return
    passed = Amendment.objects.filter(version=base).passed().select_related("parent", "ballot").order_by("number")
    struck = list(passed)
    if row is not None:
        node, alineas = str(row.node_id), Text(base.tree).alineas
        here = {number for number, alinea in alineas.items() if alinea.recommendation_id == node}
        struck = [one for one in struck if is_about(one, node, here)]
    if not struck:
        return
    outcomes = sorted(rows(base, struck[:SHOWN]), key=lambda one: one.amendment.number or 0)
    lines = [
        f"{_('Amendement n° %(n)s') % {'n': one.amendment.number}} : {one.description.sentence}"
        f" {quote_new_text(one.description.html)} {one.result or one.amendment.get_state_display().capitalize() + '.'}"
        for one in outcomes
    ]
    if len(struck) > SHOWN:
        more = len(struck) - SHOWN
        lines.append(ngettext("Et %(n)s autre.", "Et %(n)s autres.", more) % {"n": more})
    ends = [moment for one in struck if (moment := one.decided_at or one.ended_at)]
    link = ThreadLink(_("Tous les amendements"), reverse("opinions:public-amendments", args=[opinion.reference]))
    day = local_day(max(ends)) if ends else None
    title = ngettext("Un amendement", "%(n)s amendements", len(struck)) % {"n": len(struck)}
    yield ThreadStep("amendements", title, day, tuple(lines), (link,))


def is_about(amendment: Amendment, node: str, alineas: set[int]) -> bool:
    """Return whether the amendment changes the text of that recommendation, or wrote it."""
    if is_new_recommendation(amendment):
        return bool(amendment.content[0]["attrs"].get("id") == node)
    return not alineas.isdisjoint((amendment.parent or amendment).change.alineas)


def vote_steps(row: Recommendation | None, opinion: Opinion) -> Iterator[ThreadStep]:
    """Yield the vote on that recommendation alone, if there was one, and on the whole opinion, with quorum."""
    parts = PartVote.objects.filter(recommendation=row, dropped_at=None, ballot__state=BallotState.PROCLAIMED)
    alone = list(parts.order_by("position", "pk").values_list("ballot", flat=True)) if row else []
    rows = Ballot.objects.filter(pk__in=[*alone, opinion.ballot_id], state=BallotState.PROCLAIMED)
    ballots = {ballot.pk: ballot for ballot in rows.select_related("agenda_item__sitting__term").for_screen()}
    for number, key in enumerate(alone, start=1):
        yield vote_step(f"vote-{number}", _("Le vote sur cette proposition"), ballots[key], opinion)
    if opinion.ballot_id in ballots:
        yield vote_step("vote", _("Le vote sur l’avis"), ballots[opinion.ballot_id], opinion)


def vote_step(anchor: str, title: str, ballot: Ballot, opinion: Opinion) -> ThreadStep:
    link = ThreadLink(_("Tous les votes de l’avis"), reverse("opinions:public", args=[opinion.reference]) + "#votes")
    moment = ballot.proclaimed_at or ballot.counted_at
    paragraphs = (vote_data(ballot)["sentence"], quorum_text(ballot))
    return ThreadStep(anchor, title, local_day(moment) if moment else opinion.adopted_on, paragraphs, (link,))


def quorum_text(ballot: Ballot) -> str:
    """Return « 87 membres présents, quorum de 54 atteint. », as the vote stored it."""
    if sentence := quorum_sentence(ballot):
        return sentence
    present = ballot.present or 0
    template = ngettext(
        "%(n)s membre présent, sans quorum exigé.", "%(n)s membres présents, sans quorum exigé.", present
    )
    return template % {"n": present}


def publication_steps(row: Recommendation | None, opinion: Opinion) -> Iterator[ThreadStep]:
    """Yield the handover, and the sealed opinion on the site."""
    if opinion.handed_over_on is not None:
        recipient = _("Destinataire : %(to)s.") % {"to": opinion.handed_over_to}
        yield ThreadStep("remise", _("L’avis est remis"), opinion.handed_over_on, (recipient,))
    anchor = f"#{SHEET_ANCHOR}{row.node_id}" if row and row.is_active else ""
    address = reverse("opinions:public", args=[opinion.reference]) + anchor
    sealed = (annexes_of(opinion)["sealed"] or {"reference": ""})["reference"]
    links = [ThreadLink(_("Lire la proposition dans l’avis") if row else _("Lire l’avis"), address)]
    if sealed:
        link = reverse("documents:publication-file", args=[sealed])
        links.append(ThreadLink(_("L’avis scellé (PDF)"), link))
    published = local_day(opinion.published_at) if opinion.published_at else None
    paragraphs = (f"{opinion.reference}, {opinion.title}",)
    yield ThreadStep("avis", _("L’avis est publié"), published, paragraphs, tuple(links), sealed)


def answer_steps(summary: AnswerSummary, opinion: Opinion) -> Iterator[ThreadStep]:
    """Yield every published version, with the sealed table that carries it; the clock while there is none."""
    table, carried = proof_of(opinion.pk, summary.case.pk) if summary.case and summary.versions else ("", 0)
    for answer in reversed(summary.versions):
        title = _("La réponse du Conseil départemental") if answer.number == 1 else _("La réponse révisée")
        proof = table if answer.number <= carried else ""
        yield ThreadStep(f"reponse-{answer.number}", title, answer.published_on, proof=proof, answer=answer)
    if summary.clock_sentence and not summary.versions:
        yield ThreadStep("reponse", _("La réponse du Conseil départemental"), None, (summary.clock_sentence,))


def rating_steps(summary: AnswerSummary) -> Iterator[ThreadStep]:
    """Yield what members think of each version, from the fifth rating on; five more ratings move its day."""
    for answer in summary.versions:
        if total := total_of(answer):
            title = _("Ce que les membres pensent de la réponse")
            if answer.number > 1:
                title = _("Ce que les membres pensent de la réponse révisée")
            yield ThreadStep(f"notes-{answer.number}", title, total.counted_on, (rating_sentence(total),))


def entry_text(step: ThreadStep) -> str:
    """Return a step as one paragraph, for a feed."""
    if step.answer is None:
        return " ".join(step.paragraphs)
    value = step.answer.get_value_display().capitalize()
    day = format_date(step.answer.decided_on, weekday=False)
    return _("%(value)s. %(body)s Décidée le %(day)s.") % {"value": value, "body": step.answer.body, "day": day}
