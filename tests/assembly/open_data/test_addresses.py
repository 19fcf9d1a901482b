"""Addresses of the open data: stable, cached by ETag, readable by other sites, closed to what is not public."""

import pytest
from django.urls import reverse

from assembly.open_data.registry import data_sets
from tests.assembly.open_data.stage import get, make_everything, page_addresses
from tests.draws.stage import draw_in
from tests.factories.consultations import ReferralFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
ALLOW = "Access-Control-Allow-Origin"
HOSTILE = [
    "%00",
    "a%00b",
    "9223372036854775808",
    "-1",
    "%27%20OR%201=1--",
    "..%2f..%2fetc",
    "x" * 3000,
    "%ed%a0%80",
    "²",
]


def test_addresses_are_written_down_and_never_change():
    known = {each.key: each.page.path for each in data_sets() if each.page}
    assert known == {
        "avis": "avis/",
        "indicateurs": "indicateurs/",
        "preconisations": "propositions/",
        "saisines": "saisines/",
        "seances": "seances/",
        "tirages": "tirages/",
    }
    assert reverse("open_data:preconisations", args=["AC2-2026-01-P01"]) == "/propositions/AC2-2026-01-P01.json"
    assert reverse("open_data:set-csv", args=["avis"]) == "/donnees/avis.csv"
    assert reverse("open_data:description") == "/donnees/openapi.json"


def test_an_unchanged_file_is_not_sent_again_and_any_site_may_read_it(people, client):
    make_everything(people)
    addresses = [
        *(each.csv_path for each in data_sets()),
        *(each.json_path for each in data_sets()),
        *(group[0] for group in page_addresses(client).values()),
        "/donnees/openapi.json",
    ]
    for address in addresses:
        first = get(client, address)
        assert (first.status_code, first.headers[ALLOW]) == (200, "*"), address
        assert "Set-Cookie" not in first.headers
        again = get(client, address, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert again.headers["ETag"] == first.headers["ETag"]


def test_a_change_gives_another_etag(people, client):
    row = ReferralFactory(term=people.term, published=True)
    address = reverse("open_data:saisines", args=[row.reference])
    before = get(client, address).headers["ETag"]
    type(row).objects.filter(pk=row.pk).update(title="Un autre titre")
    after = get(client, address, **{"If-None-Match": before})
    assert after.status_code == 200
    assert after.json()["titre"] == "Un autre titre"


def test_other_sites_may_read_the_open_data_alone(people, client):
    opinion = make_everything(people)
    pages = ["/", "/donnees/", "/avis/", f"/avis/{opinion.reference}/", "/sante/", "/robots.txt", "/engagements/"]
    assert [page for page in pages if ALLOW in get(client, page).headers] == []


def test_what_is_not_public_is_not_found(people, client, signed_in):
    hidden = OpinionFactory(term=people.term, state="handed_over")
    rows = {
        "avis": hidden.reference,
        "preconisations": RecommendationFactory(opinion=hidden, numbered=True).reference,
        "saisines": ReferralFactory(term=people.term).reference,
        "seances": SittingFactory(term=people.term, is_public=False).reference,
        "tirages": draw_in(people, "computed").reference,
        "indicateurs": "cout-par-seance",
    }
    lead = signed_in("lead")
    for key, reference in rows.items():
        address = reverse(f"open_data:{key}", args=[reference])
        assert get(client, address).status_code == 404, key
        assert get(lead, address).status_code == 404, key
        assert ALLOW not in get(client, address).headers


@pytest.mark.parametrize("reference", HOSTILE)
def test_a_hostile_reference_is_refused_and_never_an_error(reference, people, client):
    assert people.term
    for each in data_sets():
        if each.page:
            assert get(client, f"/{each.page.path}{reference}.json").status_code in (400, 404), each.key
    assert get(client, f"/donnees/{reference}.json").status_code in (400, 404)
    assert get(client, f"/donnees/{reference}.csv").status_code in (400, 404)


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=%ed%a0%80", "?format=xlsx", "?apres=9223372036854775808", "?" + "a=1&" * 500]
)
def test_a_hostile_query_changes_nothing(query, people, client):
    assert people.term
    for address in ("/donnees/", "/donnees/avis.csv", "/donnees/avis.json", "/donnees/openapi.json"):
        plain, asked = get(client, address), get(client, f"{address}{query}")
        assert asked.status_code in (200, 400)
        assert asked.status_code == 400 or asked.content == plain.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(method, people, client):
    assert people.term
    for address in ("/donnees/", "/donnees/avis.json", "/donnees/avis.csv", "/donnees/openapi.json", "/avis/X.json"):
        assert getattr(client, method)(address).status_code in (400, 403, 405), address


def test_a_page_leads_to_its_json(people, client):
    make_everything(people)
    for group in page_addresses(client).values():
        page = get(client, f"{group[0].removesuffix('.json')}/")
        assert f'<link rel="alternate" type="application/json" href="{group[0]}">' in page.text
    for path in ("/", "/avis/", "/donnees/", "/saisines/", "/aide/"):
        assert 'type="application/json"' not in get(client, path).text
