"""The demonstration shows every state, stays a demonstration, and never meets real data."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from answers.models import Answer, AnswerCase, AnswerValue, ProgressUpdate
from assembly.audit.models import Entry
from assembly.audit.verification import verify
from assembly.documents.actions import checks
from assembly.documents.models import Document, Rendition, Verdict
from assembly.documents.verification import by_reference
from assembly.identity.models import User
from assembly.institution.models import Assembly, Canton, Directorate, Role, Term
from assembly.notifications.models import Delivery
from demo import committee_meetings, mandates, plenaries, referrals
from demo.build import PARTS
from demo.context import single_transaction
from draws.models import Candidate, ConfirmationCall
from members.models import Mandate
from mission.indicators.actions import differences
from mission.indicators.models import IndicatorValue, ManualValue
from opinions.models import Amendment, MinorityPosition, Opinion, OpinionState, Recommendation
from sessions.models import Correction, Minutes, MinutesState, Sitting, SittingState
from tests.factories.institution import AssemblyFactory


def test_the_story_is_told_in_order():
    assert PARTS[:4] == (mandates.seed, referrals.seed, plenaries.seed, committee_meetings.seed)
    assert len(PARTS) == len(set(PARTS))


@pytest.mark.django_db(transaction=True)
def test_the_story_shows_every_state_and_leaves_no_mail_to_send(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / ".local").mkdir()
    call_command("demo")

    assert set(Sitting.objects.values_list("state", flat=True)) == set(SittingState.values)
    assert set(Minutes.objects.values_list("state", flat=True)) == set(MinutesState.values)
    counts = [model.objects.count() for model in (Term, Canton, Directorate, Mandate)]
    assert counts == [3, 27, 15, 113]  # 108, four named by the rule, and one after a refusal
    calls = ConfirmationCall.objects.order_by("pk").values_list("outcome", "placement__mandate__state")
    assert list(calls) == [
        ("yes", "active"),
        ("no_answer", "proposed"),
        ("reached", "proposed"),
        ("no", "declined"),
        ("no_answer", "proposed"),
        ("later", "proposed"),
    ]
    assert Candidate.objects.exclude(renounced_on=None).get().state == "alternate"
    assert Document.objects.filter(published_at__isnull=False).count() == 6
    assert set(Rendition.objects.values_list("state", "error")) == {("ready", "")}
    told = dict(Opinion.objects.values_list("referral__reference", "state"))
    assert told == {"S-2025-01": OpinionState.PUBLISHED, "AS-2026-01": OpinionState.DRAFTING}
    amended = Amendment.objects.order_by("number").values_list("state", flat=True)
    assert list(amended) == ["adopted", "fell", "rejected", "withdrawn"]
    assert MinorityPosition.objects.get().cosigners.count() == 2
    given = Answer.objects.standing()
    assert set(given.values_list("value", flat=True)) == set(AnswerValue)
    assert (AnswerCase.objects.count(), given.count(), Answer.objects.published().count()) == (10, 8, 9)
    assert AnswerCase.objects.late(date(2026, 11, 25)).get().due_on == date(2026, 10, 31)
    assert Entry.objects.filter(event_type="answer.escalated").count() == 1
    assert ProgressUpdate.objects.get(state="done").photo_description
    assert list(AnswerCase.objects.exclude(reason="").values_list("state", flat=True)) == ["assigned"]
    merged = Recommendation.objects.exclude(state="active").values_list("reference", "state")
    assert list(merged) == [("AC2-2026-01-P11", "merged")]
    assert Correction.objects.filter(state="asked").count() == 3
    kinds = set(Delivery.objects.values_list("way", "state"))
    assert {("email", "sent"), ("email", "bounced"), ("paper", "handed_over"), ("paper", "queued")} <= kinds
    assert not Delivery.objects.filter(way="email", state="queued").exists()
    accounts = set(User.objects.filter(email__endswith="@demo.example.org").values_list("email", flat=True))
    assert accounts == {f"{role}@demo.example.org" for role in Role.values}
    assert (tmp_path / ".local" / "demo-accounts.txt").read_text().count("@demo.example.org") == len(Role.values)
    for document in Document.objects.filter(published_at__isnull=False):
        checks.run_seal_check(document.published_revision.blob_id)
        assert by_reference(document.reference).verdict == Verdict.CURRENT
    term, nights = Term.objects.get(number=2), IndicatorValue.objects.whole()
    days = sorted(nights.filter(key="assiduite").values_list("day", flat=True))
    assert (days[0].isoformat()[:7], days[-1]) == ("2025-11", date(2026, 11, 24))
    assert [found for day in days[::12] for found in differences(term, day)] == []
    assert nights.get(key="reponses-publiees", day=days[-1]).value == 8
    assert ManualValue.objects.count() == 12
    read, finding = verify()
    assert finding is None
    assert read > 1000

    with pytest.raises(CommandError, match="existe déjà"):
        call_command("demo")
    assert Assembly.objects.count() == 1


@pytest.mark.django_db
def test_the_demonstration_never_meets_real_data(settings):
    settings.LOCAL = False
    for way in ([], ["--load"], ["--background"], ["--rebuild"]):
        with pytest.raises(CommandError, match="jamais en production"):
            call_command("demo", *way)
    settings.LOCAL = True
    AssemblyFactory()
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("demo")
    with pytest.raises(CommandError, match="déjà des tables"):
        call_command("demo", "--load")
    call_command("demo", "--background")
    assert Sitting.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_error_in_the_story_leaves_nothing_and_gives_the_savepoints_back():
    def fail_in_an_act() -> None:
        with single_transaction():
            AssemblyFactory()
            with transaction.atomic():
                raise LookupError("a chapter that no longer holds")

    with pytest.raises(LookupError):
        fail_in_an_act()
    assert Assembly.objects.count() == 0
    assert connection.features.uses_savepoints
