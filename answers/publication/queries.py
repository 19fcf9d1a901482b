"""What anybody reads of an answer: its summary, the answer table of the opinion, the thread of the proposal.

Table, thread and opinion show the same summaries, so that they agree. Every part of a thread is read with the query of
its own public page, so that nothing is published here that is published nowhere else. Schema `hemicycle/answers/1`
(README, « The answer table ») contains no name of a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from answers.cases.models import AnswerFact
from answers.cases.queries import published_of, rating_sentence, total_of
from answers.cases.rules import Clock, clock_of
from answers.follow_up.queries import FollowUpSummary, MilestoneSummary, ThreadLink, follow_up_summaries, update_links
from answers.models import Answer, AnswerCase, AnswerCaseState, FollowUpState, ProgressUpdate
from answers.progress.queries import public_reports, report_title
from answers.voice.models import Proposal
from assembly.documents.models import Document, Revision
from assembly.institution.models import Term
from assembly.speed.queries import CompiledQuery
from assembly.text.french import format_date, local_day
from consultations.models import Referral
from consultations.referrals.queries import public_dossier as public_referrals
from opinions.amending.passages import Text
from opinions.amendments.queries import base_version, is_new_recommendation, rows
from opinions.models import Amendment, Opinion, PartVote, Recommendation, RecommendationState
from opinions.opinions.models import OpinionQuerySet
from opinions.opinions.queries import public_dossier, published_opinions
from opinions.papers.documents.body import SHEET_ANCHOR
from opinions.papers.queries import annexes_of, document_reference, label_of, quote_new_text, with_annexes
from opinions.versions.queries import last_version, opinion_data, vote_data
from sessions.attendance.queries.presence import quorum_sentence
from sessions.models import Ballot, BallotState
from sessions.sittings.queries.sittings import published_sittings


@dataclass(frozen=True)
class AnswerSummary:
    """One recommendation, or a whole opinion, with its published answers, the last one first, and its clock.

    `case` is None for a recommendation that was not handed over.
    """

    recommendation: Recommendation | None
    case: AnswerCase | None
    versions: list[Answer]
    today: date
    follow_up: FollowUpSummary | None = None

    @property
    def answer(self) -> Answer | None:
        """Return the answer in force."""
        return self.versions[0] if self.versions else None

    @property
    def former(self) -> list[Answer]:
        return self.versions[1:]

    @property
    def rating_sentence(self) -> str:
        """Return what members think of the answer in force; empty until five ratings are published."""
        total = total_of(self.answer) if self.answer else None
        return rating_sentence(total) if total else ""

    @property
    def clock(self) -> Clock | None:
        return clock_of(self.case, self.today) if self.case else None

    @property
    def clock_sentence(self) -> str:
        """Return « Réponse attendue avant le 11 janvier 2027 : dans 44 jours. », or how long it took, or nothing."""
        if self.case is None or self.clock is None or not (self.case.is_owed or self.case.answered_on):
            return ""
        return clock_sentence(self.case, self.clock)

    @property
    def sealed_clock_sentence(self) -> str:
        """Return the same without what changes from day to day: for sealed files."""
        if self.case is None or self.case.answered_on or not self.clock_sentence:
            return self.clock_sentence
        return _("Réponse attendue avant le %(day)s.") % {"day": format_date(self.case.due_on, weekday=False)}


def clock_sentence(case: AnswerCase, clock: Clock) -> str:
    """Return one sentence: the due day and the days left, or how late it is, or how long the answer took."""
    if case.answered_on:
        sentence = _("Donnée %(span)s après la remise") % {"span": format_days(clock.since)}
        late = _(", avec %(span)s de retard") % {"span": format_days(clock.late)} if clock.is_late else ""
        return f"{sentence}{late}."
    if clock.is_late:
        left = _("en retard de %(span)s") % {"span": format_days(clock.late)}
    else:
        left = _("dans %(span)s") % {"span": format_days(clock.left)} if clock.left else _("c’est aujourd’hui")
    values = {"day": format_date(case.due_on, weekday=False), "left": left}
    return _("Réponse attendue avant le %(day)s : %(left)s.") % values


def format_days(days: int) -> str:
    """Return « 44 jours »: always in days, as they are promised and counted."""
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}


def answered_recommendations(opinion: int) -> QuerySet[Recommendation]:
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).exclude(reference="")
    return rows.select_related("answer_case__directorate", "section").order_by("number", "pk").for_screen()


RECOMMENDATIONS = CompiledQuery(answered_recommendations)


def answer_summaries(opinion: Opinion) -> list[AnswerSummary]:
    """Return one entry for each recommendation with a reference, or one for an opinion without any.

    Two queries, three more at most where an answer is published. Drafts are not read; an answer is published only next
    to a published opinion.
    """
    recommendations = list(RECOMMENDATIONS(opinion.pk))
    if recommendations:
        return summaries_of((row, getattr(row, "answer_case", None)) for row in recommendations)
    return summaries_of(
        (None, case) for case in AnswerCase.objects.filter(whole_of=opinion).select_related("directorate")
    )


def summaries_of(pairs: Iterable[tuple[Recommendation | None, AnswerCase | None]]) -> list[AnswerSummary]:
    """Return the entries of these pairs: one query, two if an answer is published, four if one is followed up."""
    rows, today = list(pairs), timezone.localdate()
    versions = published_of(case for _row, case in rows if case)
    follow_ups = follow_up_summaries(versions)
    return [
        AnswerSummary(row, case, versions[case.pk] if case else [], today, follow_ups.get(case.pk) if case else None)
        for row, case in rows
    ]


SCHEMA = "hemicycle/answers/1"
TABLE_KIND = "answer-table"
OPINION = Opinion._meta.label
# Names of facts that the published schema had before their columns were renamed.
PUBLISHED_NAMES = {"retained": "kept"}


def table_reference(opinion: Opinion) -> str:
    """Return the reference of the table: `AC2-2026-03-REP`."""
    return f"{document_reference(opinion)}-REP"


def table_title(opinion: Opinion) -> str:
    values = {"label": label_of(opinion).lower(), "reference": opinion.reference, "title": opinion.title}
    return _("Réponses du Conseil départemental à l’%(label)s %(reference)s : %(title)s") % values


def table_context(opinion: Opinion, rows: Sequence[AnswerSummary]) -> dict[str, Any]:
    """Return the table as the page, the back office and the printed file show it."""
    return {
        "opinion": opinion,
        "rows": rows,
        "given": sum(1 for row in rows if row.answer),
        "has_former": any(row.former for row in rows),
    }


def table_data(opinion: Opinion, rows: Sequence[AnswerSummary]) -> dict[str, Any]:
    """Return what is embedded in the sealed file, and served at a permanent address; plain types only."""
    return {
        "schema": SCHEMA,
        "opinion": opinion_data(opinion, last_version(opinion)),
        "address": settings.SITE_URL + reverse("answers:table", args=[opinion.reference]),
        "answers": [_row_data(opinion, row) for row in rows],
    }


def _row_data(opinion: Opinion, row: AnswerSummary) -> dict[str, Any]:
    case, proposal = row.case, row.recommendation
    reference = proposal.reference if proposal else opinion.reference
    return {
        "reference": reference,
        "title": proposal.title if proposal else opinion.title,
        "address": settings.SITE_URL + reverse("answers:thread", args=[reference]),
        "directorate": case.directorate.name if case and case.directorate else "",
        "handed_over_on": case.opened_on.isoformat() if case else None,
        "due_on": case.due_on.isoformat() if case else None,
        "answered_on": case.answered_on.isoformat() if case and case.answered_on else None,
        "days": clock_of(case, row.today).since if case and case.answered_on else None,
        "delay": row.sealed_clock_sentence,
        "answer": _answer_data(row.answer) if row.answer else None,
        "former": [_answer_data(answer) for answer in row.former],
    }


def _answer_data(answer: Answer) -> dict[str, Any]:
    return {
        "version": answer.number,
        "value": answer.value,
        "words": str(answer.get_value_display()),
        "body": answer.body,
        "facts": [_fact_data(fact) for fact in [*answer.facts, *answer.decision]],
    }


def _fact_data(fact: AnswerFact) -> dict[str, Any]:
    return asdict(fact) | {"name": PUBLISHED_NAMES.get(fact.name, fact.name)}


def table_document(opinion: Opinion) -> Document | None:
    """Return the sealed table in the register, published or not."""
    return _documents(opinion.pk).select_related("published_revision").first()


def _documents(opinion: Any) -> QuerySet[Document]:
    return Document.objects.filter(kind=TABLE_KIND, subject_type=OPINION, subject_id=str(opinion))


def sealed_facts(rows: Sequence[AnswerSummary]) -> dict[str, dict[str, Any]]:
    """Return what a sealed table carries, by key of each case: the version in force, with its delay in words.

    A published version never changes, so two tables with the same facts contain the same answers; only a corrected day
    of the handover changes a delay. The former versions are printed too.
    """
    pairs = [(str(row.case.pk), row) for row in rows if row.case and row.answer]
    return {
        "versions": {key: row.answer.number for key, row in pairs if row.answer},
        "delays": {key: row.sealed_clock_sentence for key, row in pairs},
    }


def contains_answers(revision: Revision | None, rows: Sequence[AnswerSummary]) -> bool:
    """Return whether this revision of the table has every answer in force."""
    return revision is not None and revision.report.get("facts") == sealed_facts(rows)


def proof_of(opinion: int, case: int) -> tuple[str, int]:
    """Return the reference of the published table of the opinion, and the last version of the case in it, or 0."""
    carried = f"published_revision__report__facts__versions__{case}"
    row = _documents(opinion).filter(published_revision__isnull=False).values_list("reference", carried).first()
    return (row[0], row[1] or 0) if row else ("", 0)


def tables_to_seal(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return published opinions whose answer table is older than an answer, or missing once all is answered."""
    sealed = Document.objects.filter(
        kind=TABLE_KIND, subject_type=OPINION, subject_id=Cast(OuterRef("pk"), CharField()), published_at__isnull=False
    )
    ways = ("recommendations__answer_case", "answer_case")
    unanswered = [
        ~Q(**{f"{way}__state": AnswerCaseState.CANCELLED}) & Q(**{f"{way}__answered_on": None}) for way in ways
    ]
    rows = Opinion.objects.filter(term=term, published_at__isnull=False).annotate(
        last_published_at=Greatest(*(Max(f"{way}__answers__published_at") for way in ways)),
        sealed_at=Subquery(sealed.values("published_at")[:1]),
        unanswered=sum(Count(way, filter=condition) for way, condition in zip(ways, unanswered, strict=True)),
    )
    is_first = Q(sealed_at=None, unanswered=0)
    return rows.filter(Q(sealed_at__lt=F("last_published_at")) | is_first, last_published_at__isnull=False)


@dataclass(frozen=True)
class ThreadStep:
    """One step; `anchor` never changes, because feeds refer to it.

    `answer` is a published one, shown in its own words; `update` one whose photo is shown.
    """

    anchor: str
    title: str
    day: date | None
    paragraphs: tuple[str, ...] = ()
    links: tuple[ThreadLink, ...] = ()
    proof: str = ""
    answer: Answer | None = None
    update: ProgressUpdate | None = None


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
    link = ThreadLink(_("Tous les votes de l’avis"), reverse("opinions:public-votes", args=[opinion.reference]))
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
    address = reverse("opinions:public-text", args=[opinion.reference]) + anchor
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


def report_steps(row: Recommendation | None, opinion: Opinion) -> Iterator[ThreadStep]:
    """Yield the published reports that mention it, in its thread; an opinion only if answered as a whole."""
    names = [opinion.reference, *([row.reference] if row else [])]
    about = [{"proposals": [{"reference": name}]} for name in names]
    condition = Q(content__opinions__contains=about[:1]) | Q(content__opinions__contains=about[-1:])
    for report in public_reports().filter(condition, term=opinion.term_id).defer("content", "introduction"):
        link = ThreadLink(_("Lire le bilan"), reverse("answers:progress-report", args=[report.reference]))
        title = _("Un bilan des suites données est publié")
        published = local_day(report.published_at) if report.published_at else None
        yield ThreadStep(
            f"bilan-{report.number}", title, published, (report_title(report),), (link,), report.reference
        )


def follow_up_steps(summary: FollowUpSummary | None) -> Iterator[ThreadStep]:
    """Yield the steps of a follow-up, or nothing without one."""
    if summary is None:
        return
    for update in reversed(summary.standing_updates):
        yield update_step(update)
    for one in summary.milestones:
        if not one.standing.is_dropped:
            yield milestone_step(one)
    row = summary.follow_up
    if row.ended_on:
        title = _("La mesure est réalisée") if row.state == FollowUpState.DONE else _("La mesure est abandonnée")
        paragraphs = (row.reason,) if row.reason else (_("La mission a vérifié la preuve."),)
        yield ThreadStep("suite", title, row.ended_on, paragraphs)
    else:
        yield ThreadStep("suite", _("La suite"), None, (summary.due_sentence,))


def update_step(update: ProgressUpdate) -> ThreadStep:
    author = update.directorate.name if update.directorate else _("la mission")
    state = capfirst(update.get_state_display())
    title = _("Où en est la mesure : %(state)s") % {"state": state.lower()}
    paragraphs = (update.text, _("Dit par %(who)s.") % {"who": author})
    links = tuple(update_links(update, with_photo=False))
    return ThreadStep(f"point-{update.number}", title, local_day(update.at), paragraphs, links, update=update)


def milestone_step(one: MilestoneSummary) -> ThreadStep:
    """Build the step of a milestone, with a day only once it is reached: a feed lists what took place."""
    standing = one.standing
    planned = _("Prévue le %(day)s.") % {"day": format_date(standing.planned_on, weekday=False)}
    moved = one.first_planned_on
    first = _("Elle l’était d’abord le %(day)s.") % {"day": format_date(moved, weekday=False)} if moved else ""
    title = _("Étape : %(label)s") if standing.reached_on else _("Étape à venir : %(label)s")
    paragraphs = tuple(filter(None, (planned, first, one.reason)))
    return ThreadStep(f"etape-{standing.number}", title % {"label": standing.label}, standing.reached_on, paragraphs)
