"""The demonstration at eleven days: pages that speak of one object say the same, before, on and after its days."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from answers.models import AnswerCase
from assembly.identity.models import User
from demo import archive, sealing
from demo.context import DOMAIN, at
from demo.days import PARIS, TODAY
from sessions.models import Minutes, Sitting
from tests import databases
from tests.browsing import StrictClient
from tests.people import People

pytestmark = pytest.mark.long
# Minutes may be corrected until 27 and 28 November; contributions are due on 4 and 11 December, the sitting is on the
# 5th, answers are due on 11 January.
DAYS = (
    *("2026-11-27", "2026-11-28", "2026-11-29"),
    *("2026-12-03", "2026-12-04", "2026-12-05", "2026-12-06"),
    *("2026-12-11", "2026-12-12"),
    *("2027-01-11", "2027-01-12"),
)


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Make a database of the demonstration at the last morning of its story, with sealed files."""
    with (
        django_db_blocker.unblock(),
        databases.beside(connection),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(settings, "BLOB_DIR", tmp_path_factory.mktemp("demonstration"))
        archive.load()
        call_command("migrate", verbosity=0)
        with at(f"{TODAY} 09:00"):
            for name in ("minutes-steering", "opinion"):
                sealing.play(name)
        yield


class Reader:
    """`read("member", "/espace/")`: the words of a page as somebody of the demonstration reads it today."""

    def __init__(self) -> None:
        self.browsers: dict[str, StrictClient] = {}

    def __call__(self, who: str, url: str) -> str:
        cache.clear()
        if who not in self.browsers:
            browser = StrictClient()
            email = who if "@" in who else f"{who}{DOMAIN}"
            self.browsers[who] = browser.enter(People().ready(User.objects.get(email=email))) if who else browser
        page = self.browsers[who].get(url)
        assert page.status_code == 200, f"{who} {url}: {page.status_code}"
        return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).replace("\u00a0", " ").split())


@pytest.fixture(params=DAYS)
def today(request: pytest.FixtureRequest, demonstration: None) -> Iterator[str]:
    """Set the clock to noon of one of the days; roll back what the visits write."""
    noon = datetime.strptime(f"{request.param} 12:00", "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
    with time_machine.travel(noon, tick=False), transaction.atomic():
        yield request.param
        transaction.set_rollback(True)


def wrong(read: Reader, pages: dict[tuple[str, str], tuple[str, ...]], *, never: tuple[str, ...] = ()) -> list[str]:
    """Return the pages without a required text, and those with a forbidden one."""
    faults = []
    for (who, url), says in pages.items():
        text = read(who, url)
        faults += [f"{who or 'anybody'} {url} does not say: {words}" for words in says if words not in text]
        faults += [f"{who or 'anybody'} {url} says: {words}" for words in never if words.lower() in text.lower()]
    return faults


def test_a_question_answered_in_part(today):
    """Eight of ten, one of the two others late since 31 October, whatever the day: on each page that speaks of it."""
    answered = "Le Conseil départemental a donné 8 réponses sur 10. La suivante était attendue le 31 octobre 2026."
    handed = f"L’avis est remis. {answered}"
    pages = {
        ("", "/saisines/S-2025-01/"): (handed,),
        ("member", "/espace/saisines/4/"): (handed,),
        ("officer", "/bureau/saisines/4/"): (handed,),
        ("president", "/instructions/saisines/4/"): (handed,),
        ("", "/avis/AC2-2026-01/"): (answered,),
        ("", "/"): (answered,),
        ("member", "/espace/avis/1/"): (answered,),
        ("member", "/espace/"): (),
        ("member", "/espace/saisines/"): (),
        ("", "/saisines/"): ("Avis remis au Conseil départemental",),
        ("", "/recherche/?q=bien+vieillir"): (),
        ("member", "/recherche/?q=bien+vieillir"): (),
    }
    never = ("on attend la réponse du conseil", "avis attendu le 27 juin 2026", "votre groupe y travaille")
    assert wrong(Reader(), pages, never=never) == []


@pytest.mark.parametrize(
    ("reference", "last", "until"),
    [
        ("PL-2026-05", "2026-11-27", "vendredi 27 novembre 2026"),
        ("PREVENTION-2026-04", "2026-11-28", "samedi 28 novembre 2026"),
    ],
)
def test_minutes_around_the_last_day_of_their_corrections(today, reference, last, until):
    minutes = Minutes.objects.select_related("sitting__chair").get(sitting__reference=reference)
    person = User.objects.filter(
        person__sitting_invitations__sitting=minutes.sitting_id, person__sitting_invitations__stays__voided_at=None
    )
    reader = person.filter(person__sitting_invitations__stays__isnull=False).order_by("pk").first()
    tab, sitting = (f"/bureau/seances/{minutes.sitting_id}/{part}" for part in ("compte-rendu/", ""))
    is_open = today <= last
    word = "En relecture" if is_open else "Relecture terminée"
    pages = {
        ("officer", tab): (word,),
        ("officer", sitting): (f"Compte rendu : {word.lower()}.",),
    }
    if reader:
        line = f"Corrections possibles jusqu’au {until}" if is_open else f"Relecture terminée le {until}"
        pages[reader.email, "/espace/comptes-rendus/"] = (line,)
    closed = () if is_open else ("compte rendu en relecture", "en relecture depuis", f"jusqu’au {until}")
    assert wrong(Reader(), pages, never=closed) == []


def test_a_sitting_around_its_day(today):
    """Convened for 5 December; nobody notes anything."""
    read, is_past = Reader(), today > "2026-12-05"
    sitting = Sitting.objects.get(reference="PL-2026-06")
    title = "Séance plénière : accès aux soins"
    word = "Date passée" if is_past else "Convoquée"
    pages = {
        ("", "/seances/PL-2026-06/"): (word,),
        ("officer", "/bureau/seances/?q=PL-2026-06"): (word,),
        ("member", f"/espace/seances/{sitting.pk}/"): ("Date passée",) if is_past else (),
    }
    assert wrong(read, pages, never=("Date passée",) if not is_past else ()) == []
    listed = {url: title in read(who, url) for who, url in (("", "/"), ("member", "/espace/"))}
    assert listed == dict.fromkeys(listed, not is_past)


def test_contributions_around_their_day(today):
    """Due on 4 December (begun) and 11 December (not begun): late from the next day on, everywhere, and since when."""
    read = Reader()
    for referral, due, day in ((4, "2026-12-04", "4 décembre 2026"), (14, "2026-12-11", "11 décembre 2026")):
        text = read("officer", f"/bureau/saisines/{referral}/instruction/")
        assert (f"depuis le {day}" in text) == (today > due), (referral, today)
        assert "En retard attendu" not in text
        assert "En retard commencé" not in text


def test_an_answer_around_its_day(today):
    """The answer to the sixth recommendation is due on 11 January: late on the 12th on each page of it."""
    read, case = Reader(), AnswerCase.objects.get(due_on="2027-01-11", answered_on=None)
    is_late = today > "2027-01-11"
    due = "Elle était attendue le" if is_late else "Elle est attendue le"
    table = (
        "Réponse attendue avant le 11 janvier 2027 : en retard"
        if is_late
        else "Réponse attendue avant le 11 janvier 2027"
    )
    pages = {
        ("officer", f"/bureau/reponses/{case.pk}/"): (due,),
        ("lead", f"/bureau/reponses/{case.pk}/"): (due,),
        ("president", f"/instructions/reponses/{case.pk}/"): (due,),
        ("", "/avis/AC2-2026-01/"): (table,),
        ("member", "/espace/avis/1/"): (table,),
    }
    assert wrong(read, pages) == []


def test_no_room_says_that_nothing_is_left_above_what_is_left(today):
    read = Reader()
    for who in ("dir_contact", "dir_approver"):
        assert "plus rien à faire" not in read(who, "/instructions/")


def test_a_sitting_without_quorum_is_not_one_to_come(today):
    read = Reader()
    pages = {("", "/seances/PL-2026-04/"): ("Sans quorum",), ("", "/seances/"): ("Sans quorum",)}
    assert wrong(read, pages, never=("Convoquée de nouveau",)) == []
    feed = StrictClient().get("/calendrier.ics").content.decode()
    event = next(one for one in feed.split("BEGIN:VEVENT") if "DTSTART:20260912" in one)
    assert "STATUS:CANCELLED" in event
