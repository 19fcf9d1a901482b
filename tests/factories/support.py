"""Rows of the support: method sheets, requests, sessions of training."""

from datetime import date

import factory
from django.utils import timezone

from mission.support.models import MethodSheet, SupportRequest, SupportState as S, Training
from tests.factories.institution import DirectorateFactory
from tests.factories.mission import PartnerFactory, RegisterRowFactory


class MethodSheetFactory(RegisterRowFactory):
    """A workshop in use."""

    class Meta:
        model = MethodSheet

    state = "in_use"
    name = factory.Sequence(lambda n: f"Atelier {n}")
    purpose = "Trier des idées"
    method = "Deux heures, trois temps."
    effort = "light"
    group_min = 8
    group_max = 15
    cost = 300


class EpciFactory(PartnerFactory):
    kind = "epci"
    name = factory.Sequence(lambda n: f"CC {n}")


class SupportRequestFactory(RegisterRowFactory):
    """Of a directorate, with what its state asks for; `epci=` makes it that of a local authority."""

    class Meta:
        model = SupportRequest

    name = factory.Sequence(lambda n: f"Demande {n}")
    state = "received"
    received_on = date(2026, 3, 2)
    need = "Associer les habitants."
    policy = "mobility"
    epci = None
    directorate = factory.LazyAttribute(
        lambda asked: None if asked.epci else DirectorateFactory(assembly=asked.assembly)
    )
    owner = factory.LazyAttribute(lambda asked: asked.created_by if asked.state in S.tagged("in_hand") else None)
    answer_reason = factory.LazyAttribute(
        lambda asked: "Hors du champ." if asked.state == S.DECLINED and not asked.withdrawn_on else ""
    )
    withdrawn_on = None
    delivered_at = factory.LazyAttribute(lambda asked: timezone.now() if asked.state == S.DELIVERED else None)


class TrainingFactory(factory.django.DjangoModelFactory):
    """Held in spring: nine of twelve came, six answered."""

    class Meta:
        model = Training

    row = factory.SubFactory(SupportRequestFactory)
    created_by = factory.SelfAttribute("row.created_by")
    changed_by = factory.SelfAttribute("created_by")
    title = "Animer une réunion publique"
    held_on = date(2026, 4, 14)
    hours = 6
    place = "Revel"
    registered = 12
    attended = 9
    answers = 6
    satisfaction = 4
