"""The frame of a dossier: its path, its tabs, its one button and its other steps, from one description."""

import pytest
from django.shortcuts import render
from django.urls import reverse
from pytest_django.asserts import assertInHTML

from assembly.dossiers import StepLink
from assembly.dossiers.frame import DossierFrame, Status, tabs_of
from assembly.web.path import PathStep, path_of
from assembly.web.templatetags.ui import is_question


def test_what_stands_before_the_present_step_is_done():
    rows = [("Planifiée", "1er mars"), ("Convoquée", ""), ("Tenue", "")]
    assert path_of(rows, 1) == [
        PathStep("Planifiée", "1er mars", "done"),
        PathStep("Convoquée", "", "current"),
        PathStep("Tenue", "", ""),
    ]
    assert [step.state for step in path_of(rows, 3)] == ["done", "done", "done"]
    assert [step.state for step in path_of(rows, 2)] == ["done", "done", "done"]  # nothing follows the last one


def test_each_tab_has_its_address_and_one_is_the_page_itself():
    tabs = tabs_of(
        "sittings", 7, "notice", [("sitting", "Ordre du jour", None, ""), ("notice", "Convocation", 3, "x")]
    )
    assert [(tab.url, tab.current, tab.count) for tab in tabs] == [
        ("/bureau/seances/7/", False, None),
        ("/bureau/seances/7/convocation/", True, 3),
    ]


@pytest.fixture
def page(signed_in):
    """Return the frame around an empty page, for the team."""
    request = signed_in("officer").get("/bureau/seances/").wsgi_request
    row = request.user.roles.first()

    def draw(**facts):
        frame = DossierFrame(
            **{
                "title": "Plénière",
                "name": "PL-2026-02",
                "above": ("Séances", "/bureau/seances/"),
                "status": Status("Planifiée."),
                "path_name": "Étapes",
                "path": path_of([("Planifiée", "")], 0),
                "tabs_name": "Onglets",
                "tabs": [],
                "facts": [("Lieu", "Muret")],
                "row": row,
                **facts,
            }
        )
        return render(request, "dossiers/frame.html", {"frame": frame}).content.decode()

    return draw


@pytest.mark.django_db
def test_a_button_stands_only_where_there_is_something_to_press(page):
    assert "btn-primary" not in page()
    html = page(status=Status("P.", "", "Convoquer", "/x/"))
    assert '<a class="btn btn-primary btn-lg" href="/x/">Convoquer</a>' in html


@pytest.mark.django_db
def test_a_sentence_that_will_change_is_asked_again(page):
    html = page(status=Status("Scellement en cours.", poll="/x/"))
    assert 'data-hx-get="/x/"' in html
    assert 'id="dossier-steps"' in html
    assert 'id="dossier-parts"' in html


@pytest.mark.django_db
def test_other_steps_and_the_correction_of_facts_are_links(page):
    assert "Autres actions" not in page()
    html = page(links=[StepLink("/y/", "Reporter la séance", "reporter-1")], edit="/z/")
    assertInHTML('<a href="/y/">Reporter la séance</a>', html)
    assert 'href="/z/"' in html


@pytest.mark.django_db
def test_four_facts_stand_on_the_line_and_the_others_unfold(page):
    facts = [("Date", "28 mars"), ("Lieu", "Muret"), ("Présidence", "Odile Labatut"), ("Réponses", "54 sur 107")]
    assert "Tous les faits" not in page(facts=facts)
    line, more = page(facts=[*facts, ("Référence", "PL-2026-02")]).split("Tous les faits")
    assert [value in line for _label, value in facts] == [True] * 4
    assert "<dt>Référence</dt><dd>PL-2026-02</dd>" in more


@pytest.mark.django_db
def test_states_that_go_both_ways_have_no_path(page):
    assert 'id="dossier-steps"' not in page(path=[])


def test_a_link_opens_as_a_dialog_where_a_step_asks_first():
    step = reverse("sittings:minutes-step", args=[1, "relire"])
    tab = reverse("sittings:minutes", args=[1])
    assert [is_question(url) for url in (step, f"{step}?de=ici", tab, f"{tab}#corrections", "/x/")] == [
        True,
        True,
        False,
        False,
        False,
    ]
