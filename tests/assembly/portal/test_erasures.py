"""Whoever was erased stays erased after a restore, by hand or because their day had come."""

import json

import pytest

from assembly.identity.models import Person
from assembly.portal import backup
from tests.factories.identity import PersonFactory

pytestmark = pytest.mark.django_db


def test_both_who_asked_and_whose_day_had_come_are_erased_again(people, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    asked, silent, kept = PersonFactory(last_name="Sarda"), PersonFactory(last_name="Vidal"), PersonFactory()
    lines = [
        {"pseudonym": str(asked.pseudonym), "by": str(people["dpo"].person.pseudonym), "at": "2026-11-01T10:00:00Z"},
        {"pseudonym": str(silent.pseudonym), "by": "", "at": "2026-11-02T02:00:00Z"},
    ]
    (tmp_path / "erasures.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert backup.replay_erasures() == 2
    found = Person.objects.filter(pk__in=[asked.pk, silent.pk, kept.pk]).order_by("pk")
    assert [person.anonymised_at is not None for person in found] == [True, True, False]
    assert not Person.objects.filter(last_name__in=["Sarda", "Vidal"]).exists()
    assert backup.replay_erasures() == 0
