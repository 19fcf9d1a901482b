"""An opinion with everything that its printed form may hold, adopted, and what surrounds it."""

from datetime import UTC, datetime

from assembly.collab.actions.texts import tree_digest
from assembly.collab.document import plain_text
from assembly.documents.actions.renditions import rendition_fingerprint
from opinions.models import AmendmentState, OpinionState, OpinionVersion, PrintedChapters, Recommendation
from opinions.papers.documents.files import loaded, source_of
from opinions.papers.queries import document_reference
from opinions.versions.models import RecommendationState, VersionKind
from sessions.models import Sitting
from tests.factories.amendments import AmendmentFactory
from tests.factories.consultations import HearingFactory, HearingGuestFactory, proclaimed_ballot
from tests.factories.documents import DocumentFactory, RenditionFactory
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import (
    MinorityCosignerFactory,
    MinorityPositionFactory,
    OpinionFactory,
    PartVoteFactory,
    RecommendationFactory,
)
from tests.opinions.exchange import texts

S = OpinionState
THEMES = ("Transports", "Santé", "")


def whole_opinion(state=S.ADOPTED, *, sheets=10, members=12, title="Se déplacer le soir", **more):
    """Make ten recommendations (three priorities, one voted alone, one merged), votes, a minority, hearings."""
    opinion = OpinionFactory(state=state, reference="AC2-2026-03", title=title, rapporteur=PersonFactory(), **more)
    chair = PersonFactory(first_name="Odile", last_name="Labatut")
    Sitting.objects.filter(pk=opinion.tabled_sitting_id).update(chair=chair)
    opinion.tabled_sitting.chair = chair
    tree = texts.complete_opinion(sheets)
    for kind, number in ((VersionKind.TABLED, 30000), (VersionKind.ADOPTED, 30001)):
        OpinionVersion.objects.create(
            opinion=opinion,
            number=number,
            kind=kind,
            tree=tree,
            html="<p>.</p>",
            plain_text=plain_text.to_text(tree),
            sha256=tree_digest(tree),
            made_by=opinion.officer,
        )
    rows = [
        RecommendationFactory(
            opinion=opinion,
            node_id=texts.node_id(number),
            number=number,
            reference=f"AC2-2026-03-P{number:02}",
            title=f"Prolonger la ligne {number} jusqu’à 21 h",
            theme=THEMES[number % 3],
            is_priority=number <= 3,
            priority_score=max(40 - number, 0),
        )
        for number in range(1, sheets + 1)
    ]
    gone = {"number": 90, "reference": "AC2-2026-03-P90", "title": "Prolonger une ligne"}
    RecommendationFactory(opinion=opinion, state=RecommendationState.MERGED, merged_into=rows[0], **gone)
    surround(opinion, rows, members)
    return opinion


def surround(opinion, rows, members):
    """Add votes, amendments, a minority position, members, hearings and chapters."""
    item = opinion.agenda_item
    part = {"opinion": opinion, "label": f"Préconisation {rows[-1].reference}"}
    PartVoteFactory(recommendation=rows[-1], ballot=proclaimed_ballot(item), **part)
    for state, number in ((AmendmentState.ADOPTED, 1), (AmendmentState.REJECTED, 2), (AmendmentState.FELL, 3)):
        version = opinion.versions.get(number=30000)
        AmendmentFactory(version=version, state=state, number=number, alinea_from=2 + number)
    position = MinorityPositionFactory(
        opinion=opinion,
        title="Le train d’abord",
        body="Nous pensons que le train passe avant le bus.\n\nC’est moins cher à long terme.",
        author=UserFactory(person=PersonFactory(first_name="Zoé", last_name="Marty")),
        submitted=True,
    )
    MinorityCosignerFactory(position=position, user=UserFactory(person__first_name="Luc", person__last_name="Abadie"))
    for number in range(members):
        person = PersonFactory(first_name=f"Camille{number}", last_name=f"Secret{number}")
        MandateFactory(term=opinion.term, member__person=person)
    hearing = HearingFactory(
        referral=opinion.referral,
        held=True,
        title="Audition d’une urbaniste",
        starts_at=datetime(2026, 3, 10, tzinfo=UTC),
    )
    HearingGuestFactory(hearing=hearing, name="Inès Fabre", capacity="urbaniste", is_public=True)
    HearingGuestFactory(hearing=hearing, name="Pierre Caché", capacity="témoin")
    PrintedChapters.objects.create(
        opinion=opinion,
        foreword="Nous avons écrit ce texte à cent personnes.\n\nNous attendons une réponse.",
        foreword_by="Les porte-parole",
        genesis="L’Assemblée est née en 2021.",
        method="Six groupes ont travaillé pendant neuf mois.",
        thanks="Merci à toutes les personnes entendues.",
        changed_by=opinion.officer,
    )
    opinion.easy_read = "Il faut plus de bus le soir.\n\nNous le demandons au Département."
    opinion.save(update_fields=["easy_read"])


def sealed(opinion):
    """Return its sealed document in the register, with the current content."""
    document = DocumentFactory(reference=document_reference(opinion), kind="opinion", term=opinion.term)
    keep_rendition(opinion, document)
    return document


def keep_rendition(opinion, document):
    """Record the rendition as a worker does after sealing the current content."""
    RenditionFactory(
        kind="opinion",
        subject_type="opinions.Opinion",
        subject_id=str(opinion.pk),
        fingerprint=rendition_fingerprint(source_of(loaded(opinion.pk))),
        made=True,
        blob=None,
        revision=document.revisions.get(),
    )


def active(opinion):
    return Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE)
