"""Open data of the recommendations with their answer, and of every published answer: what threads and tables show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from answers.cases.enums import DecisionSource
from answers.follow_up.data_sets import STATES as FOLLOW_UP_STATES, VALUES
from answers.models import Answer, AnswerCase
from answers.publication.queries import (
    AnswerSummary,
    public_proposal,
    public_recommendations,
    public_wholes,
    summaries_of,
)
from assembly.collab.document import recommendations
from assembly.open_data.linked import known_properties, link_to, the_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType, PageData
from assembly.text.french import local_day
from opinions.models import Opinion, OpinionVersion, Recommendation, RecommendationState
from opinions.papers.data_sets import VOTE_COLUMNS, PublicVote, votes_of_opinion

AWAITED = "awaited"
STATES = {
    RecommendationState.ACTIVE: "dans_l_avis",
    RecommendationState.MERGED: "reunie",
    RecommendationState.REMOVED: "retiree",
    RecommendationState.REJECTED: "rejetee",
}
SOURCES = {DecisionSource.VISA: "president", DecisionSource.COUNCIL: "deliberation", DecisionSource.PAPER: "papier"}


@dataclass(frozen=True)
class AnsweredProposal:
    """A recommendation, or an opinion that is answered as a whole, with its published answers and its text."""

    opinion: Opinion
    summary: AnswerSummary
    fields: dict[str, str]

    @property
    def recommendation(self) -> Recommendation | None:
        return self.summary.recommendation

    @property
    def proposal(self) -> Recommendation | Opinion:
        return self.recommendation or self.opinion

    @property
    def answer_value(self) -> str:
        """Return the value of the answer in force, AWAITED while one is owed, or nothing."""
        if self.summary.answer:
            return str(self.summary.answer.value)
        return AWAITED if self.is_owed else ""

    @property
    def is_owed(self) -> bool:
        return self.summary.case is not None and self.summary.case.is_owed

    @property
    def has_clock(self) -> bool:
        """Return whether its page shows a clock: while an answer is owed, and once it is given."""
        case = self.summary.case
        return case is not None and (case.is_owed or case.answered_on is not None)


def proposal_rows() -> list[AnsweredProposal]:
    """Return what has a thread, by opinion and rank: eight statements, however many there are."""
    rows = public_recommendations().order_by("opinion__adopted_on", "opinion_id", "number", "pk")
    wholes = public_wholes().order_by("adopted_on", "pk")
    return [*rows_of_recommendations(rows), *rows_of_wholes(wholes)]


def rows_of_recommendations(rows: Any) -> list[AnsweredProposal]:
    proposals = list(rows.select_related("opinion", "section", "merged_into", "answer_case__directorate"))
    texts = texts_by_node({row.opinion_id for row in proposals})
    pairs = [(row, getattr(row, "answer_case", None) if row.is_active else None) for row in proposals]
    return [
        AnsweredProposal(row.opinion, summary, texts.get((row.opinion_id, str(row.node_id)), {}))
        for row, summary in zip(proposals, summaries_of(pairs), strict=True)
    ]


def rows_of_wholes(rows: Any) -> list[AnsweredProposal]:
    opinions = list(rows)
    cases = AnswerCase.objects.filter(whole_of__in=[row.pk for row in opinions]).select_related("directorate")
    by_opinion = {case.whole_of_id: case for case in cases}
    summaries = summaries_of((None, by_opinion[row.pk]) for row in opinions)
    return [AnsweredProposal(row, summary, {}) for row, summary in zip(opinions, summaries, strict=True)]


def texts_by_node(opinions: Iterable[int]) -> dict[tuple[int, str], dict[str, str]]:
    """Return the answers to the questions of each recommendation, by opinion and node: of the last version."""
    versions = (
        OpinionVersion.objects.filter(opinion__in=opinions).order_by("opinion_id", "-number").distinct("opinion_id")
    )
    return {
        (version.opinion_id, text.node_id): dict(text.fields)
        for version in versions
        for text in recommendations.read_all(version.tree)
    }


def proposal_row(reference: str) -> AnsweredProposal | None:
    match public_proposal(reference):
        case None:
            return None
        case Opinion() as opinion:
            return rows_of_wholes(public_wholes().filter(pk=opinion.pk))[0]
        case proposal:
            return rows_of_recommendations(public_recommendations().filter(pk=proposal.pk))[0]


def of_recommendation(name: str, empty: Any = "") -> Any:
    """Return a function of a row that reads a field of its recommendation; `empty` for a whole opinion."""
    return lambda row: getattr(row.recommendation, name) if row.recommendation else empty


def of_case(name: str) -> Any:
    """Return a function of a row that reads a field of its case, while its page shows a clock."""
    return lambda row: getattr(row.summary.case, name) if row.has_clock else None


def field_of(prompt: str) -> Any:
    return lambda row: row.fields.get(prompt, "")


@dataclass(frozen=True)
class PublishedAnswer:
    """A published version of an answer."""

    reference: str
    answer: Answer
    is_in_force: bool


def answers_of(row: AnsweredProposal) -> list[PublishedAnswer]:
    """Return every published version, the first one first."""
    versions = row.summary.versions
    return [PublishedAnswer(row.proposal.reference, each, each is versions[0]) for each in reversed(versions)]


def answer_rows() -> list[PublishedAnswer]:
    return [answer for row in proposal_rows() for answer in answers_of(row)]


def votes_of_proposal(row: AnsweredProposal) -> list[PublicVote]:
    """Return the votes on it alone, and on the whole opinion."""
    references = {row.proposal.reference, row.opinion.reference}
    votes = votes_of_opinion(row.opinion)
    return [vote for vote in votes if vote.reference in references and vote.object in ("opinion", "recommendation")]


def updates_of(row: AnsweredProposal) -> list[Any]:
    """Return the updates that were not withdrawn, the first one first."""
    return row.summary.follow_up.standing_updates[::-1] if row.summary.follow_up else []


def milestones_of(row: AnsweredProposal) -> list[Any]:
    summary = row.summary.follow_up
    return [one.standing for one in summary.milestones if not one.standing.is_dropped] if summary else []


ANSWER_COLUMNS = [
    DataColumn("reference", _("Référence"), "reference", description=_("De la préconisation, ou de l’avis entier")),
    DataColumn("version", _("Version"), "answer.number", DataType.INTEGER),
    DataColumn("en_vigueur", _("En vigueur"), "is_in_force", DataType.FLAG),
    DataColumn("reponse", _("Réponse"), "answer.value", DataType.CODE, codes=VALUES),
    DataColumn("texte", _("La réponse"), "answer.body"),
    DataColumn("retenu", _("Ce qui est retenu"), "answer.retained"),
    DataColumn("ecarte", _("Ce qui ne l’est pas"), "answer.left_out"),
    DataColumn("prevu", _("Ce qui est prévu"), "answer.action"),
    DataColumn("motif_du_refus", _("Motif du refus"), "answer.get_category_display"),
    DataColumn("en_place_depuis_le", _("En place depuis le"), "answer.done_since", DataType.DAY),
    DataColumn("preuve", _("Ce qui le montre"), "answer.proof"),
    DataColumn("preuve_adresse", _("Adresse de ce qui le montre"), "answer.proof_url", DataType.ADDRESS),
    DataColumn("reexamen_le", _("Réexaminée le"), "answer.review_on", DataType.DAY),
    DataColumn("transmise_a", _("Transmise à"), "answer.passed_to"),
    DataColumn("service", _("Service chargé"), "answer.service"),
    DataColumn("ligne_de_budget", _("Ligne de budget"), "answer.budget_line"),
    DataColumn("decidee_le", _("Décidée le"), "answer.decided_on", DataType.DAY),
    DataColumn("decidee_par", _("Décidée par"), "answer.source", DataType.CODE, codes=SOURCES),
    DataColumn("deliberation", _("Délibération"), "answer.council_reference"),
    DataColumn("deliberation_adresse", _("Adresse de la délibération"), "answer.council_url", DataType.ADDRESS),
    DataColumn("publiee_le", _("Publiée le"), lambda row: local_day(row.answer.published_at), DataType.DAY),
]
ANSWER_DATA = DataSet(
    "reponses",
    _("Réponses"),
    _("Une ligne par réponse publiée, les réponses révisées comprises : ce qui est décidé, et pourquoi."),
    rows=answer_rows,
    columns=ANSWER_COLUMNS,
    changed_on=lambda row: local_day(row.answer.published_at),
    order=15,
)

UPDATE = [
    DataColumn("numero", _("Numéro"), "number", DataType.INTEGER),
    DataColumn("jour", _("Jour"), lambda row: local_day(row.at), DataType.DAY),
    DataColumn("etat", _("État"), "state", DataType.CODE, codes=FOLLOW_UP_STATES),
    DataColumn("texte", _("Où en est-on"), "text"),
]
MILESTONE = [
    DataColumn("etape", _("Étape"), "label"),
    DataColumn("prevue_le", _("Prévue le"), "planned_on", DataType.DAY),
    DataColumn("atteinte_le", _("Atteinte le"), "reached_on", DataType.DAY),
]


def changed_day_of(row: AnsweredProposal) -> Any:
    """Return the day of the answer in force, else of the publication of the opinion."""
    answer = row.summary.answer
    moment = answer.published_at if answer else row.opinion.published_at
    return local_day(moment) if moment else None


def work_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recommendation as a work of schema.org, a part of its opinion, with its answers."""
    opinion = link_to(f"/avis/{facts['avis']}/")
    return {
        "@type": "CreativeWork",
        "datePublished": facts["publiee_le"],
        "author": the_assembly(),
        "about" if facts["avis_entier"] else "isPartOf": opinion,
        "text": facts["proposition"],
        "comment": [comment_of(answer) for answer in facts["reponses"]],
    }


def comment_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer; what is decided stands in its text."""
    text = "\n\n".join(filter(None, [answer["texte"], answer["retenu"], answer["ecarte"], answer["prevu"]]))
    return known_properties(
        {"@type": "Comment", "dateCreated": answer["decidee_le"], "datePublished": answer["publiee_le"], "text": text}
    )


PROPOSAL_DATA = DataSet(
    "preconisations",
    _("Préconisations"),
    _("Une ligne par préconisation : ce qui est demandé, ce qui est répondu, en combien de jours."),
    rows=proposal_rows,
    columns=[
        DataColumn("reference", _("Référence"), "proposal.reference", description=_("Par exemple AC2-2026-01-P01")),
        DataColumn("avis", _("Avis"), "opinion.reference"),
        DataColumn(
            "avis_entier",
            _("Avis entier"),
            lambda row: row.recommendation is None,
            DataType.FLAG,
            _("Oui pour un avis auquel le Département répond d’un bloc"),
        ),
        DataColumn("rang", _("Rang"), of_recommendation("number", None), DataType.INTEGER),
        DataColumn("titre", _("Titre"), "proposal.title"),
        DataColumn("theme", _("Thème"), of_recommendation("theme")),
        DataColumn("partie", _("Partie"), lambda row: getattr(of_recommendation("section")(row), "title", "")),
        DataColumn(
            "priorite",
            _("Prioritaire"),
            of_recommendation("is_priority", False),
            DataType.FLAG,
            _("Choisie par les membres"),
        ),
        DataColumn("etat", _("État"), of_recommendation("state"), DataType.CODE, codes=STATES),
        DataColumn(
            "reunie_avec",
            _("Réunie avec"),
            lambda row: getattr(of_recommendation("merged_into")(row), "reference", ""),
        ),
        DataColumn("probleme", _("Quel est le problème ?"), field_of("problem")),
        DataColumn("proposition", _("Que proposons-nous ?"), field_of("proposal")),
        DataColumn("public", _("Pour qui ?"), field_of("audience")),
        DataColumn("decideur", _("Qui décide ?"), field_of("decider")),
        DataColumn("moyens", _("Avec quels moyens ?"), field_of("means")),
        DataColumn("mesure", _("Comment saurons-nous que c’est fait ?"), field_of("measure")),
        DataColumn(
            "reponse",
            _("Réponse"),
            "answer_value",
            DataType.CODE,
            _("La réponse en vigueur"),
            VALUES | {AWAITED: "attendue"},
        ),
        DataColumn("remise_le", _("Remise le"), of_case("opened_on"), DataType.DAY),
        DataColumn("reponse_attendue_le", _("Réponse attendue le"), of_case("due_on"), DataType.DAY),
        DataColumn(
            "repondue_le", _("Répondue le"), of_case("answered_on"), DataType.DAY, _("Jour de la première réponse")
        ),
        DataColumn(
            "decidee_le", _("Décidée le"), lambda row: getattr(row.summary.answer, "decided_on", None), DataType.DAY
        ),
        DataColumn(
            "delai_jours",
            _("Délai, en jours"),
            lambda row: row.summary.clock.since if of_case("answered_on")(row) else None,
            DataType.INTEGER,
            _("Jours entre la remise de l’avis et la première réponse"),
        ),
        DataColumn(
            "direction",
            _("Direction"),
            lambda row: getattr(getattr(row.summary.case, "directorate", None), "name", ""),
        ),
        DataColumn(
            "suite",
            _("Suite"),
            lambda row: row.summary.follow_up and row.summary.follow_up.follow_up.state,
            DataType.CODE,
            codes=FOLLOW_UP_STATES,
        ),
        DataColumn("page", _("Page"), lambda row: f"/propositions/{row.proposal.reference}/", DataType.ADDRESS),
        DataColumn(
            "publiee_le",
            _("Publiée le"),
            lambda row: local_day(row.opinion.published_at),
            DataType.DAY,
            _("Jour de la publication de l’avis"),
        ),
    ],
    changed_on=changed_day_of,
    page=PageData(
        "propositions/",
        _("Une préconisation, ses votes, ses réponses et leur suite"),
        "AC2-2026-01-P01",
        find=proposal_row,
        more=[
            DataColumn("votes", _("Votes"), votes_of_proposal, DataType.OBJECTS, columns=VOTE_COLUMNS),
            DataColumn("reponses", _("Réponses"), answers_of, DataType.OBJECTS, columns=ANSWER_COLUMNS),
            DataColumn("points", _("Points d’étape"), updates_of, DataType.OBJECTS, columns=UPDATE),
            DataColumn("etapes", _("Étapes"), milestones_of, DataType.OBJECTS, columns=MILESTONE),
        ],
        linked=work_of,
    ),
    order=10,
)
