"""The desk's directory: who sees what, what leaves it, at how many statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assembly.audit.models import Entry
from members.mandates import actions as mandates
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.members import AccommodationNeedFactory, CharterVersionFactory, MandateFactory

pytestmark = pytest.mark.django_db
LIST = "/bureau/membres/"
STATEMENTS = 7


def named(first, last, **traits):
    return MandateFactory(member__person__first_name=first, member__person__last_name=last, **traits)


def test_a_page_counts_and_groups_nothing_of_the_rest(people, signed_in):
    """Neither the needs nor the groups of ten thousand are read to show twenty-five, nor to say how many they are."""
    for number in range(30):
        AccommodationNeedFactory(member=named("Rosa", f"Roux{number:02}").member)
    browser = signed_in("officer")
    with CaptureQueriesContext(connection) as captured:
        assert "30 membres" in browser.get(LIST).content.decode()
    of_rows = [query["sql"] for query in captured if 'FROM "members_mandate"' in query["sql"]]
    assert [sql for sql in of_rows if 'GROUP BY "members_mandate"' in sql] == []
    assert len([sql for sql in of_rows if "institution_committeemembership" in sql]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_any_size(count, people, signed_in):
    for _ in range(count):
        mandate = MandateFactory()
        CommitteeMembershipFactory(person=mandate.member.person)
        AccommodationNeedFactory(member=mandate.member)
    browser = signed_in("officer")
    browser.get(LIST)
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(LIST)
    assert response.status_code == 200
    assert len(seen) == STATEMENTS


@pytest.mark.parametrize("count", [1, 3])
def test_one_page_costs_the_same_at_any_size(count, people, signed_in):
    mandate = MandateFactory()
    for _ in range(count):
        CommitteeMembershipFactory(person=mandate.member.person, committee=CommitteeFactory(term=mandate.term))
    AccommodationNeedFactory(member=mandate.member)
    CharterVersionFactory(term=mandate.term)
    mandates.record_step(mandate, "suspend", by=people["officer"])
    browser = signed_in("officer")
    url = reverse("members:member-page", args=[mandate.pk])
    browser.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    assert len(seen) == 14, [query["sql"][:190] for query in seen.captured_queries]


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("officer", 200), ("facilitator", 200), ("member", 403), ("dpo", 403), ("dir_contact", 403),
     ("president", 403), ("stranger", 403)],
)  # fmt: skip
def test_who_reads_the_list(who, status, people, signed_in):
    MandateFactory()
    assert signed_in(who).get(LIST).status_code == status


def test_search_ignores_accents_case_and_order(people, signed_in):
    named("Élodie", "Barthès"), named("Jean-Luc", "Cazaux")
    browser = signed_in("officer")
    for words, found in [("barthes", 1), ("ÉLODIE barthès", 1), ("luc", 1), ("jean luc", 1), ("zzz", 0), ("", 2)]:
        html = browser.get(LIST, {"q": words}).content.decode()

        assert sum(name in html for name in ("Barthès, Élodie", "Cazaux, Jean-Luc")) == found


def test_filters_live_in_the_address(people, signed_in):
    paper = named("Papier", "Un", paper=True)
    gone = named("Partie", "Deux", ended=True)
    group = CommitteeFactory()
    here = named("Groupe", "Trois")
    CommitteeMembershipFactory(person=here.member.person, committee=group)
    AccommodationNeedFactory(member=here.member)
    browser = signed_in("officer")
    everyone = {"Un, Papier", "Deux, Partie", "Trois, Groupe"}
    for query, expected in [
        ({}, {"Un, Papier", "Trois, Groupe"}),
        ({"etat": "tous"}, everyone),
        ({"etat": "ended"}, {"Deux, Partie"}),
        ({"contact": "paper"}, {"Un, Papier"}),
        ({"besoins": "oui"}, {"Trois, Groupe"}),
        ({"groupe": group.pk}, {"Trois, Groupe"}),
        ({"canton": paper.member.canton_id}, {"Un, Papier"}),
        ({"canton": gone.member.canton_id}, set()),
        ({"canton": "abc", "groupe": "999999", "etat": "<script>"}, {"Un, Papier", "Trois, Groupe"}),
    ]:
        html = browser.get(LIST, query).content.decode()
        assert {name for name in everyone if name in html} == expected, query


def names(response):
    return [mandate.member.person.last_name for mandate in response.context["list"].page]


def test_pages_and_order(people, signed_in):
    for index in range(30):
        named("A", f"N{index:02}")
    browser = signed_in("officer")
    first = browser.get(LIST, {"tri": "-nom"})
    rows = names(first)
    second = names(browser.get(LIST, {"tri": "-nom", "apres": first.context["list"].page.after}))
    assert (len(rows), len(second)) == (25, 5)
    assert rows + second == sorted(rows + second, reverse=True)
    assert "30 membres" in first.content.decode()


@pytest.mark.parametrize("count", [2, 26])
@pytest.mark.parametrize("who", ["officer", "lead", "lead@elsewhere"])
def test_the_list_as_it_opens_is_the_list(who, count, people, signed_in):
    """It is asked by a statement compiled once for all who have such roles: the rows are those of any other way."""
    for index in range(count):
        mandate = named("A", f"N{index:02}")
    CommitteeMembershipFactory(person=mandate.member.person)
    AccommodationNeedFactory(member=named("A", "N00 bis").member)
    named("Partie", "Avant", ended=True)
    user = people.elsewhere("lead") if "@" in who else people[who]
    opened, sorted_by_name = (signed_in(user).get(LIST, query).context["list"] for query in ({}, {"tri": "nom"}))
    rows = [
        [(row.pk, row.needs, row.groups, row.seat_label, row.state_label) for row in shown.page]
        for shown in (opened, sorted_by_name)
    ]
    assert rows[0] == rows[1]
    assert (opened.page.before, opened.page.after) == (sorted_by_name.page.before, sorted_by_name.page.after)
    assert opened.count == sorted_by_name.count == (0 if "@" in who else count + 1)


def test_the_list_shows_no_contact_data_and_reading_writes_nothing(people, signed_in):
    mandate = named("Yvette", "Cazaux")
    browser = signed_in("officer")
    shown = browser.get(LIST).content.decode() + browser.get("/bureau/membres/export.csv").content.decode()
    assert mandate.member.person.email not in shown
    assert "Cazaux" in shown
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "verb", "word"),
    [
        ("coordonnees.csv", "members.exported", "yvette@example.org"),
        ("etiquettes/", "members.labels_printed", "3 rue du Moulin"),
        ("mesures/", "members.needs_read", "langue des signes"),
    ],
)
def test_reading_contact_data_is_noted(path, verb, word, people, signed_in):
    mandate = named("Yvette", "Cazaux", member__person__email="yvette@example.org")
    person = mandate.member.person
    person.address, person.city, person.postcode = "3 rue du Moulin", "Muret", "31600"
    person.save()
    AccommodationNeedFactory(member=mandate.member)
    named("Autre", "Personne", member__canton=mandate.member.canton)
    browser = signed_in("officer")
    assert browser.get(f"{LIST}{path}").status_code == 405
    response = browser.post(f"{LIST}{path}?q=cazaux")
    assert word in response.content.decode()
    assert "Personne" not in response.content.decode()
    entry = Entry.objects.get()
    assert (entry.event_type, entry.facts) == (verb, {"count": 1})
    for who in ("facilitator", "member", "dpo", "stranger"):
        assert signed_in(who).post(f"{LIST}{path}").status_code == 403
    assert Entry.objects.count() == 1


def test_the_export_is_what_the_list_shows(people, signed_in):
    named("=cmd", "Barthès"), named("Rosa", "Vidal", suspended=True)
    text = signed_in("officer").get("/bureau/membres/export.csv", {"tri": "-nom"}).content.decode()
    lines = text.lstrip("\ufeff").splitlines()
    notes = [f"# Membres, {people.term.name}", "# Sans filtre"]
    assert [line.split(";")[0] for line in lines[:-1]] == ["Nom", "Vidal", "Barthès", *notes]
    assert people["officer"].get_full_name() in lines[-1]
    assert lines[0] == "Nom;Prénom;Canton;Siège;Groupes;Contact;Mesures à prévoir;Mandat"
    assert "Suspendu" in lines[1]
    assert "'=cmd" in lines[2]


def test_groups_of_today_are_named_once_in_order(people, signed_in):
    person = named("Rosa", "Vidal").member.person
    first, second = CommitteeFactory(name="Mobilités"), CommitteeFactory(name="Culture")
    for group, span in [
        (first, {}),
        (second, {}),
        (CommitteeFactory(name="Fermé", closed_on=date(2026, 1, 10)), {}),
        (CommitteeFactory(name="Quitté"), {"ends_on": date(2026, 1, 10)}),
    ]:
        CommitteeMembershipFactory(person=person, committee=group, starts_on=date(2026, 1, 2), **span)
    for who in ("officer", "facilitator"):
        browser = signed_in(who)
        line = browser.get("/bureau/membres/export.csv").content.decode().splitlines()[1]
        assert line.split(";")[4] == "Culture, Mobilités"
        html = browser.get(LIST).content.decode()
        table = html[html.index("<tbody>") : html.index("</tbody>")]
        assert table.index("Culture") < table.index("Mobilités")
        assert "Fermé" not in table
        assert "Quitté" not in table


def test_the_file_with_contact_data_has_the_order_of_the_list(people, signed_in):
    named("Rosa", "Vidal", suspended=True, member__person__email="rosa@example.org"), named("Jean", "Barthès")
    text = signed_in("officer").post("/bureau/membres/coordonnees.csv?tri=-etat").content.decode()
    lines = text.lstrip("\ufeff").splitlines()
    assert lines[0] == (
        "Nom;Prénom;Canton;Siège;Moyen de contact;Adresse électronique;Téléphone;Adresse;Code postal;Commune"
        ";Civilité;Genre;Année de naissance"
    )
    assert [line.split(";")[0] for line in lines[1:-3]] == ["Vidal", "Barthès"]
    assert "par courriel;rosa@example.org" in lines[1]


def test_a_facilitator_does_not_sort_by_a_column_that_is_not_shown(people, signed_in):
    named("Rosa", "Vidal")
    shown = signed_in("facilitator").get(LIST, {"tri": "etat"})
    assert shown.context["list"].order.column == "nom"
    export = signed_in("facilitator").get("/bureau/membres/export.csv").content.decode().lstrip("\ufeff")
    assert export.splitlines()[0] == "Nom;Prénom;Canton;Siège;Groupes"


def test_a_facilitator_reads_names_and_cantons_only(people, signed_in):
    named("Rosa", "Vidal"), named("Jean", "Refuse", declined=True), named("Paul", "Papier", paper=True)
    browser = signed_in("facilitator")
    html = browser.get(LIST).content.decode()
    assert "Vidal, Rosa" in html
    assert "Refuse" not in html
    assert "courrier postal" not in html
    assert "courrier" not in browser.get("/bureau/membres/export.csv").content.decode()
    assert browser.get(LIST, {"contact": "paper"}).content.decode().count("Vidal, Rosa") == 1


def test_nothing_crosses_to_another_assembly(people, signed_in):
    mandate = named("Rosa", "Vidal")
    stranger = signed_in(people.elsewhere("lead"))
    assert "Vidal" not in stranger.get(LIST).content.decode()
    assert "Vidal" not in stranger.get(LIST, {"canton": mandate.member.canton_id, "etat": "tous"}).content.decode()
    assert "Vidal" not in stranger.get("/bureau/membres/export.csv").content.decode()
    assert "Vidal" not in stranger.post("/bureau/membres/coordonnees.csv").content.decode()
    for name in ("member-page", "member-correct", "member-charter", "member-image", "member-need", "member-seat"):
        assert stranger.get(reverse(f"members:{name}", args=[mandate.pk])).status_code == 404, name


def test_empty_states_say_what_to_do(people, signed_in):
    browser = signed_in("officer")
    assert "Importez la liste" in browser.get(LIST).content.decode()
    MandateFactory()
    assert "enlevez un filtre" in browser.get(LIST, {"q": "zzz"}).content.decode()
    assert "Aucun membre" not in browser.get(LIST).content.decode()
