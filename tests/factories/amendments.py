"""Amendments in any state, with the dates, people, ballots and reasons that the state asks for."""

from datetime import timedelta

import factory
from django.utils import timezone

from opinions.amending.changes import Operation
from opinions.amendments.models import AmendmentDecisionMode, AmendmentState, ViewStance
from opinions.models import Amendment, AmendmentCosigner, OpinionState, VersionKind
from sessions.models import Via
from tests.factories.consultations import proclaimed_ballot
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.traits import Trait

A = AmendmentState


class AmendmentFactory(factory.django.DjangoModelFactory):
    """An addition after alinéa 2; any `state` stands. Traits: deletion, inside (words of a line), on_paper."""

    class Meta:
        model = Amendment

    class Params:
        opinion = factory.SubFactory(OpinionFactory, state=OpinionState.AMENDING)
        deletion = Trait(operation=Operation.DELETE, content=[], new_text="")
        inside = Trait(operation=Operation.REPLACE, quote="vivent seuls", new_text="sont isolés", content=[])
        on_paper = Trait(
            via=Via.PAPER,
            recorded_by=factory.SubFactory(UserFactory),
            received_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=2)),
        )

    version = factory.LazyAttribute(
        lambda row: row.opinion.versions.filter(kind=VersionKind.TABLED).order_by("number").last()
    )
    state = A.SUBMITTED
    operation = Operation.INSERT_AFTER
    alinea_from = 2
    alinea_to = factory.SelfAttribute("alinea_from")
    content = factory.LazyFunction(lambda: [said("Un mot de plus.")])
    reason = "C’est plus clair."
    author = factory.SubFactory(PersonFactory)
    via = Via.ACCOUNT

    @factory.lazy_attribute_sequence
    def number(self, n):
        return None if self.state == A.DRAFT else n + 1001  # numbers that a test chooses are lower

    @factory.lazy_attribute
    def submitted_at(self):
        return None if self.state == A.DRAFT else timezone.now() - timedelta(days=3)

    @factory.lazy_attribute
    def checked_at(self):
        is_checked = self.state in [A.INADMISSIBLE, A.FELL, A.MERGED, *A.tagged("passed")]
        return timezone.now() - timedelta(days=2) if is_checked else None

    @factory.lazy_attribute
    def checked_by(self):
        return UserFactory() if self.checked_at else None

    @factory.lazy_attribute
    def check_reason(self):
        return "Il ne porte pas sur le sujet." if self.state == A.INADMISSIBLE else ""

    @factory.lazy_attribute
    def view_stance(self):
        return ViewStance.FAVOURABLE if self.state == A.RAPPORTEUR_VIEW else ""

    @factory.lazy_attribute
    def view_at(self):
        return timezone.now() if self.view_stance else None

    @factory.lazy_attribute
    def view_by(self):
        return UserFactory() if self.view_stance else None

    @factory.lazy_attribute
    def called_at(self):
        return timezone.now() if self.state in A.tagged("called") else None

    @factory.lazy_attribute
    def decided_at(self):
        return timezone.now() if self.state in A.tagged("decided") else None

    @factory.lazy_attribute
    def ballot(self):
        if self.state not in A.tagged("decided"):
            return None
        return proclaimed_ballot(self.version.opinion.agenda_item, adopted=self.state == A.ADOPTED)

    @factory.lazy_attribute
    def decision_mode(self):
        return AmendmentDecisionMode.BALLOT if self.ballot else ""

    @factory.lazy_attribute
    def ended_at(self):
        return timezone.now() if self.state in A.tagged("stopped") else None

    @factory.lazy_attribute
    def end_reason(self):
        return "Un autre dit la même chose." if self.ended_at else ""

    @factory.lazy_attribute
    def merged_into(self):
        return AmendmentFactory(version=self.version) if self.state == A.MERGED else None


class AmendmentCosignerFactory(factory.django.DjangoModelFactory):
    """Somebody who was asked. Trait: signed."""

    class Meta:
        model = AmendmentCosigner

    class Params:
        signed = Trait(signed_at=factory.LazyFunction(timezone.now))

    amendment = factory.SubFactory(AmendmentFactory)
    person = factory.SubFactory(PersonFactory)


def said(words):
    """Return a paragraph of the tree."""
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}
