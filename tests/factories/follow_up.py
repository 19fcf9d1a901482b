"""Follow-ups of published answers, their updates and their milestones."""

from datetime import timedelta

import factory
from django.utils import timezone

from answers.models import FollowUp, FollowUpState, Milestone, ProgressUpdate
from tests.factories.answers import AnswerCaseFactory
from tests.factories.identity import UserFactory
from tests.factories.traits import Trait

S = FollowUpState


class FollowUpFactory(factory.django.DjangoModelFactory):
    """Of a published case, its update due in ninety days. Any `state` stands; `done` has its proof."""

    class Meta:
        model = FollowUp

    case = factory.SubFactory(AnswerCaseFactory, state="published")
    opened_on = factory.LazyFunction(timezone.localdate)

    @classmethod
    def _create(cls, model, *args, **kwargs):
        state = kwargs.pop("state", S.PLANNED)
        made = super()._create(model, *args, **{**kwargs, "update_due_on": cls.due(kwargs)})
        if state not in S.tagged("open"):
            proof = ProgressUpdateFactory(follow_up=made, proved=True) if state == S.DONE else None
            told = {"reason": "Le terrain est vendu."} if state == S.ABANDONED else {}
            ended = {"update_due_on": None, "ended_on": timezone.localdate(), "proved_by": proof}
            model.objects.filter(pk=made.pk).update(state=state, **ended, **told)
        else:
            model.objects.filter(pk=made.pk).update(state=state)
        return model.objects.with_dossier().get(pk=made.pk)

    @staticmethod
    def due(kwargs):
        return kwargs.get("update_due_on") or timezone.localdate() + timedelta(days=90)


class ProgressUpdateFactory(factory.django.DjangoModelFactory):
    """« En cours ». Trait: proved."""

    class Meta:
        model = ProgressUpdate

    class Params:
        proved = Trait(state=S.DONE, link="https://www.haute-garonne.fr/bus")

    follow_up = factory.SubFactory(FollowUpFactory)
    number = factory.LazyAttribute(lambda update: update.follow_up.updates.count() + 1)
    state = S.IN_PROGRESS
    text = "Le bus est commandé, il arrive au printemps."
    by = factory.SubFactory(UserFactory)


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    follow_up = factory.SubFactory(FollowUpFactory)
    number = factory.LazyAttribute(lambda one: one.follow_up.milestones.count() + 1)
    label = "Le bus part en tournée"
    planned_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))
    by = factory.SubFactory(UserFactory)
