"""The directory: whom each role sees, what finds them, what leaves the site."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.directory import lists
from assembly.institution.models import Directorate
from assembly.search.actions import index
from assembly.search.models import SearchEntry
from assembly.search.registry import source_of
from members.members.contributions import DirectoryGroup
from tests.factories.candidates import CandidateFactory
from tests.factories.identity import UserFactory
from tests.factories.institution import AssemblyFactory, CantonFactory, DirectorateFactory, RoleAssignmentFactory
from tests.factories.mailings import PartnerContactFactory
from tests.factories.members import ContactFactory, MandateFactory

pytestmark = pytest.mark.django_db
PAGE = "/bureau/annuaire/"


@pytest.fixture
def known(people):
    """Make one person of each kind, and their namesakes where nobody here may see them."""
    muret = CantonFactory(name="Muret")
    member = MandateFactory(member__canton=muret, **person("member__person", "Élan", "Rosa", "0561334455"))
    agent = UserFactory(**person("person", "Zoé", "Paul", "+33 (0)6 12-34-56-78"))
    roads = DirectorateFactory(assembly=people.assembly, code="routes", name="Direction des Mobilités")
    RoleAssignmentFactory(user=agent, role="dir_contact", directorate=roads, assembly=people.assembly, term=None)
    guest = ContactFactory(assembly=people.assembly, **person("person", "Dupont", "Ana", "05.62.00.11.22"))
    guest.person.capacity = "maire déléguée"
    guest.person.save()
    contact = PartnerContactFactory(
        row__assembly=people.assembly,
        row__name="Emmaüs Toulouse",
        function="présidente",
        **person("person", "L’Hôte", "Inès", "561998877"),
    )
    elsewhere = AssemblyFactory(second=True)
    PartnerContactFactory(
        row__assembly=elsewhere, row__name="Ailleurs", **person("person", "Caché", "Un", "0561334455")
    )
    ContactFactory(assembly=elsewhere, **person("person", "Caché", "Deux", "0561334455"))
    CandidateFactory(last_name="Caché", first_name="Trois", phone="0561334455")
    return {"member": member, "agent": agent, "guest": guest, "contact": contact}


def person(path, last_name, first_name, phone):
    email = f"{first_name}.{last_name}".lower().replace("’", "").replace("é", "e").replace("ô", "o").replace("è", "e")
    fields = {"last_name": last_name, "first_name": first_name, "phone": phone, "email": f"{email}@exemple.fr"}
    return {f"{path}__{name}": value for name, value in fields.items()}


def names(browser, **asked):
    context = browser.get(PAGE, asked).context
    return [row.listed_name for row in context["list"].page]


def test_who_declined_a_seat_is_found_by_the_team_and_written_to_by_nobody(people, known, signed_in):
    declined = MandateFactory(declined=True, **person("member__person", "Rives", "Odette", "0561999911"))
    MandateFactory(no_answer=True, **person("member__person", "Rives", "Paulette", "0561999922"))
    for asked in ("rives odette", "0561999911"):
        assert names(signed_in("officer"), q=asked) == [declined.member.person.listed_name]
    assert "A refusé son siège" in signed_in("officer").get(PAGE, {"q": "odette"}).content.decode()
    assert names(signed_in("facilitator"), q="rives") == []
    assert not DirectoryGroup().people(people.term).filter(last_name="Rives").exists()


FOUND = {
    "élan": ["Élan, Rosa"],
    "ROSA elan": ["Élan, Rosa"],
    "05 61 33 44 55": ["Élan, Rosa"],
    "0561334455": ["Élan, Rosa"],
    "+33 5 61 33": ["Élan, Rosa"],
    "0033561334455": ["Élan, Rosa"],
    "334455": ["Élan, Rosa"],
    "06.12.34": ["Zoé, Paul"],
    "toulouse 05 61": ["L’Hôte, Inès"],
    "05 61 emmaus": ["L’Hôte, Inès"],
    "05 61": ["Élan, Rosa", "L’Hôte, Inès"],
    "05 62": ["Dupont, Ana"],
    "ines.lhote@": ["L’Hôte, Inès"],
    "lhote@exem": ["L’Hôte, Inès"],
    "hote": ["L’Hôte, Inès"],
    "presid": ["L’Hôte, Inès"],
    "deleguee": ["Dupont, Ana"],
    "muret": ["Élan, Rosa"],
    "mobilites": ["Zoé, Paul"],
    "referent mobi": ["Zoé, Paul"],
    "ailleurs": [],
    "cache": [],
    "%": [],
}


def test_one_field_finds_anybody_by_anything(known, signed_in):
    officer = signed_in("officer")
    assert {words: names(officer, q=words) for words in FOUND} == FOUND


def test_the_order_is_that_of_a_french_dictionary(known, signed_in):
    officer = signed_in("officer")
    listed = names(officer)
    assert [name for name in listed if not name.startswith("Nom")] == [
        "Dupont, Ana",
        "Élan, Rosa",
        "L’Hôte, Inès",
        "Zoé, Paul",
    ]
    assert names(officer, tri="-nom")[0] == "Zoé, Paul"


def test_filters_count_only_what_the_reader_sees(known, signed_in):
    officer = signed_in("officer")
    assert names(officer, type="member") == ["Élan, Rosa"]
    assert names(officer, type="agent") == ["Zoé, Paul"]
    assert names(officer, type="partner_contact") == ["L’Hôte, Inès"]
    assert names(officer, type="contact") == ["Dupont, Ana"]
    assert names(officer, canton=known["member"].member.canton_id) == ["Élan, Rosa"]
    assert names(officer, direction=Directorate.objects.get(code="routes").pk) == ["Zoé, Paul"]


def test_facilitators_read_names_and_cantons_of_those_who_sit(known, signed_in):
    MandateFactory(proposed=True, **person("member__person", "Attend", "Encore", "0561334455"))
    reader = signed_in("facilitator")
    html = reader.get(PAGE).content.decode()
    assert names(reader) == ["Élan, Rosa"]
    assert "Canton de Muret" in html
    for secret in ("0561", "05 61", "@exemple.fr", "Courriel", "Exporter", "Imprimer"):
        assert secret not in html
    assert names(reader, q="05 61 33 44 55") == names(reader, q="rosa.elan@exemple.fr") == []
    assert reader.get(reverse("directory:person", args=[known["member"].member.person_id])).status_code == 403
    assert reader.post(reverse("directory:file")).status_code == 403


def test_somebody_with_several_roles_is_one_line_and_a_namesake_stands_apart(known, people, signed_in):
    rosa = known["member"].member.person
    PartnerContactFactory(row__assembly=people.assembly, row__name="Ligue", function="trésorière", person=rosa)
    double = PartnerContactFactory(
        row__assembly=people.assembly, row__name="Collectif", **person("person", "Elan", "R.", "")
    )
    double.person.email = rosa.email.upper()
    double.person.save()
    officer = signed_in("officer")
    html = officer.get(PAGE, {"q": "elan"}).content.decode()
    assert names(officer, q="elan") == ["Elan, R.", "Élan, Rosa"]
    assert "Même courriel\u00a0: Rosa Élan" in html
    assert "Même courriel\u00a0: R. Elan" in html
    page = officer.get(reverse("directory:person", args=[rosa.pk])).content.decode()
    for role in ("Membre", "Canton de Muret", "trésorière", "Ligue"):
        assert role in page
    assert reverse("members:member-page", args=[known["member"].pk]) in page


def test_contact_data_of_members_are_read_few_at_a_time(known, people, signed_in, monkeypatch):
    officer = signed_in("officer")
    assert "05 61 33 44 55" in officer.get(PAGE).content.decode()
    monkeypatch.setattr(lists, "FEW", 3)
    html = officer.get(PAGE).content.decode()
    assert "05 61 33 44 55" not in html
    assert "rosa.elan" not in html
    assert "05 61 99 88 77" in html
    assert "05 61 33 44 55" in officer.get(PAGE, {"q": "elan"}).content.decode()


def journal(event_type):
    return list(Entry.objects.filter(event_type=event_type).values_list("facts", flat=True))


def test_file_print_and_card_are_noted(known, signed_in):
    officer = signed_in("officer")
    rows = list(
        csv.reader(
            io.StringIO(officer.post(f"{reverse('directory:file')}?q=elan").content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert rows[0] == ["Nom", "Prénom", "Qualité", "Rôle", "Organisation", "Téléphone", "Courriel"]
    assert rows[1] == ["Élan", "Rosa", "", "Membre", "Canton de Muret", "05 61 33 44 55", "rosa.elan@exemple.fr"]
    printed = officer.post(f"{reverse('directory:print')}?q=05+61").content.decode()
    assert "L’Hôte, Inès" in printed
    assert "05 61 99 88 77" in printed
    assert "Dupont" not in printed
    card = officer.post(reverse("directory:card", args=[known["contact"].person_id]))
    assert card.headers["Content-Type"] == "text/vcard; charset=utf-8"
    lines = card.content.decode().split("\r\n")
    assert lines[:6] == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:L’Hôte;Inès;;;",
        "FN:Inès L’Hôte",
        "ORG:Emmaüs Toulouse",
        "TITLE:présidente",
    ]
    assert "TEL;TYPE=VOICE:05 61 99 88 77" in lines
    assert len(journal("directory.exported")) == len(journal("directory.printed")) == 1
    assert len(journal("directory.card_exported")) == 1


def test_a_role_that_ended_leaves_the_search_too(known, people):
    agent = known["agent"]
    PartnerContactFactory(row__assembly=people.assembly, row__name="Ligue", function="trésorière", person=agent.person)
    source = source_of("person")
    index(source, [agent.person_id])
    role = agent.roles.get()
    agent.roles.update(ended_at=timezone.now())
    index(source, source.touched_by("institution.RoleAssignment", {str(role.pk)}))
    body = SearchEntry.objects.get(kind="person", object_id=agent.person_id).body
    assert "trésorière, Ligue" in body
    assert "Mobilités" not in body


def test_who_left_is_no_longer_there(known, people, signed_in):
    officer = signed_in("officer")
    known["agent"].roles.update(ended_at=timezone.now())
    known["contact"].delete()
    known["guest"].delete()
    assert [name for name in names(officer) if not name.startswith("Nom")] == ["Élan, Rosa"]
    for gone in (known["agent"].person_id, known["contact"].person_id):
        assert officer.get(reverse("directory:person", args=[gone])).status_code == 404
