import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_POST

from assembly.identity.models import Person
from assembly.workflow import StateConflict

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@login_not_required
def page(request):
    return HttpResponse("bonjour")


@login_not_required
def read(request):
    return HttpResponse(request.POST.get("message", ""))


@login_not_required
@require_POST
def only_sent(request):
    return HttpResponse("reçu")


@login_not_required
def stored(request):
    return HttpResponse("x", headers={"Cache-Control": "public, max-age=60"})


@login_not_required
def form(request):
    return HttpResponse(Template("<form>{% csrf_token %}</form>").render(RequestContext(request)))


@login_not_required
def refused(request, token):
    person = Person(pk=7)
    person.state = "signed"
    raise StateConflict(person, "approve")


@login_not_required
def denied(request):
    raise PermissionDenied


@login_not_required
def broken(request):
    raise RuntimeError("celia@example.org")


def private(request):
    return HttpResponse("private")


handler400 = "assembly.web.errors.bad_request"
urlpatterns = [
    path("page/", page),
    path("page-lue/", read),
    path("envoyer/", only_sent),
    path("stored/", stored),
    path("form/", form),
    path("espace/x/", page),
    path("espace/stored/", stored),
    path("refus/<str:token>/", refused),
    path("interdit/", denied),
    path("panne/", broken),
    path("prive/", private),
    path("", include("assembly.config.urls")),
]


def test_an_answer_carries_its_number(client):
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/page/")["X-Request-ID"])


def test_the_number_of_the_proxy_is_kept_when_it_is_sane(client):
    assert client.get("/page/", headers={"X-Request-ID": "abc-12345678"})["X-Request-ID"] == "abc-12345678"


@pytest.mark.parametrize("asked", ["short", "a" * 65, "abc 12345678", 'abc"12345678', "../../etc/passwd"])
def test_a_strange_number_is_replaced(client, asked):
    assert client.get("/page/", headers={"X-Request-ID": asked})["X-Request-ID"] != asked


def test_public_pages_of_anonymous_readers_may_be_stored(client):
    assert "Cache-Control" not in client.get("/page/")
    assert client.get("/stored/")["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("address", ["/espace/x/", "/espace/stored/"])
def test_private_rooms_are_stored_nowhere(client, address):
    assert client.get(address)["Cache-Control"] == "no-store"


def test_pages_of_somebody_signed_in_are_stored_nowhere(signed_in):
    browser = signed_in("member")
    assert browser.get("/page/")["Cache-Control"] == "no-store"
    assert browser.get("/stored/")["Cache-Control"] == "public, max-age=60"


def test_pages_with_a_form_are_stored_nowhere(client):
    """Firefox would put the former idempotency key back when such a page is loaded again."""
    assert client.get("/form/")["Cache-Control"] == "no-store"


def test_sensors_are_off_and_files_stay_ours(client):
    answer = client.get("/page/")
    assert "camera=()" in answer["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_refused_step_is_a_page_with_a_sentence(client):
    answer = client.get("/refus/x/", headers={"Referer": "http://testserver/bureau/seances/3/?tri=nom"})
    assert answer.status_code == 409
    assert "Ce dossier a changé entre-temps" in answer.content.decode()
    assert 'href="/bureau/seances/3/?tri=nom"' in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_refused_step_asked_by_htmx_is_a_sentence_for_the_message_area(client):
    answer = client.get("/refus/x/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#messages"
    assert answer.content.decode().startswith('<div class="alert alert-late" role="alert">')


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_address_that_only_takes_forms_says_so_and_leads_back(client, method):
    answer = getattr(client, method)("/envoyer/", headers={"Referer": "http://testserver/page/"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "Cette adresse n’est pas une page" in page
    assert "Rien n’a été fait" in page
    assert 'href="/page/"' in page


@pytest.mark.parametrize("referer", ["https://evil.example/bureau/", "http://[evil", "evil"])
def test_the_way_back_never_leads_elsewhere(client, referer):
    answer = client.get("/refus/x/", headers={"Referer": referer})
    assert (answer.status_code, "evil" in answer.content.decode()) == (409, False)


@pytest.mark.parametrize(
    ("address", "status", "route"),
    [
        ("/refus/secret-token-of-somebody/", 409, "refus/<str:token>/"),
        ("/interdit/", 403, "interdit/"),
        ("/nulle-part/secret-token-of-somebody/", 404, None),
    ],
)
def test_a_refusal_is_noted_by_its_route_and_not_its_address(client, caplog, address, status, route):
    with caplog.at_level(logging.INFO, "assembly.security"):
        assert client.get(address).status_code == status
    (noted,) = [record for record in caplog.records if record.name == "assembly.security"]
    assert noted.facts == {"status": status, "method": "GET", "route": route}
    assert "secret" not in noted.getMessage()


def test_a_page_that_exists_is_not_noted(client, caplog):
    with caplog.at_level(logging.INFO, "assembly.security"):
        client.get("/page/")
    assert caplog.records == []


def test_a_breakdown_says_so_without_its_cause(client):
    client.raise_request_exception = False
    answer = client.get("/panne/")
    assert answer.status_code == 500
    assert "La page n’a pas pu s’afficher" in answer.content.decode()
    assert "celia" not in answer.content.decode()


def test_a_form_sent_after_the_sign_in_expired_is_kept(client):
    answer = client.post("/prive/?onglet=2", {"message": "<Bonjour> à tous", "password": "secret-word"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Votre connexion a expiré" in page
    assert "&lt;Bonjour&gt; à tous" in page
    assert 'action="/prive/?onglet=2"' in page
    assert "secret-word" not in page
    assert "csrfmiddlewaretoken" in page


def test_an_htmx_form_sent_after_the_sign_in_expired_keeps_the_page(client):
    answer = client.post("/prive/", {"message": "Bonjour"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#messages")
    assert "Connectez-vous dans un nouvel onglet" in answer.content.decode()


def test_a_form_that_is_too_big_is_said_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/page-lue/", {"message": "Bonjour à toutes et à tous"})
    assert answer.status_code == 413
    assert "trop lourd" in answer.content.decode()


def test_a_page_asked_without_sign_in_still_leads_to_the_sign_in(client):
    answer = client.get("/prive/")
    assert answer.status_code == 302
    assert "/compte/" in answer["Location"]


class TestStaleKey:
    def post(self, **headers):
        browser = Client(enforce_csrf_checks=True)
        return browser.post(
            "/page/", {"message": "Bonjour", "code": "123456", "csrfmiddlewaretoken": "old"}, headers=headers
        )

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}])
    def test_our_own_form_is_offered_again(self, headers):
        answer = self.post(**headers)
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Envoyez de nouveau" in page
        assert "Bonjour" in page
        assert "123456" not in page
        assert ">old<" not in page

    @pytest.mark.parametrize(
        "headers",
        [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    )
    def test_a_foreign_form_is_not(self, headers):
        answer = self.post(**headers)
        assert answer.status_code == 403
        assert "Bonjour" not in answer.content.decode()

    def test_the_offered_form_goes_through(self):
        browser = Client(enforce_csrf_checks=True)
        first = browser.post("/page/", {"message": "Bonjour"}, headers={"Sec-Fetch-Site": "same-origin"})
        key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', first.content.decode())[1]
        again = browser.post("/page/", {"message": "Bonjour", "csrfmiddlewaretoken": key})
        assert again.content == b"bonjour"


class TestStaticFiles:
    def test_a_file_is_served_whole_with_its_type(self, client):
        answer = client.get("/static/img/icon.svg")
        assert not answer.streaming
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg")

    def test_a_part_of_a_file(self, client):
        answer = client.get("/static/img/icon.svg", headers={"Range": "bytes=0-3"})
        assert (answer.status_code, answer.content) == (206, b"<svg")

    def test_a_file_the_browser_already_has(self, client):
        first = client.get("/static/img/icon.svg")
        again = client.get("/static/img/icon.svg", headers={"If-Modified-Since": first["Last-Modified"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_a_file_that_is_not_there(self, client):
        assert client.get("/static/img/nothing.svg").status_code == 404
