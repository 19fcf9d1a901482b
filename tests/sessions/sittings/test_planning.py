from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sessions.models import Sitting
from tests.factories.institution import CommitteeFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import (
    AgendaItemFactory,
    AttendanceFactory,
    InviteeFactory,
    NoticeFactory,
    SittingFactory,
    SittingTemplateFactory,
)

pytestmark = pytest.mark.django_db
PAGES = ["sitting", "edit", "history", "save-template", "papers", "notice", "attendance", "roll"]
DAY = "2027-02-06"


def typed(**changes):
    return {
        "title": "Plénière d’hiver",
        "day": DAY,
        "starts": "09:30",
        "ends": "17:00",
        "break_starts": "12:30",
        "break_ends": "14:00",
        "place_name": "Muret",
    } | changes


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("trait", ["", "notified", "confirmed", "running", "held", "not_quorate"])
def test_every_page_of_the_dossier_in_every_state(officer, name, trait):
    sitting = SittingFactory(**({trait: True} if trait else {}))
    AgendaItemFactory(sitting=sitting)
    InviteeFactory(sitting=sitting, coming=True, wants_meal=True, children=2, diet="sans sel")
    AttendanceFactory(invitee=InviteeFactory(sitting=sitting, guest=True), left_at=sitting.ends_at)
    NoticeFactory(sitting=sitting)
    response = officer.get(reverse(f"sittings:{name}", args=[sitting.pk]))
    expected = 403 if name == "edit" and not sitting.is_upcoming else 200
    assert response.status_code == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_and_three_rows(officer, rows, django_assert_max_num_queries):
    for _ in range(rows):
        InviteeFactory(sitting=SittingFactory(committee_sitting=True, notified=True))
    officer.get(reverse("sittings:list"))
    with django_assert_max_num_queries(12):
        response = officer.get(reverse("sittings:list"))
    assert len(response.context["page"].rows) == rows


def test_the_list_counts_the_invited_of_its_own_rows_only(officer):
    sitting = SittingFactory(notified=True)
    InviteeFactory(sitting=sitting, coming=True)
    InviteeFactory(sitting=sitting)
    InviteeFactory(sitting=sitting, coming=True, withdrawn_at=timezone.now())
    SittingFactory()
    with CaptureQueriesContext(connection) as asked:
        page = officer.get(reverse("sittings:list"))
    assert sorted((row.asked, row.coming) for row in page.context["page"]) == [(0, 0), (2, 1)]
    listed = next(query["sql"] for query in asked if "LIMIT 26" in query["sql"])
    assert 'JOIN "sittings_invitee"' not in listed  # which would group the whole term for one page


def test_the_list_filters_sorts_and_exports_what_it_shows(officer):
    SittingFactory(title="Bilan", held=True)
    SittingFactory(title="=Suite")
    shown = officer.get(reverse("sittings:list"), {"q": "bilan", "tri": "titre"})
    assert [row.title for row in shown.context["page"]] == ["Bilan"]
    assert [row.title for row in officer.get(reverse("sittings:list"), {"period": "next"}).context["page"]] == [
        "=Suite"
    ]
    text = officer.get(reverse("sittings:export"), {"q": "suite"}).content.decode()
    assert "'=Suite" in text
    assert "Bilan" not in text


def test_hostile_filters_show_the_list(officer):
    SittingFactory()
    for hostile in ({"tri": "x"}, {"body": "'; drop"}, {"apres": "9" * 30}, {"avant": "-1"}, {"state": "nope"}):
        assert officer.get(reverse("sittings:list"), hostile).status_code == 200


def test_create_from_the_last_one(officer):
    last = SittingFactory(held=True, offers_meal=True, place_name="Muret")
    AgendaItemFactory(sitting=last, title="Bilan des groupes")
    answer = officer.post(reverse("sittings:start"), {"body": "plenary", "start": "last"})
    page = officer.get(answer.url)
    assert page.context["form"].initial["place_name"] == "Muret"
    answer = officer.post(answer.url, typed(officer=page.context["form"].initial["officer"], once=""))
    made = Sitting.objects.exclude(pk=last.pk).get()
    assert answer.url == f"{reverse('sittings:sitting', args=[made.pk])}#nouveau-point"
    assert (made.reference[:8], [item.title for item in made.agenda.all()]) == ("PL-2027-", ["Bilan des groupes"])


def test_create_from_a_template_for_a_committee(officer, people):
    template = SittingTemplateFactory()
    committee = CommitteeFactory(kind="steering", name="COPIL")
    url = reverse("sittings:create", args=[committee.pk, template.pk])
    officer.post(url, typed(officer=people["officer"].pk))
    made = Sitting.objects.get()
    assert (made.reference, made.kind, made.is_quorum_required) == ("COPIL-2027-01", "committee", False)
    assert [(item.title, bool(item.parent_id)) for item in made.agenda.all()] == [
        ("Ouverture", False),
        ("Échange", False),
        ("En petits groupes", True),
    ]


def test_a_double_click_creates_one_sitting(officer, people):
    url = reverse("sittings:create", args=["plenary", "blank"])
    once = "0b7f2f4e-6f0a-4e7e-9d5a-1d1f7c1f0001"
    for _ in range(2):
        sent = officer.post(url, typed(officer=people["officer"].pk), headers={"Idempotency-Key": once})
        assert sent.status_code == 302
    assert Sitting.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2027-03-28", "starts": "02:30", "ends": "05:00", "break_starts": "", "break_ends": ""}, "starts"),
        ({"ends": "09:00"}, "ends"),
        ({"break_ends": ""}, "break_ends"),
        ({"break_starts": "08:00"}, "break_starts"),
        ({"title": ""}, "title"),
        ({"day": "31/02/2027"}, "day"),
        ({"video_link": "javascript:alert(1)"}, "video_link"),
    ],
)
def test_wrong_hours_are_said_in_words_and_nothing_is_written(officer, people, changes, field):
    url = reverse("sittings:create", args=["plenary", "blank"])
    response = officer.post(url, typed(officer=people["officer"].pk, **changes))
    assert list(response.context["form"].errors) == [field]
    assert Sitting.objects.count() == 0


def test_a_late_save_is_answered_with_both_texts(officer, people):
    sitting = SittingFactory(officer=people["officer"])
    url = reverse("sittings:edit", args=[sitting.pk])
    version = officer.get(url).context["form"].initial["version"]
    officer.post(url, typed(title="Premier", officer=people["officer"].pk, version=version))
    late = officer.post(url, typed(title="Second", officer=people["officer"].pk, version=version))
    sitting.refresh_from_db()
    assert (late.status_code, sitting.title, sitting.version) == (409, "Premier", 2)
    assert [(row.theirs, row.yours) for row in late.context["form"].conflict.rows] == [("Premier", "Second")]
    again = late.context["form"]["version"].value()
    officer.post(url, typed(title="Second", officer=people["officer"].pk, version=again))
    sitting.refresh_from_db()
    assert (sitting.title, sitting.version) == ("Second", 3)


@pytest.mark.parametrize(
    ("who", "expected"),
    [("lead", 200), ("officer", 200), ("facilitator", 200), ("member", 403), ("stranger", 403), ("sponsor", 403)],
)
def test_who_opens_the_dossier(signed_in, who, expected):
    sitting = SittingFactory(notified=True)
    assert signed_in(who).get(reverse("sittings:sitting", args=[sitting.pk])).status_code == expected


def test_nothing_crosses_to_another_assembly(signed_in, people):
    sitting = SittingFactory(notified=True)
    browser = signed_in(people.elsewhere("lead"))
    for name in (*PAGES, "notify", "remind", "postpone"):
        assert browser.get(reverse(f"sittings:{name}", args=[sitting.pk])).status_code == 404, name
    assert browser.post(reverse("sittings:sign-in-sheet", args=[sitting.pk])).status_code == 404
    assert browser.get(reverse("sittings:list")).context["list"].count == 0


def test_a_facilitator_reads_no_needs_and_writes_nothing(signed_in):
    browser = signed_in("facilitator")
    sitting = SittingFactory(notified=True)
    invitee = InviteeFactory(sitting=sitting, coming=True, needs="place sans marche")
    assert "place sans marche" not in browser.get(reverse("sittings:notice", args=[sitting.pk])).content.decode()
    for name, args in (
        ("edit", []),
        ("logistics", []),
        ("answers-export", []),
        ("item-add", []),
        ("answer-record", [invitee.pk]),
        ("remind", []),
        ("cancel", []),
    ):
        response = browser.post(
            reverse(f"sittings:{name}", args=[sitting.pk, *args]), {"title": "x", "minutes": 5, "kind": "vote"}
        )
        assert response.status_code in (403, 404), name
    assert sitting.agenda.count() == 0


def test_in_an_ended_term_only_the_follow_up_committee_meets(officer, people):
    term = people.term
    term.state = "closed"
    term.save()
    assert officer.get(reverse("sittings:create", args=["plenary", "blank"])).status_code == 403
    committee = CommitteeFactory(kind="follow_up")
    assert officer.get(reverse("sittings:create", args=[committee.pk, "blank"])).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["sitting", "notice", "attendance", "roll"])
def test_a_dossier_costs_the_same_at_one_and_three_rows(officer, name, rows, django_assert_max_num_queries):
    began = timezone.now() - timedelta(hours=1)
    sitting = SittingFactory(running=True, starts_at=began)
    for mandate in MandateFactory.create_batch(rows):
        AgendaItemFactory(sitting=sitting)
        AttendanceFactory(invitee=InviteeFactory(sitting=sitting, person=mandate.member.person))
    url = reverse(f"sittings:{name}", args=[sitting.pk])
    officer.get(url)
    with django_assert_max_num_queries(20 if name == "sitting" else 12):  # rows of registers that point at it
        assert officer.get(url).status_code == 200
