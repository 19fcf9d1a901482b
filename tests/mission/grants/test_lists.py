"""Lists and boards of grants cost the same at one and at three rows."""

import pytest

from tests.factories.mission import GrantApplicationFactory, GrantSchemeFactory


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/bureau/mission/subventions/", 6),
        ("/bureau/mission/subventions/?vue=tableau", 6),
        ("/bureau/mission/dispositifs/", 5),
        ("/bureau/mission/dispositifs/{scheme}/comite/", 5),
        ("/subventions/", 6),
        ("/subventions/subventions.csv", 5),
    ],
)
def test_a_list_costs_the_same_at_one_and_three_rows(
    people, client, path, statements, rows, django_assert_num_queries
):
    desk = client.enter(people.ready(people["officer"]))
    scheme = GrantSchemeFactory()
    readers = (people["lead"], people["officer"])
    for _ in range(rows):
        GrantApplicationFactory(scheme=scheme, state="committee", readers=readers, owner=people["lead"])
        GrantApplicationFactory(scheme=scheme, state="voted", requested=30_000)
        GrantApplicationFactory(scheme=GrantSchemeFactory(), state="assessment", readers=readers)
    url = path.format(scheme=scheme.pk)
    desk.get(url)
    with django_assert_num_queries(statements):
        assert desk.get(url).status_code == 200


def test_a_scheme_names_whom_the_open_data_know_by_their_rna_alone(people, client):
    scheme = GrantSchemeFactory(publishes_all=True)
    known = GrantApplicationFactory(scheme=scheme, state="voted", requested=900)
    bare = [
        GrantApplicationFactory(scheme=scheme, state="voted", requested=900, siret="", rna=rna, name=name)
        for name, rna in (("Zoo", "W313001234"), ("Élan", "W313001235"))
    ]
    GrantApplicationFactory(scheme=scheme, state="committee", siret="", rna="W313001236", name="Pas votée")
    small = GrantSchemeFactory()
    GrantApplicationFactory(
        scheme=small, state="voted", requested=900, siret="", rna="W313001237", name="Sous le seuil"
    )
    desk = client.enter(people.ready(people["officer"]))
    page = desk.get(f"/bureau/mission/dispositifs/{scheme.pk}/").text.replace("\u00a0", " ")
    assert "2 bénéficiaires sans SIRET dans les données ouvertes" in page
    assert page.index("Élan") < page.index("Zoo")
    assert [f'href="/bureau/mission/subventions/{row.pk}/"' in page for row in (known, *bare)] == [False, True, True]
    assert "Pas votée" not in page
    assert "sans SIRET" not in desk.get(f"/bureau/mission/dispositifs/{small.pk}/").text
    lines = [line.split(",") for line in client.get("/subventions/subventions.csv").text.splitlines()]
    assert {line[4]: line[5:7] for line in lines if line[4] in ("Zoo", "Élan")} == {
        "Zoo": ["", "W313001234"],
        "Élan": ["", "W313001235"],
    }
    bare[0].siret = "13002526500013"
    bare[0].save()
    assert "1 bénéficiaire sans SIRET dans" in desk.get(f"/bureau/mission/dispositifs/{scheme.pk}/").text.replace(
        "\u00a0", " "
    )


def test_a_line_is_changed_under_the_name_of_whom_it_is_about(people, client):
    desk, scheme, lead = client.enter(people.ready(people["officer"])), GrantSchemeFactory(), people["lead"]
    scheme.readers.create(user=lead, created_by=lead, changed_by=lead)
    page = desk.get(f"/bureau/mission/dispositifs/{scheme.pk}/").content.decode().replace("\u00a0", " ")
    assert f'Modifier<span class="vh"> : {lead.get_full_name()}</span>' in page
    assert "reader" not in page
