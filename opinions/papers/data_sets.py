"""Open data of the opinions and of the votes: what the public pages of opinions, referrals and sittings show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assembly.documents.models import Document
from assembly.open_data.linked import link_to, the_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType, PageData
from assembly.text.french import local_day
from consultations.referrals.queries import published as published_referrals
from opinions.amendments.models import AmendmentState
from opinions.amendments.queries import published_amendments
from opinions.models import Opinion, PartVote, Recommendation, RecommendationState
from opinions.opinions.models import OpinionLabel, OpinionQuerySet
from opinions.opinions.queries import public_dossier, published_opinions
from opinions.papers.queries import OpinionFacts, with_annexes
from sessions.decisions.models import COUNTED, BallotResult, BallotState
from sessions.models import Ballot, MinutesState
from sessions.sittings.queries.sittings import announced, published_sittings

LABELS = {OpinionLabel.OPINION: "avis", OpinionLabel.REPORT: "rapport"}
RESULTS = {BallotResult.ADOPTED: "adopte", BallotResult.REJECTED: "rejete"}


def opinion_rows() -> OpinionQuerySet:
    """Return the published opinions with their sealed file and the number of their recommendations."""
    rows = published_opinions().select_related("referral", "ballot").order_by("adopted_on", "pk")
    return with_public_facts(rows)


def with_public_facts(rows: QuerySet[Any]) -> Any:
    sealed = Document.objects.filter(reference__iexact=OuterRef("reference"), published_revision__isnull=False)
    active = Recommendation.objects.filter(opinion=OuterRef("pk"), state=RecommendationState.ACTIVE).order_by()
    counted = active.exclude(reference="").values("opinion").annotate(n=Count("pk")).values("n")
    return rows.annotate(
        sealed_reference=Subquery(sealed.values("reference")[:1]), recommendation_count=Coalesce(Subquery(counted), 0)
    )


def opinion_row(reference: str) -> Any:
    """Return a published opinion with the facts of its page, or None."""
    row: Any = with_public_facts(with_annexes(public_dossier())).filter(reference=reference).first()
    if row is not None:
        row.facts = OpinionFacts(row)
    return row


def public_ballot(opinion: Opinion) -> Ballot | None:
    ballot = opinion.ballot
    return ballot if ballot is not None and ballot.state == BallotState.PROCLAIMED else None


def count_of(name: str) -> Any:
    """Return a function of an opinion that reads a count of its vote."""
    return lambda row: getattr(public_ballot(row), name, None)


@dataclass(frozen=True)
class PublicVote:
    """A public vote. `object`: kind of what was voted on; `reference`: its reference; `opinion`: that of its text."""

    object: str
    reference: str
    title: str
    ballot: Ballot
    opinion: str = ""
    sitting: str = ""

    @property
    def day(self) -> date | None:
        moment = self.ballot.proclaimed_at or self.ballot.counted_at
        return local_day(moment) if moment else None


def public_votes(opinions: QuerySet[Any] | None = None) -> list[PublicVote]:
    """Return the votes that public pages show, by day: five statements; of some opinions only, three."""
    among = published_opinions() if opinions is None else opinions
    votes = [*votes_on_opinions(among), *votes_on_parts(among), *votes_on_amendments(among)]
    if opinions is None:
        votes += votes_on_referrals()
        votes += other_votes(vote.ballot.pk for vote in votes)
    return sorted(votes, key=lambda vote: (vote.day or date.max, vote.ballot.pk))


SITTING = "ballot__agenda_item__sitting"


def sitting_of(ballot: Ballot) -> str:
    """Return the reference of the sitting of a vote, if the sitting is announced to the public."""
    sitting = ballot.agenda_item.sitting
    return sitting.reference if sitting.is_public else ""


def votes_on_opinions(opinions: QuerySet[Any]) -> Iterator[PublicVote]:
    rows = opinions.filter(ballot__state=BallotState.PROCLAIMED).select_related(None).select_related(SITTING)
    for row in rows:
        yield PublicVote("opinion", row.reference, row.title, row.ballot, row.reference, sitting_of(row.ballot))


def votes_on_parts(opinions: QuerySet[Any]) -> Iterator[PublicVote]:
    rows = PartVote.objects.filter(
        opinion__in=opinions.values("pk"), dropped_at=None, ballot__state=BallotState.PROCLAIMED
    )
    for row in rows.select_related("opinion", "recommendation", SITTING).order_by("opinion_id", "position", "pk"):
        ballot: Any = row.ballot
        reference = row.recommendation.reference if row.recommendation else ""
        kind = "recommendation" if reference else "part"
        yield PublicVote(kind, reference, row.label, ballot, row.opinion.reference, sitting_of(ballot))


def votes_on_amendments(opinions: QuerySet[Any]) -> Iterator[PublicVote]:
    """Yield the votes on amendments to the text that was tabled last, as the public list of them."""
    rows = published_amendments(opinions).filter(state__in=AmendmentState.tagged("decided"), ballot__state__in=COUNTED)
    for row in rows.select_related("version__opinion", SITTING):
        ballot: Any = row.ballot
        opinion = row.version.opinion.reference
        yield PublicVote("amendment", str(row.number), "", ballot, opinion, sitting_of(ballot))


def votes_on_referrals() -> Iterator[PublicVote]:
    for row in published_referrals().filter(ballot__state__in=COUNTED).select_related(SITTING):
        ballot: Any = row.ballot
        yield PublicVote("referral", row.reference, row.title, ballot, sitting=sitting_of(ballot))


def other_votes(known: Iterator[int] | Any) -> Iterator[PublicVote]:
    """Yield the votes of published minutes on anything else.

    Without their question: its private names are removed sitting by sitting (`public_lines`), on the page of each.
    """
    sittings = announced().filter(minutes__state__in=MinutesState.tagged("published"))
    rows = Ballot.objects.filter(
        agenda_item__sitting__in=sittings.values("pk"),
        agenda_item__removed_at=None,
        agenda_item__is_internal=False,
        state__in=COUNTED,
    )
    rows = rows.exclude(agenda_item__parent__is_internal=True).exclude(pk__in=list(known))
    for row in rows.select_related("agenda_item__sitting").order_by("pk"):
        yield PublicVote("sitting", row.agenda_item.sitting.reference, "", row, sitting=sitting_of(row))


OBJECTS = {
    "opinion": "avis",
    "recommendation": "preconisation",
    "part": "partie",
    "amendment": "amendement",
    "referral": "saisine",
    "sitting": "seance",
}
VOTE_COLUMNS = [
    DataColumn("objet", _("Objet"), "object", DataType.CODE, _("Ce qui est mis aux voix"), OBJECTS),
    DataColumn(
        "reference", _("Référence"), "reference", description=_("De ce qui est mis aux voix ; numéro d’un amendement")
    ),
    DataColumn(
        "titre",
        _("Titre"),
        "title",
        description=_("Vide pour un amendement, et pour un vote d’une autre nature en séance"),
    ),
    DataColumn("avis", _("Avis"), "opinion", description=_("Référence de l’avis voté ou amendé")),
    DataColumn("seance", _("Séance"), "sitting"),
    DataColumn("jour", _("Jour"), "day", DataType.DAY),
    DataColumn("indicatif", _("Vote indicatif"), "ballot.is_advisory", DataType.FLAG),
    DataColumn("pour", _("Pour"), "ballot.votes_for", DataType.INTEGER),
    DataColumn("contre", _("Contre"), "ballot.votes_against", DataType.INTEGER),
    DataColumn("abstentions", _("Abstentions"), "ballot.abstentions", DataType.INTEGER),
    DataColumn("sans_avis", _("Ne se prononcent pas"), "ballot.no_opinion", DataType.INTEGER),
    DataColumn("resultat", _("Résultat"), "ballot.result", DataType.CODE, codes=RESULTS),
]
VOTE_DATA = DataSet(
    "votes",
    _("Votes"),
    _("Une ligne par scrutin : pour, contre, abstentions. Sans aucun nom."),
    rows=public_votes,
    columns=VOTE_COLUMNS,
    changed_on=lambda row: row.day,
    order=40,
)

AMENDMENT = [
    DataColumn("numero", _("Numéro"), lambda row: row["number"], DataType.INTEGER),
    DataColumn("texte", _("Ce qu’il change"), lambda row: row["sentence"]),
    DataColumn("resultat", _("Résultat"), lambda row: row["outcome"]),
]
LEFT_OUT = [
    DataColumn("reference", _("Référence"), lambda row: row["reference"]),
    DataColumn("titre", _("Titre"), lambda row: row["title"]),
]
MINORITY = [
    DataColumn("titre", _("Titre"), lambda row: row["title"]),
    DataColumn("texte", _("Texte"), lambda row: "\n\n".join(row["paragraphs"])),
]
SITTING_COLUMNS = [
    DataColumn("reference", _("Référence"), lambda row: row["reference"]),
    DataColumn("titre", _("Titre"), lambda row: row["title"]),
    DataColumn("jour", _("Jour"), lambda row: row["day"], DataType.DAY),
]


def votes_of_opinion(opinion: Opinion) -> list[PublicVote]:
    return public_votes(published_opinions().filter(pk=opinion.pk))


def references_in_order(opinion: Any) -> list[str]:
    return [row["reference"] for row in opinion.facts["data"]["recommendations"] if row["reference"]]


def report_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return an opinion as a report of schema.org: where it comes from, where its sealed file is."""
    sealed = {"@type": "MediaObject", "contentUrl": facts["pdf"], "encodingFormat": "application/pdf"}
    return {
        "@type": "Report",
        "dateCreated": facts["adopte_le"],
        "datePublished": facts["publie_le"],
        "author": the_assembly(),
        "isPartOf": link_to("/avis/"),
        "isBasedOn": link_to(f"/saisines/{facts['saisine']}/") if facts["saisine"] else None,
        "encoding": sealed if facts["pdf"] else None,
    }


OPINION_DATA = DataSet(
    "avis",
    _("Avis"),
    _("Une ligne par avis publié : question, vote, remise."),
    rows=opinion_rows,
    columns=[
        DataColumn("reference", _("Référence"), "reference", description=_("Par exemple AC2-2026-01")),
        DataColumn("type", _("Type"), "label", DataType.CODE, codes=LABELS),
        DataColumn("titre", _("Titre"), "title"),
        DataColumn("saisine", _("Saisine"), lambda row: row.referral.reference if row.referral.published_at else ""),
        DataColumn("adopte_le", _("Adopté le"), "adopted_on", DataType.DAY, _("Jour du vote")),
        DataColumn("remis_le", _("Remis le"), "handed_over_on", DataType.DAY, _("Jour de la remise")),
        DataColumn("publie_le", _("Publié le"), lambda row: local_day(row.published_at), DataType.DAY),
        DataColumn("pour", _("Pour"), count_of("votes_for"), DataType.INTEGER, _("Voix sur l’ensemble")),
        DataColumn("contre", _("Contre"), count_of("votes_against"), DataType.INTEGER),
        DataColumn("abstentions", _("Abstentions"), count_of("abstentions"), DataType.INTEGER),
        DataColumn("sans_avis", _("Ne se prononcent pas"), count_of("no_opinion"), DataType.INTEGER),
        DataColumn("preconisations", _("Préconisations"), "recommendation_count", DataType.INTEGER, _("Leur nombre")),
        DataColumn(
            "pdf",
            _("Avis scellé"),
            lambda row: f"/publications/{row.sealed_reference}.pdf" if row.sealed_reference else "",
            DataType.ADDRESS,
        ),
        DataColumn("page", _("Page"), lambda row: f"/avis/{row.reference}/", DataType.ADDRESS),
    ],
    changed_on=lambda row: local_day(row.published_at),
    page=PageData(
        "avis/",
        _("Un avis, ses votes et ses amendements"),
        "AC2-2026-01",
        find=opinion_row,
        more=[
            DataColumn("essentiel", _("L’essentiel, facile à lire"), "easy_read"),
            DataColumn("references", _("Préconisations, dans l’ordre"), references_in_order, DataType.TEXTS),
            DataColumn("votes", _("Votes"), votes_of_opinion, DataType.OBJECTS, columns=VOTE_COLUMNS),
            DataColumn(
                "amendements",
                _("Amendements"),
                lambda row: row.facts["amendments"],
                DataType.OBJECTS,
                columns=AMENDMENT,
            ),
            DataColumn(
                "ecartees",
                _("Préconisations qui ne sont plus dans l’avis"),
                lambda row: row.facts["left_out"],
                DataType.OBJECTS,
                columns=LEFT_OUT,
            ),
            DataColumn(
                "positions_minoritaires",
                _("Positions minoritaires"),
                lambda row: row.facts["minority"],
                DataType.OBJECTS,
                columns=MINORITY,
            ),
            DataColumn("seances", _("Séances"), published_sittings, DataType.OBJECTS, columns=SITTING_COLUMNS),
        ],
        linked=report_of,
    ),
    order=30,
)
