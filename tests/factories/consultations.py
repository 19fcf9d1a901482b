"""Referrals of both origins, the directorates' reviews, the briefing, what a self-referral needs.

A factory of referrals or reviews takes any `state` and gives the dates, people and papers that the state asks for.
"""

from datetime import UTC, date, datetime, timedelta

import factory
from django.utils import timezone

from assembly.institution.models import MajorityRule
from consultations.digest.models import DeskEventKind
from consultations.models import (
    AdmissibilityCheck,
    BriefingDocument,
    BriefingPack,
    CouncilView,
    Delegation,
    DeskEvent,
    DirectorateReview,
    Hearing,
    HearingGuest,
    HearingState,
    Referral,
    ReferralCommittee,
    ReferralDirectorate,
    ReferralSettings,
    ReviewAttachment,
    ReviewEdition,
    ScopingNote,
    Support,
    ThreadMessage,
    VisaLevel,
)
from consultations.referrals.enums import CouncilStance, IssueChannel, ReferralOrigin, ReferralState
from consultations.reviews.models import Competence, EditionKind, ReviewState
from sessions.models import Ballot, BallotResult, BallotState
from tests.factories.documents import UploadFactory
from tests.factories.identity import UserFactory
from tests.factories.institution import CommitteeFactory, DirectorateFactory, TermFactory
from tests.factories.sessions import AgendaItemFactory, vote_moment
from tests.factories.traits import Trait

S, R = ReferralState, ReviewState
WITHOUT_REFERENCE = {S.SUGGESTED}
VOTED = {S.ADOPTED, S.REJECTED}
GIVEN = {R.VALIDATED, R.SUPPLEMENT}
SENT = {R.SUBMITTED, R.VALIDATED}
TOLD = {R.RETURNED, R.DECLINED, R.PASSED_ON, R.SUPPLEMENT}


def is_issued(referral):
    return referral.origin == ReferralOrigin.PRESIDENT and referral.state in S.tagged("issued", "started")


class ReferralFactory(factory.django.DjangoModelFactory):
    """The president's draft, complete enough to be issued. `own=True`: a member's suggestion. Any `state` stands:
    `ReferralFactory(state=ReferralState.CLOSED)`, `ReferralFactory(own=True, state=ReferralState.ADOPTED)`.
    Traits: own, review (in internal review), issued, accepted, working (in progress), published, bare (a title only).
    """

    class Meta:
        model = Referral

    class Params:
        own = Trait(
            origin=ReferralOrigin.SELF_REFERRAL,
            state=S.SUGGESTED,
            suggested_by=factory.SubFactory(UserFactory),
            powers_link="Le Département gère les transports des personnes âgées.",
            due_on=None,
            work_starts_on=None,
        )
        review = Trait(state=S.INTERNAL_REVIEW)
        issued = Trait(state=S.ISSUED)
        accepted = Trait(state=S.ACCEPTED)
        working = Trait(state=S.IN_PROGRESS)
        published = Trait(published_at=factory.LazyFunction(timezone.now))
        bare = Trait(question="", context="", deliverable="", due_on=None, work_starts_on=None)

    term = factory.SubFactory(TermFactory)
    origin = ReferralOrigin.PRESIDENT
    state = S.DRAFT
    title = factory.Sequence(lambda n: f"Bien vieillir {n}")
    question = "Comment vieillir en Haute-Garonne dans des conditions choisies\u00a0?"
    context = "Un habitant sur quatre aura plus de 60 ans en 2030."
    deliverable = "Un avis et dix préconisations au plus."
    work_starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=200))
    officer = factory.SubFactory(UserFactory)

    @factory.lazy_attribute_sequence
    def reference(self, n):
        if self.origin == ReferralOrigin.SELF_REFERRAL:
            return "" if self.state in WITHOUT_REFERENCE else f"AS-2026-{n:03d}"
        return f"S-2026-{n:03d}"

    @factory.lazy_attribute
    def issued_at(self):
        return timezone.now() - timedelta(days=20) if is_issued(self) else None

    @factory.lazy_attribute
    def issued_by(self):
        return UserFactory() if is_issued(self) else None

    @factory.lazy_attribute
    def issue_channel(self):
        return IssueChannel.VISA if is_issued(self) else ""

    @factory.lazy_attribute
    def accepted_on(self):
        received = self.origin == ReferralOrigin.PRESIDENT and self.state in {S.ACCEPTED, *S.tagged("started")}
        return timezone.localdate() - timedelta(days=10) if received else None

    @factory.lazy_attribute
    def vote_item(self):
        return AgendaItemFactory(sitting__term=self.term) if self.state in {S.PUT_TO_VOTE, *VOTED} else None

    @factory.lazy_attribute
    def ballot(self):
        return proclaimed_ballot(self.vote_item, adopted=self.state == S.ADOPTED) if self.state in VOTED else None

    @factory.lazy_attribute
    def ended_at(self):
        return timezone.now() if self.state in S.tagged("stopped") else None

    @factory.lazy_attribute
    def end_reason(self):
        return "Le schéma a été voté sans attendre." if self.state in S.tagged("stopped") else ""

    @factory.lazy_attribute
    def merged_into(self):
        return ReferralFactory(term=self.term) if self.state == S.MERGED else None


def proclaimed_ballot(item, *, adopted=True):
    """Return a vote by hand on `item`, counted and proclaimed."""
    return Ballot.objects.create(
        agenda_item=item,
        question="L’assemblée se saisit-elle de ce sujet\u00a0?",
        state=BallotState.PROCLAIMED,
        majority_rule=MajorityRule.SIMPLE,
        votes_for=70 if adopted else 10,
        votes_against=10 if adopted else 70,
        abstentions=5,
        no_opinion=1,
        present=90,
        members_in_office=108,
        quorum=54,
        result=BallotResult.ADOPTED if adopted else BallotResult.REJECTED,
        first_counter="Odile Labatut",
        second_counter="Wassim Pujol",
        counted_at=vote_moment(item.sitting),
        proclaimed_at=timezone.now(),
    )


class ReferralDirectorateFactory(factory.django.DjangoModelFactory):
    """`lead=True`: the one that leads."""

    class Meta:
        model = ReferralDirectorate

    class Params:
        lead = Trait(is_lead=True)

    referral = factory.SubFactory(ReferralFactory)
    directorate = factory.SubFactory(DirectorateFactory, assembly=factory.SelfAttribute("..referral.term.assembly"))


class ReferralCommitteeFactory(factory.django.DjangoModelFactory):
    """`ended=True`: no longer in charge."""

    class Meta:
        model = ReferralCommittee

    class Params:
        ended = Trait(ended_at=factory.LazyFunction(timezone.now))

    referral = factory.SubFactory(ReferralFactory, working=True)
    committee = factory.SubFactory(CommitteeFactory, term=factory.SelfAttribute("..referral.term"))
    mandate_statement = "Dire ce qui manque à domicile."


class DirectorateReviewFactory(factory.django.DjangoModelFactory):
    """Asked, due in three weeks, its directorate named in the referral. Any `state` stands; `late=True`: due ten days
    ago; `given=True`: validated; `admissibility=True`: about a self-referral."""

    class Meta:
        model = DirectorateReview

    class Params:
        late = Trait(due_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10)))
        given = Trait(state=R.VALIDATED)
        admissibility = Trait(
            kind="admissibility", referral=factory.SubFactory(ReferralFactory, own=True, state=S.ADMISSIBILITY_CHECK)
        )

    referral = factory.SubFactory(ReferralFactory, issued=True)
    directorate = factory.SubFactory(DirectorateFactory, assembly=factory.SelfAttribute("..referral.term.assembly"))
    state = R.ASKED
    asked_at = factory.LazyFunction(timezone.now)
    asked_by = factory.SubFactory(UserFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=21))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        ReferralDirectorate.objects.get_or_create(referral=kwargs["referral"], directorate=kwargs["directorate"])
        return super()._create(model_class, *args, **kwargs)

    @factory.lazy_attribute
    def summary(self):
        return "Faisable, sous conditions." if self.state in SENT | GIVEN else ""

    @factory.lazy_attribute
    def submitted_at(self):
        return timezone.now() if self.state in SENT | GIVEN else None

    @factory.lazy_attribute
    def submitted_by(self):
        return UserFactory() if self.state in SENT | GIVEN else None

    @factory.lazy_attribute
    def validated_at(self):
        return timezone.now() if self.state in GIVEN else None

    @factory.lazy_attribute
    def validated_by(self):
        return UserFactory() if self.state in GIVEN else None

    @factory.lazy_attribute
    def reason(self):
        return "Précisez le coût." if self.state in TOLD else ""

    @factory.lazy_attribute
    def closed_at(self):
        return timezone.now() if self.state == R.CLOSED else None

    @factory.lazy_attribute
    def passed_to(self):
        return DirectorateReviewFactory(referral=self.referral) if self.state == R.PASSED_ON else None


class ReviewEditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewEdition

    review = factory.SubFactory(DirectorateReviewFactory, given=True)
    number = factory.Sequence(lambda n: n + 1)
    kind = EditionKind.VALIDATED
    content = factory.LazyAttribute(lambda edition: {"summary": edition.review.summary})
    by = factory.SubFactory(UserFactory)


class ReviewAttachmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewAttachment

    review = factory.SubFactory(DirectorateReviewFactory)
    upload = factory.SubFactory(UploadFactory)
    title = "Étude de la direction"


class DelegationFactory(factory.django.DjangoModelFactory):
    """From yesterday to next week."""

    class Meta:
        model = Delegation

    directorate = factory.SubFactory(DirectorateFactory)
    giver = factory.SubFactory(UserFactory)
    holder = factory.SubFactory(UserFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class VisaLevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VisaLevel

    directorate = factory.SubFactory(DirectorateFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Visa {n}")
    holder = factory.SubFactory(UserFactory)


class ThreadMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ThreadMessage

    referral = factory.SubFactory(ReferralFactory, review=True)
    author = factory.SubFactory(UserFactory)
    body = "Pouvez-vous préciser le nombre de bénéficiaires\u00a0?"


class DeskEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeskEvent

    term = factory.SelfAttribute("referral.term")
    user = factory.SubFactory(UserFactory)
    kind = DeskEventKind.ASKED
    referral = factory.SubFactory(ReferralFactory, issued=True)
    key = factory.Sequence(lambda n: f"asked:{n}")


class ScopingNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScopingNote

    referral = factory.SubFactory(ReferralFactory, issued=True)
    body = "Ce que disent les directions."
    generated_at = factory.LazyFunction(timezone.now)


class BriefingPackFactory(factory.django.DjangoModelFactory):
    """`released=True`: open to the members."""

    class Meta:
        model = BriefingPack

    class Params:
        released = Trait(released_at=factory.LazyFunction(timezone.now), released_by=factory.SubFactory(UserFactory))

    referral = factory.SubFactory(ReferralFactory, working=True)
    introduction = "Pour commencer."


class BriefingDocumentFactory(factory.django.DjangoModelFactory):
    """`by_link=True`: an address instead of a file."""

    class Meta:
        model = BriefingDocument

    class Params:
        by_link = Trait(upload=None, link="https://www.example.org/etude")

    pack = factory.SubFactory(BriefingPackFactory)
    title = factory.Sequence(lambda n: f"Étude {n}")
    source = "Insee"
    upload = factory.SubFactory(UploadFactory)
    position = factory.Sequence(lambda n: n)
    added_by = factory.SubFactory(UserFactory)


class HearingFactory(factory.django.DjangoModelFactory):
    """Planned in ten days. Traits: held, cancelled, visit."""

    class Meta:
        model = Hearing

    class Params:
        held = Trait(state=HearingState.HELD, starts_at=datetime(2026, 3, 10, 17, tzinfo=UTC))
        cancelled = Trait(state=HearingState.CANCELLED, reason="La personne est malade.")
        visit = Trait(kind="site_visit", title="Visite de l’EHPAD de Salies")

    referral = factory.SubFactory(ReferralFactory, working=True)
    title = "Audition d’une gériatre"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    created_by = factory.SubFactory(UserFactory)


class HearingGuestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HearingGuest

    hearing = factory.SubFactory(HearingFactory)
    name = factory.Sequence(lambda n: f"Experte {n}")
    capacity = "gériatre au CHU"


class ReferralSettingsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReferralSettings
        django_get_or_create = ("term",)

    term = factory.SubFactory(TermFactory)


class SupportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Support

    referral = factory.SubFactory(ReferralFactory, own=True)
    user = factory.SubFactory(UserFactory)
    dots = 1


class AdmissibilityCheckFactory(factory.django.DjangoModelFactory):
    """Admissible; `refused=True`: outside the powers of the département."""

    class Meta:
        model = AdmissibilityCheck

    class Params:
        refused = Trait(within_powers=Competence.NO, reasons="C’est une compétence de l’État.")

    referral = factory.SubFactory(ReferralFactory, own=True, state=S.ADMISSIBILITY_CHECK)
    within_powers = Competence.YES
    is_fair = True
    reasons = "Le Département agit déjà dans ce domaine."
    decided_at = factory.LazyFunction(timezone.now)
    decided_by = factory.SubFactory(UserFactory)


class CouncilViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CouncilView

    referral = factory.SubFactory(ReferralFactory, own=True, state=S.COUNCIL_VIEW_GIVEN)
    stance = CouncilStance.FAVOURABLE
    reasons = "Le sujet éclaire le schéma à venir."
    given_on = date(2026, 9, 18)
    recorded_by = factory.SubFactory(UserFactory)
