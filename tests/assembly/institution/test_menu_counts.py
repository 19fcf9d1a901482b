"""How many things wait stands on the lines of the desk's menu."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.menu import counts_by_line
from assembly.institution.todo import todo_for
from tests.factories.answers import AnswerCaseFactory
from tests.factories.mission import PartnerFactory
from tests.factories.sessions import SittingFactory, morning

pytestmark = pytest.mark.django_db
COUNTS = "/bureau/comptes/"


def test_what_waits_is_counted_on_the_line_that_leads_to_it(people, signed_in):
    for _ in range(2):
        PartnerFactory(assembly=people.assembly, due_on=timezone.localdate())
    AnswerCaseFactory(recommendation__opinion__term=people.term)
    SittingFactory(term=people.term, starts_at=morning(10))
    counts = signed_in("lead").get(COUNTS).json()
    assert counts[reverse("mission:partners")] == 2
    assert counts[reverse("answers:desk")] == 1
    of_sittings = [line for line in todo_for(people["lead"], "desk", people.term).lines if "/seances/" in line.url]
    assert counts[reverse("sittings:list")] == len(of_sittings) > 0


def test_a_tab_is_counted_on_the_line_of_its_place(people):
    contracts = reverse("mission:contracts")
    counts = counts_by_line(people["lead"], "desk", [(f"{contracts}7/", 2), ("/bureau/", 5)], people.assembly)
    assert counts == {reverse("mission:budget"): 2}


@pytest.mark.parametrize(
    ("role", "status"), [("facilitator", 200), ("dpo", 200), ("member", 403), ("dir_contact", 403)]
)
def test_only_readers_of_the_desk_are_answered(role, status, signed_in):
    assert signed_in(role).get(COUNTS).status_code == status


def test_the_page_itself_reads_nothing_that_waits(signed_in):
    """The counts are asked for after the page was shown."""
    page = signed_in("lead").get(reverse("mission:budget"))
    assert f'data-assembly-counts="{COUNTS}"' in page.text
    assert 'class="count"' not in page.text[page.text.index('id="menu"') : page.text.index("</nav>")]
