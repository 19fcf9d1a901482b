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
