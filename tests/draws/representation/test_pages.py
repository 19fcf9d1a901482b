"""Population, volunteers, members and those who come, by feature; no small cell in public."""

import re
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from draws.calls.queries import CallCell
from draws.models import CallCount, Draw, DrawState, Placement, PopulationMargins
from draws.representation.actions import publish_profile
from draws.representation.queries import imports, representation
from draws.representation.views import section
from members.members.contributions import composition
from tests.draws.stage import draw_in
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db
DESK, PUBLIC = "/bureau/candidatures/profil/", "/representativite/"


@pytest.fixture
def canton(people):
    return CantonFactory(assembly=people.assembly, insee_code="31033", name="Auterive")


def sitting(people, canton, genders, **member):
    made = [MandateFactory(term=people.term, member__gender=each, member__canton=canton) for each in genders]
    for mandate in made:
        type(mandate.member).objects.filter(pk=mandate.member_id).update(**({"birth_year": 1980} | member))
    return made


def numbers(found, key, feature):
    group = next(each for each in found.groups if each.key == key)
    words = found.values[feature]
    return {words[value]: cell.number for value, cell in group.cells[feature].items() if cell.number or cell.is_hidden}


@time_machine.travel("2026-06-01")
def test_each_group_is_counted_by_each_feature(people, canton):
    call = CallFactory(term=people.term)
    CandidateFactory(call=call, canton=canton)
    CandidateFactory(call=call, canton=None, gender="M", occupation="cadre")
    CandidateFactory(call=call, unconfirmed=True)
    told = {"canton": canton, "gender": "F", "age_band": "75-", "occupation": "retraite", "channel": "web"}
    CallCount.objects.create(call=call, number=7, **told)
    sitting(people, canton, "FFM")
    found = representation(people.term, public=False)
    assert [group.key for group in found.groups] == ["population", "volunteers", "panel"]
    assert numbers(found, "volunteers", "canton") == {"Auterive": 8, "non connu": 1}
    assert numbers(found, "volunteers", "gender") == {"femme": 8, "homme": 1}
    assert numbers(found, "volunteers", "age_band") == {"45 à 59 ans": 2, "75 ans et plus": 7}
    assert numbers(found, "panel", "gender") == {"femme": 2, "homme": 1}
    assert numbers(found, "panel", "age_band") == {"45 à 59 ans": 3}
    assert numbers(found, "panel", "occupation") == {"non connu": 3}


def test_the_occupation_of_a_member_is_that_of_the_application(people):
    draw = draw_in(people, DrawState.REVEALED)
    mandate = MandateFactory(term=people.term)
    Placement.objects.create(draw=draw, pseudonym="V0001", mandate=mandate, placed_by=people["officer"])
    found = representation(people.term, public=False)
    assert numbers(found, "panel", "occupation") == {"employé ou employée": 1}


def test_those_who_come_are_counted_at_each_plenary(people, canton):
    one, two, _absent = sitting(people, canton, "FMM")
    for kind, there in ({}, [one, two]), ({}, [one]), ({"committee_sitting": True}, [two]):
        held = SittingFactory(term=people.term, held=True, **kind)
        for mandate in there:
            invitee = InviteeFactory(sitting=held, person=mandate.member.person)
            AttendanceFactory(invitee=invitee)
            AttendanceFactory(invitee=invitee, voided_at=held.starts_at, arrived_at=held.starts_at)
    found = representation(people.term, public=False)
    assert numbers(found, "attendance", "gender") == {"femme": 2, "homme": 1}


def test_the_public_reads_no_small_cell(people, canton, client):
    sitting(people, canton, "F" * 7 + "M" * 6 + "X")
    publish_profile(people.term)
    found = representation(people.term, public=True)
    assert numbers(found, "panel", "gender") == {"femme": None, "homme": 6, "autre ou non précisé": None}
    assert numbers(found, "panel", "canton") == {"Auterive": 14}
    assert "channel" not in found.values
    assert not next(group for group in found.groups if group.key == "population").cells["age_band"]["-29"].is_hidden
    html = client.get(PUBLIC).content.decode()
    assert html.count("masqué") >= 4
    file = client.get(f"{PUBLIC}chiffres.csv").content.decode("utf-8-sig")
    assert "Genre;Femme;Membres en mandat;masqué;" in file


def test_a_member_who_comes_often_is_still_one_person(people, canton):
    made = sitting(people, canton, "F" * 6 + "MM")
    for _ in range(4):
        held = SittingFactory(term=people.term, held=True)
        for mandate in made:
            AttendanceFactory(invitee=InviteeFactory(sitting=held, person=mandate.member.person))
    publish_profile(people.term)
    found = representation(people.term, public=True)
    assert numbers(found, "attendance", "gender") == {"femme": None, "homme": None, "autre ou non précisé": None}
    told = section("gender", found)
    assert "Présences en plénière" in [str(name) for name in told["hidden"]]


def test_the_public_reads_volunteers_once_a_draw_is_announced(people):
    draw_in(people, DrawState.COMPUTED)
    assert "volunteers" not in [group.key for group in representation(people.term, public=True).groups]
    now = timezone.now()
    Draw.objects.update(state=DrawState.ANNOUNCED, announced_at=now, place="Mairie", takes_place_at=now)
    assert "volunteers" in [group.key for group in representation(people.term, public=True).groups]


def test_the_home_does_not_give_a_hidden_cell_away(people, canton):
    sitting(people, canton, "F" * 7 + "M" * 6 + "X")
    publish_profile(people.term)
    context = composition(None, people.term).context
    assert (context["members"], "women" in context, "men" in context) == (14, False, False)


def test_the_desk_reads_everything(people, canton, signed_in):
    sitting(people, canton, "FM")
    CandidateFactory(call=CallFactory(term=people.term), canton=canton, birth_date=date(2000, 1, 1))
    client = signed_in("officer")
    html = client.get(DESK).content.decode()
    assert "masqué" not in html
    assert "Reçues par" in html
    assert "La profession de 2 membres n’est pas connue" in html
    assert "Auterive;Membres en mandat;2;1" in client.get("/bureau/candidatures/profil.csv").content.decode(
        "utf-8-sig"
    )
    assert "/bureau/candidatures/profil/" in client.get("/bureau/membres/").content.decode()


@pytest.mark.parametrize(
    ("people", "words"), [(0, "moins de 5"), (4, "moins de 5"), (5, "5 à 9"), (19, "10 à 19"), (64, "50 ou plus")]
)
def test_the_public_reads_ranges_of_a_canton(people, words):
    assert CallCell(None, "F", 2, people, people, people).public_count == words


def test_nobody_to_count(people, client, signed_in):
    assert "Personne à compter" in signed_in("officer").get(DESK).content.decode()
    assert "Personne à compter" in client.get(PUBLIC).content.decode()


@pytest.mark.parametrize("many", [1, 6])
def test_a_larger_panel_costs_no_more_statements(people, canton, many, django_assert_num_queries):
    sitting(people, canton, "F" * many)
    CandidateFactory(call=CallFactory(term=people.term), canton=canton)
    term = people.term
    with django_assert_num_queries(7):
        representation(term, public=False)


def test_no_page_without_a_term(client):
    assert client.get(PUBLIC).status_code == 404


GOOD = "critere;valeur;part\ngenre;Femme;51,4 %\ngenre;M;48.6\ncanton;auterive;100\n"


def sent(client, content, **more):
    file = SimpleUploadedFile("population.csv", content if isinstance(content, bytes) else content.encode())
    data = {"file": file, "source": "Chiffres fictifs", "dated_on": "2021-01-01"} | more
    answer = client.post(f"{DESK}population/", data)
    if answer.status_code != 200:
        return answer
    shares = re.search(r'name="shares" value="([^"]+)"', answer.content.decode())[1]
    return client.post(f"{DESK}population/", data | {"file": "", "shares": shares})


def test_the_shares_of_a_file_are_shown_before_they_are_published(people, canton, signed_in):
    desk = signed_in("officer")
    file = SimpleUploadedFile("population.csv", GOOD.encode())
    answer = desk.post(f"{DESK}population/", {"file": file, "source": "INSEE", "dated_on": "2021-01-01"})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert answer.status_code == 200
    assert "Genre Femme 51,4 % Genre Homme 48,6 % Canton Auterive 100,0 %" in text
    assert not PopulationMargins.objects.exists()
    forged = {"source": "INSEE", "dated_on": "2021-01-01", "shares": "eyJnZW5kZXIiOnt9fQ:1x:y"}
    assert desk.post(f"{DESK}population/", forged).status_code == 422
    assert not PopulationMargins.objects.exists()


def test_imported_figures_stand_beside_with_their_source(people, canton, signed_in, client):
    sitting(people, canton, "F" * 6 + "M" * 6)
    publish_profile(people.term)
    desk = signed_in("officer")
    assert sent(desk, GOOD).status_code == 302
    found = representation(people.term, public=True)
    gauge = found.groups[0]
    assert {value: round(cell.share, 3) for value, cell in gauge.cells["gender"].items()} == {"F": 0.514, "M": 0.486}
    assert list(gauge.cells["canton"]) == [str(canton.pk)]
    assert gauge.cells["age_band"]["-29"].share == 0.258
    html = client.get(PUBLIC).content.decode()
    assert "Chiffres fictifs, 1" in html
    sent(desk, "critere;valeur;part\ngenre;femme;52\ngenre;homme;48\n", source="Plus récents")
    gauge = representation(people.term, public=True).groups[0]
    assert (gauge.cells["gender"]["F"].share, gauge.notes["gender"][:12]) == (0.52, "Plus récents")
    assert gauge.notes["canton"].startswith("Chiffres fictifs")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("valeur;part\nfemme;3\n", "La première ligne doit être"),
        ("critere;valeur;part\ndiplome;bac;100\n", "Ligne 2, « bac »"),
        ("critere;valeur;part\ngenre;femme;51\ngenre;lutin;49\n", "Ligne 3, « lutin »"),
        ("critere;valeur;part\ngenre;femme;51\ngenre;F;49\n", "déjà donnée"),
        ("critere;valeur;part\ngenre;femme;nan\n", "pour cent"),
        ("critere;valeur;part\ngenre;femme;1e999\n", "pour cent"),
        ("critere;valeur;part\ngenre;femme;-3\n", "Ligne 2"),
        ("critere;valeur;part\ngenre;femme;=1+1\n", "formule"),
        ("critere;valeur;part\ngenre;femme;51\ngenre;homme;40\n", "font 91,0 et non 100"),
        ("critere;valeur;part\ngenre;femme;0\ngenre;homme;0\n", "non 100"),
        ("critere;valeur;part\n", "aucune ligne"),
        (b"critere;valeur;part\ngenre;fem\x00me;51\n", ""),
    ],
)
def test_a_wrong_file_is_refused_line_by_line(people, canton, signed_in, content, words):
    answer = sent(signed_in("officer"), content)
    assert answer.status_code == 422
    assert words.replace(" »", "\u00a0»").replace("« ", "«\u00a0") in answer.content.decode().replace(
        "&nbsp;", "\u00a0"
    )
    assert not PopulationMargins.objects.exists()


def test_what_was_typed_with_a_wrong_file_is_kept(people, signed_in):
    answer = sent(signed_in("lead"), "critere;valeur;part\ngenre;x;9\n", source="INSEE, 2021", dated_on="2999-01-01")
    html = answer.content.decode()
    assert "INSEE, 2021" in html
    assert "Cette date est à venir." in html


def test_the_import_is_in_the_journal_and_not_for_facilitators(people, canton, signed_in):
    sent(signed_in("officer"), GOOD)
    assert Entry.objects.filter(event_type="population.imported").count() == 1
    assert sent(signed_in("facilitator"), GOOD).status_code == 403


def test_an_import_that_is_set_aside_gives_the_one_before_it_back(people, canton, signed_in):
    """The list tells who imported what and when; setting aside loses nothing."""
    officer = signed_in("officer")
    page = reverse("draws:population-import")
    sent(officer, "critere;valeur;part\ngenre;femme;40\ngenre;homme;60\n", source="Ancienne source")
    sent(officer, "critere;valeur;part\ngenre;femme;52\ngenre;homme;48\n", source="Nouvelle source")
    old, new = PopulationMargins.objects.order_by("pk")

    def women():
        found = representation(people.term, public=True)
        return next(group.cells["gender"]["F"].share for group in found.groups if group.key == "population")

    def told():
        return [(row.margins.source, bool(row.counting)) for row in imports(people.term)]

    assert (women(), told()) == (0.52, [("Nouvelle source", True), ("Ancienne source", False)])
    shown = officer.get(page).text
    assert "Ancienne source" in shown
    assert people["officer"].person.full_name in shown
    aside, back = (reverse("draws:population-count", args=[new.pk, verb]) for verb in ("ecarter", "reprendre"))
    assert officer.get(aside).status_code == 405
    for _twice in range(2):
        assert officer.post(aside).status_code == 302
    assert (women(), told()) == (0.40, [("Nouvelle source", False), ("Ancienne source", True)])
    assert "Écartés" in officer.get(page).text
    assert officer.post(back).status_code == 302
    assert women() == 0.52
    verbs = (
        Entry.objects.filter(event_type__startswith="population.").values_list("event_type", flat=True).order_by("pk")
    )
    assert list(verbs) == [*["population.imported"] * 2, "population.excluded", "population.included"]
    assert officer.post(reverse("draws:population-count", args=[old.pk, "effacer"])).status_code == 404
    assert signed_in("facilitator").post(aside).status_code == 403
    assert signed_in(people.elsewhere("officer")).post(aside).status_code == 404
