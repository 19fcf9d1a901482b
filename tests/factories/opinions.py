"""Opinions in any state, their sections with texts, recommendations, the services' check, what surrounds the vote.

`OpinionFactory(state=…)` gives the dates, people, ballot and texts that the state asks for.
"""

from datetime import timedelta
from uuid import uuid4

import factory
from django.utils import timezone

from assembly.collab.actions import texts
from assembly.collab.document import grammar
from assembly.collab.models import SharedText, TextState
from consultations.models import Competence, Feasibility
from opinions.adoption.models import PositionState, RankingMode
from opinions.models import (
    MinorityCosigner,
    MinorityPosition,
    Opinion,
    OpinionSection,
    OpinionSettings,
    OpinionVersion,
    OpinionVisa,
    OpinionVisaCapacity,
    PartVote,
    Ranking,
    Recommendation,
    ServiceNote,
    ServicesCheckState,
    ServicesRequest,
    Spokesperson,
    SpokespersonDraw,
)
from opinions.opinions.models import OPINION_KIND, SECTION_KIND, OpinionState, SectionState, ValidationMode
from opinions.versions.models import RecommendationState, VersionKind
from sessions.models import AgendaKind, Ballot
from tests.factories.consultations import ReferralFactory, proclaimed_ballot
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import CommitteeFactory, DirectorateFactory, TermFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory
from tests.factories.traits import Trait

S = OpinionState


def tree(*titles):
    """Return a small text with one recommendation for each title."""
    blocks = [grammar.recommendation(title, {"proposal": "Ouvrir un guichet."}) for title in titles]
    return grammar.tree_document(
        grammar.heading("Constats"), grammar.paragraph("Des habitants vivent seuls."), *blocks
    )


def shared_text(kind, term, *titles, by=None, frozen=False):
    """Return a real text of that kind, with its update log."""
    by = by or UserFactory()
    made = texts.create(kind, title="Habiter", assembly=term.assembly, runs=[(by, tree(*titles))], by=by)
    if frozen:
        SharedText.objects.filter(pk=made.pk).update(state=TextState.FROZEN, frozen_at=timezone.now())
        made.refresh_from_db()
    return made


class OpinionFactory(factory.django.DjangoModelFactory):
    """A plan in preparation; any `state` stands. The sections come apart."""

    class Meta:
        model = Opinion
        skip_postgeneration_save = True

    term = factory.SubFactory(TermFactory)
    referral = factory.SubFactory(ReferralFactory, term=factory.SelfAttribute("..term"), working=True)
    title = factory.Sequence(lambda n: f"Bien vieillir {n}")
    state = S.OUTLINE
    officer = factory.SubFactory(UserFactory)

    class Params:
        is_one_text = factory.LazyAttribute(lambda found: found.state in {S.CONSOLIDATED, *S.tagged("tabled")})

    @factory.lazy_attribute_sequence
    def reference(self, n):
        return f"AC2-2026-{n:03d}" if self.is_one_text else ""

    @factory.lazy_attribute
    def text(self):
        if not self.is_one_text:
            return None
        return shared_text(OPINION_KIND, self.term, "Un guichet", "Un bus", frozen=self.state in S.tagged("tabled"))

    @factory.lazy_attribute
    def consolidated_at(self):
        return timezone.now() - timedelta(days=20) if self.is_one_text else None

    @factory.lazy_attribute
    def tabled_at(self):
        return timezone.now() - timedelta(days=10) if self.state in S.tagged("tabled") else None

    @factory.lazy_attribute
    def tabled_sitting(self):
        if self.state not in S.tagged("tabled"):
            return None
        return SittingFactory(
            term=self.term, held=self.state in S.tagged("voted"), notified=self.state not in S.tagged("voted")
        )

    @factory.lazy_attribute
    def agenda_item(self):
        sitting = self.tabled_sitting
        return AgendaItemFactory(sitting=sitting, kind=AgendaKind.VOTE) if sitting else None

    @factory.lazy_attribute
    def ballot(self):
        if self.state in S.tagged("voted"):
            return proclaimed_ballot(self.agenda_item, adopted=self.state != S.REJECTED)
        if self.state in S.tagged("before_vote"):
            return Ballot.objects.create(
                agenda_item=self.agenda_item, question="Adopter\u00a0?", majority_rule="simple"
            )
        return None

    @factory.lazy_attribute
    def amendments_open_at(self):
        return timezone.now() - timedelta(days=9) if self.state in S.tagged("tabled") else None

    @factory.lazy_attribute
    def amendments_close_at(self):
        if self.state not in S.tagged("tabled"):
            return None
        return timezone.now() + timedelta(days=-1 if self.state in S.tagged("frozen") else 5)

    @factory.lazy_attribute
    def frozen_at(self):
        return timezone.now() - timedelta(hours=20) if self.state in S.tagged("frozen") else None

    @factory.lazy_attribute
    def adopted_on(self):
        return timezone.localdate() - timedelta(days=3) if self.state in S.tagged("adopted") else None

    @factory.lazy_attribute
    def rejected_on(self):
        return timezone.localdate() - timedelta(days=3) if self.state == S.REJECTED else None

    @factory.lazy_attribute
    def handed_over_on(self):
        return timezone.localdate() - timedelta(days=1) if self.state in S.tagged("handed") else None

    @factory.lazy_attribute
    def handed_over_place(self):
        return "Hôtel du Département" if self.state in S.tagged("handed") else ""

    @factory.lazy_attribute
    def handed_over_to(self):
        return "le président du Conseil départemental" if self.state in S.tagged("handed") else ""

    @factory.lazy_attribute
    def published_at(self):
        return timezone.now() if self.state == S.PUBLISHED else None

    @factory.lazy_attribute
    def ended_at(self):
        return timezone.now() if self.state == S.WITHDRAWN else None

    @factory.lazy_attribute
    def end_reason(self):
        return "Le schéma a été voté sans attendre." if self.state == S.WITHDRAWN else ""

    @factory.post_generation
    def kept(self, create, extracted, **kwargs):
        """Make the version of a tabled opinion."""
        if create and self.state in S.tagged("tabled"):
            kind = VersionKind.ADOPTED if self.state in S.tagged("adopted") else VersionKind.TABLED
            OpinionVersionFactory(opinion=self, kind=kind)


class OpinionSectionFactory(factory.django.DjangoModelFactory):
    """A part confided to a group, with its text. Traits: bare (no text yet), validated."""

    class Meta:
        model = OpinionSection

    class Params:
        bare = Trait(text=None)
        validated = Trait(
            state=SectionState.VALIDATED,
            validated_on=factory.LazyFunction(timezone.localdate),
            validation_mode=ValidationMode.CONSENT,
            validated_by=factory.SubFactory(UserFactory),
        )

    opinion = factory.SubFactory(OpinionFactory, state=S.DRAFTING)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Habiter {n}")
    committee = factory.SubFactory(CommitteeFactory, term=factory.SelfAttribute("..opinion.term"))

    @factory.lazy_attribute
    def text(self):
        return shared_text(SECTION_KIND, self.opinion.term, f"Un guichet {self.title}")


class RecommendationFactory(factory.django.DjangoModelFactory):
    """One of the opinion. Traits: numbered, merged."""

    class Meta:
        model = Recommendation

    class Params:
        numbered = Trait(reference=factory.LazyAttribute(lambda row: f"{row.opinion.reference}-P{row.number:02d}"))
        merged = Trait(
            state=RecommendationState.MERGED,
            merged_into=factory.LazyAttribute(lambda row: RecommendationFactory(opinion=row.opinion)),
        )

    opinion = factory.SubFactory(OpinionFactory, state=S.SERVICES_CHECK)
    node_id = factory.LazyFunction(uuid4)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Un guichet {n}")


class ServicesRequestFactory(factory.django.DjangoModelFactory):
    """A directorate that reads; any `state` stands."""

    class Meta:
        model = ServicesRequest

    opinion = factory.SubFactory(OpinionFactory, state=S.SERVICES_CHECK)
    directorate = factory.SubFactory(DirectorateFactory)
    state = ServicesCheckState.ASKED
    asked_at = factory.LazyFunction(timezone.now)
    asked_by = factory.SubFactory(UserFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=21))

    @factory.lazy_attribute
    def submitted_at(self):
        return timezone.now() if self.state in {ServicesCheckState.SUBMITTED, ServicesCheckState.VALIDATED} else None

    @factory.lazy_attribute
    def submitted_by(self):
        return UserFactory() if self.state in {ServicesCheckState.SUBMITTED, ServicesCheckState.VALIDATED} else None

    @factory.lazy_attribute
    def validated_at(self):
        return timezone.now() if self.state == ServicesCheckState.VALIDATED else None

    @factory.lazy_attribute
    def validated_by(self):
        return UserFactory() if self.state == ServicesCheckState.VALIDATED else None

    @factory.lazy_attribute
    def reason(self):
        return "Chiffrer le coût." if self.state == ServicesCheckState.RETURNED else ""

    @factory.lazy_attribute
    def closed_at(self):
        return timezone.now() if self.state == ServicesCheckState.CLOSED else None


class ServiceNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceNote

    request = factory.SubFactory(ServicesRequestFactory)
    recommendation = factory.SubFactory(RecommendationFactory, opinion=factory.SelfAttribute("..request.opinion"))
    competence = Competence.YES
    feasibility = Feasibility.AS_IS
    body = "Déjà fait à Muret."
    saved_at = factory.LazyFunction(timezone.now)
    saved_by = factory.SubFactory(UserFactory)


class OpinionVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpinionVersion

    opinion = factory.SubFactory(OpinionFactory, state=S.CONSOLIDATED)
    number = factory.Sequence(lambda n: n + 1)
    kind = VersionKind.TABLED
    tree = factory.LazyFunction(lambda: tree("Un guichet", "Un bus"))
    html = "<h2>Constats</h2>"
    plain_text = "Constats"
    sha256 = "0" * 64
    made_by = factory.SubFactory(UserFactory)


class OpinionSettingsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpinionSettings
        django_get_or_create = ("term",)

    term = factory.SubFactory(TermFactory)


class PartVoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartVote

    opinion = factory.SubFactory(OpinionFactory, state=S.TABLED)
    label = "Partie «\u00a0Habiter\u00a0»"

    @factory.lazy_attribute
    def ballot(self):
        item = self.opinion.agenda_item
        return Ballot.objects.create(agenda_item=item, question=self.label, majority_rule="simple")


class RankingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Ranking

    opinion = factory.SubFactory(OpinionFactory, state=S.CONSOLIDATED)
    mode = RankingMode.DOTS
    held_on = factory.LazyFunction(timezone.localdate)
    voters = 60
    priorities = 3
    first_counter = "Amina Abadie"
    second_counter = "Hugo Rossi"
    recorded_by = factory.SubFactory(UserFactory)


class MinorityPositionFactory(factory.django.DjangoModelFactory):
    """A draft. Trait: submitted."""

    class Meta:
        model = MinorityPosition

    class Params:
        submitted = Trait(state=PositionState.SUBMITTED, submitted_at=factory.LazyFunction(timezone.now))

    opinion = factory.SubFactory(OpinionFactory, state=S.ADOPTED)
    title = "Le bus ne suffit pas"
    body = "Nous aurions voulu des arrêts dans chaque village."
    author = factory.SubFactory(UserFactory)


class MinorityCosignerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MinorityCosigner

    position = factory.SubFactory(MinorityPositionFactory)
    user = factory.SubFactory(UserFactory)
    signed_at = factory.LazyFunction(timezone.now)


class OpinionVisaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpinionVisa

    opinion = factory.SubFactory(OpinionFactory, state=S.ADOPTED)
    version = factory.LazyAttribute(lambda visa: visa.opinion.versions.last())
    capacity = OpinionVisaCapacity.CHAIR
    person = factory.SubFactory(PersonFactory)
    given_at = factory.LazyFunction(timezone.now)
    text_sha256 = "0" * 64


class SpokespersonDrawFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SpokespersonDraw

    opinion = factory.SubFactory(OpinionFactory, state=S.ADOPTED)
    drawn_on = factory.LazyFunction(timezone.localdate)
    witnesses = "Mᵉ Pujol"
    recorded_by = factory.SubFactory(UserFactory)


class SpokespersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Spokesperson

    draw = factory.SubFactory(SpokespersonDrawFactory)
    person = factory.LazyAttribute(lambda row: MandateFactory(term=row.draw.opinion.term).member.person)
    rank = factory.Sequence(lambda n: n + 1)
