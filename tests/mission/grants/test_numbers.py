"""An association is known by its SIRET, else by its RNA number: by the forms, the rules and the database."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mission.grants import actions as grants, rules
from mission.grants.forms import is_siret
from mission.grants.models import GrantApplication, GrantScore, ReaderInterest, SchemeCriterion
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory, deposit_link
from tests.mission.grants.test_deposit import typed

RNA = "W313001234"


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("digits", "is_right"),
    [
        ("73282932000074", True),  # INSEE’s own example
        ("73282932000075", False),
        ("35600000000048", True),  # the seat of La Poste
        ("35600000049837", True),  # an office of La Poste: its digits make 45
        ("35600000049838", False),
        ("35600000100049837"[:14], False),
    ],
)
def test_the_last_digit_checks_the_others_but_at_la_poste(digits, is_right):
    assert is_siret(digits) is is_right


@pytest.mark.django_db
def test_a_deposit_without_siret_gives_its_rna(client):
    scheme = GrantSchemeFactory()
    page = reverse("mission:grant-deposit", args=[deposit_link(GrantDepositFactory(scheme=scheme))])
    neither = client.post(page, typed(siret="", aller="envoyer"))
    assert neither.status_code == 422
    assert "sans SIRET, le numéro RNA" in neither.text
    assert client.post(page, typed(siret="", rna="w313 001 234", aller="envoyer")).status_code == 302
    row = GrantApplication.objects.get()
    assert (row.siret, row.rna) == ("", RNA)
    again = reverse("mission:grant-deposit", args=[deposit_link(GrantDepositFactory(scheme=scheme))])
    twice = client.post(again, typed(siret="", rna=RNA, aller="envoyer"))
    assert twice.status_code == 302
    GrantApplication.objects.filter(pk=row.pk).update(state="assessment", complete_on=timezone.localdate())
    refused(lambda: GrantApplicationFactory(scheme=scheme, siret="", rna=RNA, state="assessment"))
    refused(lambda: GrantApplicationFactory(siret="", rna=""))


def test_a_tie_holds_by_the_rna_number_and_strangers_without_siret_stay_strangers(people):
    readers = (people["lead"], people["officer"])
    row = GrantApplicationFactory(state="assessment", siret="", rna=RNA, readers=readers)
    other = GrantApplicationFactory(state="assessment", siret="", rna="W313009999", readers=readers)
    ReaderInterest.objects.create(assembly=row.assembly, user=people["officer"], rna=RNA, kind="belongs")
    criterion = SchemeCriterion.objects.filter(row=row.scheme).first()
    refused(
        lambda: GrantScore.objects.create(application=row, reader=people["officer"], criterion=criterion, points=5)
    )
    with pytest.raises(PermissionDenied):
        grants.score(row, by=people["officer"])
    criterion = SchemeCriterion.objects.filter(row=other.scheme).first()
    GrantScore.objects.create(application=other, reader=people["officer"], criterion=criterion, points=5)
    former = GrantApplicationFactory(state="paid", siret="", rna=RNA)
    assert rules.owed_accounts(row) == [former]
    assert rules.owed_accounts(other) == []
