"""What the shared scripts add to pages that work without them."""

import itertools
import time

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from assembly.identity.models import Person
from assembly.workflow import StateConflict
from tests.e2e.accessibility import assert_accessible
from tests.e2e.slow_line import LateScript

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls(__name__),
]

SENT: list[str] = []
STEPS = itertools.count()
FRAME = """{% extends "layouts/focus.html" %}{% block title %}Essai{% endblock title %}
{% block content %}<h1>Essai</h1>CONTENT{% endblock content %}"""
BENCH = """
<form method="post" action="/essai/envoi/"><input type="hidden" name="csrfmiddlewaretoken" value="{{ csrf_token }}">
<label for="m">Message</label><input class="control" id="m" name="message">
<button class="btn btn-primary">Envoyer</button></form>
<p><a class="btn btn-secondary" href="/essai/question/" data-assembly-dialog>Convoquer</a></p>
<p><button class="btn btn-secondary" data-hx-post="/essai/refus/" data-hx-target="#place">Approuver</button></p>
<p><button class="btn btn-secondary" data-hx-post="/essai/compte/" data-hx-target="#place">Compter</button></p>
<p id="place">rien</p>
"""
LONG = """<form class="form" method="post" action="/essai/envoi/" data-assembly-long>
<input type="hidden" name="csrfmiddlewaretoken" value="{{ csrf_token }}">
<label for="t">Texte</label><textarea class="control" id="t" name="message"></textarea>
<button class="btn btn-primary">Envoyer</button></form><p><a href="/essai/">Ailleurs</a></p>"""


def shown(request, content, frame=FRAME):
    template = engines["django"].from_string(frame.replace("CONTENT", content))
    return HttpResponse(template.render({"csrf_token": get_token(request)}, request))


@login_not_required
def bench(request):
    return shown(request, BENCH)


@login_not_required
def long_form(request):
    return shown(request, LONG)


@login_not_required
def send(request):
    SENT.append(request.POST.get("message", ""))
    time.sleep(0.4)
    return shown(request, "<p>Merci</p>")


@login_not_required
def question(request):
    content = (
        '{% include "ui/question.html" with title="Convoquer 106 membres ?" action="/essai/envoi/"'
        ' label="Convoquer 106 membres" back="/essai/" csrf_token=csrf_token only %}'
    )
    return shown(request, content, frame=FRAME.replace("<h1>Essai</h1>", ""))


@login_not_required
def refusal(request):
    person = Person(pk=1)
    person.state = "signed"
    raise StateConflict(person, "approve")


@login_not_required
def count(request):
    return HttpResponse("un de plus")


@login_not_required
def progress(request):
    done = min(next(STEPS) * 53, 106)
    facts = {"id": "envoi", "label": "Envoi", "done": done, "total": 106, "poll": "/essai/avancement/"}
    if request.htmx:
        return render(request, "ui/progress.html", facts)
    content = '{% include "ui/progress.html" with id="envoi" label="Envoi" done=0 total=106 poll=request.path only %}'
    return shown(request, content)


urlpatterns = [
    path("essai/", bench),
    path("essai/long/", long_form),
    path("essai/envoi/", send),
    path("essai/question/", question),
    path("essai/refus/", refusal),
    path("essai/compte/", count),
    path("essai/avancement/", progress),
    path("", include("assembly.config.urls")),
]


@pytest.fixture(autouse=True)
def _nothing_sent():
    SENT.clear()


def test_two_quick_clicks_send_once(page):
    page.goto("/essai/")
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_role("button", name="Envoyer").dblclick()
    page.get_by_text("Merci").wait_for()
    assert SENT == ["Bonjour"]


def test_a_form_seen_again_through_the_history_can_be_sent(page):
    page.goto("/essai/")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Merci").wait_for()
    page.go_back()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Merci").wait_for()
    assert len(SENT) == 2


def test_the_question_opens_here_and_gives_the_focus_back(page):
    page.goto("/essai/")
    page.get_by_role("link", name="Convoquer").click()
    dialog = page.get_by_role("dialog", name="Convoquer 106 membres ?")
    dialog.wait_for()
    assert_accessible(page)
    dialog.get_by_role("link", name="Revenir").click()
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Convoquer"
    assert SENT == []


def test_escape_closes_the_question(page):
    page.goto("/essai/")
    page.get_by_role("link", name="Convoquer").click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0


def test_the_question_answered_here_acts(page):
    page.goto("/essai/")
    page.get_by_role("link", name="Convoquer").click()
    page.get_by_role("button", name="Convoquer 106 membres").click()
    page.get_by_text("Merci").wait_for()
    assert len(SENT) == 1


def test_without_script_the_question_is_a_page(open_context):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/essai/")
    page.get_by_role("link", name="Convoquer").click()
    page.get_by_role("heading", name="Convoquer 106 membres ?", level=1).wait_for()
    page.get_by_role("button", name="Convoquer 106 membres").click()
    page.get_by_text("Merci").wait_for()
    assert len(SENT) == 1


def test_a_refused_action_says_so_on_top_and_leaves_the_rest(page):
    page.goto("/essai/")
    page.get_by_role("button", name="Approuver").click()
    page.locator("#messages").get_by_text("Ce dossier a changé entre-temps").wait_for()
    assert page.locator("#place").inner_text() == "rien"


def test_a_button_outside_any_form_carries_the_key(page):
    page.goto("/essai/")
    page.get_by_role("button", name="Compter").click()
    page.get_by_text("un de plus").wait_for()
    assert page.get_by_text("un de plus").count() == 1


def test_a_lost_connection_says_so(page):
    page.goto("/essai/")
    page.context.set_offline(True)
    page.get_by_role("button", name="Compter").click()
    said = page.locator("#messages").get_by_text("La connexion est coupée")
    said.wait_for()
    assert said.is_visible()


def test_progress_follows_by_itself_and_stops(page):
    page.goto("/essai/avancement/")
    page.get_by_text("106 sur 106").first.wait_for()
    before = next(STEPS)
    page.wait_for_timeout(2500)
    assert next(STEPS) == before + 1


def test_leaving_a_long_form_with_words_in_it_asks_first(page):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto("/essai/long/")
    page.get_by_role("link", name="Ailleurs").click()
    page.wait_for_url("**/essai/")
    assert asked == []
    page.goto("/essai/long/")
    page.get_by_label("Texte").fill("Beaucoup de mots")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Ailleurs").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Merci").wait_for()
    assert SENT == ["Beaucoup de mots"]


def test_words_typed_before_the_script_came_ask_too(page):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    late = LateScript(page, "**/js/ui/app*.js")
    page.goto("/essai/long/", wait_until="commit")
    page.get_by_label("Texte").fill("Beaucoup de mots")
    late.come()
    page.wait_for_load_state()
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Ailleurs").click(no_wait_after=True)
    assert asked == ["beforeunload"]
