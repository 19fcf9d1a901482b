"""The profile that the public reads of those who sit: no two publications give away who came or left."""

import random
from collections import Counter
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.indicators.counting import counts_of
from assembly.indicators.registry import indicator, indicators
from assembly.institution.models import Term, TermState
from draws.models import AgeBand, DrawState, Occupation, Placement
from draws.representation.actions import (
    exclude_margins,
    import_margins,
    include_margins,
    publish_profile,
    publish_profiles,
    steady_groups,
)
from draws.representation.queries import is_due, published_cell, representation
from members.members.contributions import composition
from members.models import Mandate, Member, ProfilePublication
from tests.draws.stage import draw_in
from tests.factories.institution import CantonFactory
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db
PUBLIC = "/representativite/"
FILE = f"{PUBLIC}chiffres.csv"


@pytest.fixture
def canton(people):
    return CantonFactory(assembly=people.assembly, insee_code="31033", name="Auterive")


def sitting(people, canton, years, gender="F"):
    """Make one member for each year of birth."""
    rows = [MandateFactory(term=people.term, member__canton=canton, member__gender=gender) for _year in years]
    for row, year in zip(rows, years, strict=True):
        Member.objects.filter(pk=row.member_id).update(birth_year=year)
    return rows


def leave(*mandates):
    today = timezone.localdate()
    Mandate.objects.filter(pk__in=[row.pk for row in mandates]).update(
        state="ended", ended_on=today, end_reason="moved", activated_on=today - timedelta(days=30)
    )


def read(client):
    """Return everything about the members that anybody may download."""
    files = (FILE, "/indicateurs/chiffres.csv")
    return [client.get(file).content for file in files] + [client.get(PUBLIC).text]


# The pure rule


@pytest.mark.parametrize(
    ("now", "earlier", "told"),
    [
        ((7, 7), [], (7, 7)),
        ((7, 9), [(7, 7)], (7, 9)),
        ((6, 6), [(7, 7)], (7, 7)),
        ((3, 3), [(7, 7)], (7, 7)),
        ((2, 2), [(7, 7)], (2, 2)),
        ((11, 11), [(7, 7)], (7, 7)),
        ((12, 12), [(7, 7)], (12, 12)),
        ((8, 8), [(7, 7), (12, 12)], (12, 12)),  # four less than was told last
        ((7, 7), [(7, 6), (12, 12)], (7, 7)),
        ((6, 6), [(7, 7), (12, 12)], (7, 7)),  # not 6: beside the first publication it would tell of one person
        ((14, 14), [(10, 10), (16, 16), (21, 21)], (16, 16)),
        ((0, 0), [(4, 4)], (4, 4)),
    ],
)
def test_what_a_cell_tells(now, earlier, told):
    assert published_cell(now, earlier) == told


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (None, range(4), False),
        (None, range(5), True),
        (range(9), range(9), False),
        (range(9), range(5), False),
        (range(9), range(4), True),
        (range(9), [*range(2, 9), 20, 21], False),
        (range(9), [*range(3, 9), 20, 21], True),
        (range(9), [], False),
    ],
)
def test_when_a_publication_is_due(before, now, due):
    assert is_due(before if before is None else list(before), list(now)) is due


class Panel:
    """People of random profiles, who come and leave by chance."""

    def __init__(self, chance):
        self.chance, self.names = chance, iter(range(10_000))
        ages = "abcde"[: chance.randint(2, 5)]
        self.features = {"age_band": ages, "occupation": "12345678", "gender": "FMX"}
        self.people = {}
        self.add(chance.randint(5, 110))

    def add(self, count):
        for _person in range(count):
            profile = {name: self.chance.choice(values) for name, values in self.features.items()}
            self.people[next(self.names)] = profile

    def lose(self, count):
        for key in self.chance.sample(list(self.people), min(count, len(self.people))):
            del self.people[key]

    def count(self):
        people = {name: Counter(each[name] for each in self.people.values()) for name in self.features}
        return {"panel": {name: {value: (n, n) for value, n in cells.items()} for name, cells in people.items()}}


def people_of(publication, feature, value):
    return publication["panel"][feature].get(value, (0, 0))[0]


def closest(publications, feature):
    """Return the least difference other than zero between two publications in any cell of a feature."""
    told = [each for each in publications if feature in each["panel"]]
    values = {value for each in told for value in each["panel"][feature]}
    gaps = {
        abs(people_of(one, feature, value) - people_of(other, feature, value))
        for one, other in combinations(told, 2)
        for value in values
    }
    return min(gaps - {0}, default=5)


@pytest.mark.parametrize("seed", range(60))
def test_no_two_publications_differ_by_one_to_four_people_in_any_cell(seed):
    """The drawn panel is told before the first publication, without its ages."""
    chance = random.Random(seed)
    panel = Panel(chance)
    drawn = panel.count()["panel"]
    told, sat = [{"panel": {name: drawn[name] for name in ("gender", "occupation")}}], None
    for _night in range(120):
        panel.lose(chance.choice([0, 0, 1, 1, 2, 6]))
        panel.add(chance.choice([0, 0, 1, 2, 4]))
        if is_due(sat, list(panel.people)):
            told.append(steady_groups(panel.count(), told))
            sat = list(panel.people)
    assert len(told) > 3
    assert min(closest(told, feature) for feature in panel.features) >= 5


# As it is published


def test_a_departure_changes_nothing_that_anybody_reads(people, canton, client):
    """Read before and after, the figures named the age band and the occupation of 103 members out of 103."""
    rows = sitting(people, canton, [1960] * 8 + [1990] * 7)
    assert publish_profile(people.term)
    before = read(client)
    assert b";Membres en mandat;8;" in before[0]
    leave(rows[0])
    assert publish_profile(people.term) is None
    assert read(client) == before
    leave(*rows[1:4])
    assert publish_profile(people.term) is None
    assert read(client) == before


def test_five_departures_are_told_in_the_cells_where_five_changed(people, canton, client):
    rows = sitting(people, canton, [1960] * 16 + [1990] * 9)
    publish_profile(people.term)
    leave(*rows[:5], *rows[16:18])
    publication = publish_profile(people.term)
    assert (publication.number, publication.members) == (2, 18)
    cells = publication.groups["panel"]
    assert cells["age_band"] == {"60-74": (11, 11), "30-44": (9, 9)}
    assert cells["gender"] == {"F": (18, 18)}
    page = client.get(PUBLIC).text.replace("\u00a0", " ")
    assert "pour 18 membres" in page
    assert "un nombre ne change que si cinq personnes au moins ont changé" in page


def test_nothing_is_told_before_five_sit_nor_of_a_term_that_is_not_drawn(people, canton, client):
    sitting(people, canton, [1960] * 4)
    publish_profiles()
    assert not ProfilePublication.objects.exists()
    assert b"Membres en mandat" not in client.get(FILE).content
    sitting(people, canton, [1960])
    Term.objects.filter(pk=people.term.pk).update(state=TermState.RECRUITING)
    publish_profiles()
    assert not ProfilePublication.objects.exists()
    Term.objects.filter(pk=people.term.pk).update(state=TermState.ACTIVE)
    publish_profiles()
    publish_profiles()
    assert ProfilePublication.objects.get().number == 1
    assert Entry.objects.filter(event_type="profile.published").count() == 1


def test_the_result_of_the_draw_is_the_figure_before_the_first(people):
    """Four were drawn, employees all: one who left before the first publication is not told by it."""
    draw = draw_in(people, DrawState.REVEALED)
    rows = [MandateFactory(term=people.term) for _ in range(7)]
    for number, row in enumerate(rows[:3]):
        Placement.objects.create(draw=draw, pseudonym=f"V000{number + 1}", mandate=row, placed_by=people["officer"])
    publication = publish_profile(people.term)
    assert publication.groups["panel"]["occupation"][Occupation.EMPLOYEE.value] == (4, 4)


def test_the_team_reads_what_is(people, canton):
    rows = sitting(people, canton, [1960] * 9)
    publish_profile(people.term)
    leave(rows[0])
    panel = next(group for group in representation(people.term, public=False).groups if group.key == "panel")
    assert panel.cells["age_band"]["60-74"].number == 8


def test_the_home_tells_women_and_men_as_they_were_published(people, canton):
    rows = sitting(people, canton, [1960] * 7) + sitting(people, canton, [1960] * 6, gender="M")
    assert "women" not in composition(None, people.term).context
    publication = publish_profile(people.term)
    leave(rows[0])
    context = composition(None, people.term).context
    assert (context["members"], context["women"], context["men"]) == (12, 7, 6)
    assert context["published_at"] == publication.published_at


# Indicators


def test_the_age_gap_follows_the_publication_and_not_the_night(people, canton):
    rows = sitting(people, canton, [1960] * 9 + [1990] * 6)
    age_gap, today = indicator("ecart-age"), timezone.localdate()
    assert {count.value for count in counts_of(age_gap, people.term, today)} == {None}
    publish_profile(people.term)
    before = counts_of(age_gap, people.term, today)
    assert [int(count.numerator) for count in before] == [15, 0, 6, 0, 9, 0, 0]
    leave(rows[0])
    assert counts_of(age_gap, people.term, today) == before


def test_the_age_gap_leaves_out_figures_that_were_set_aside(people, canton):
    sitting(people, canton, [1960] * 9 + [1990] * 6)
    publish_profile(people.term)
    age_gap, today = indicator("ecart-age"), timezone.localdate()
    before = counts_of(age_gap, people.term, today)
    shares, officer = {"age_band": dict.fromkeys(AgeBand.values, 0.2)}, people["officer"]
    wrong = import_margins(people.term, shares, source="Mauvais fichier", dated_on=today, by=officer)
    assert counts_of(age_gap, people.term, today) != before
    exclude_margins(wrong, people.term, by=officer)
    assert counts_of(age_gap, people.term, today) == before
    include_margins(wrong, people.term, by=officer)
    assert counts_of(age_gap, people.term, today) != before


def test_no_public_indicator_is_broken_down_by_the_profile_of_members():
    """Those of seats and of candidates are no profiles of members; that of ages is the publication."""
    profile = {"age", "genre", "canton"}
    public = {
        (one.key, breakdown.key)
        for one in indicators()
        for breakdown in one.breakdowns
        if one.is_public and breakdown.is_public and breakdown.key in profile
    }
    assert public == {
        ("sieges-pourvus", "canton"),
        ("sieges-pourvus", "genre"),
        ("sieges-remplaces", "canton"),
        ("sieges-remplaces", "genre"),
        ("candidatures-par-siege", "canton"),
        ("candidatures-par-siege", "genre"),
        ("ecart-age", "age"),
    }


# The database


def row(people, number, mandates, people_in_cell):
    groups = {"panel": {"age_band": {"-29": [people_in_cell, people_in_cell]}}}
    return ProfilePublication(
        term=people.term, number=number, members=len(mandates), mandates=list(mandates), groups=groups
    )


@pytest.mark.parametrize(
    ("mandates", "people_in_cell"), [(range(9), 12), (range(2, 11), 12), (range(5, 14), 8), (range(5, 14), 11)]
)
def test_the_database_refuses_a_publication_that_gives_somebody_away(people, mandates, people_in_cell):
    """The first two change too few people; the last two a cell by too few."""
    row(people, 1, range(9), 12).save()
    changed = len(set(range(9)) ^ set(mandates))
    words = "fewer than five" if changed < 5 else "one to four"
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        row(people, 2, mandates, people_in_cell).save()


def test_the_database_compares_with_every_earlier_publication(people):
    row(people, 1, range(9), 12).save()
    row(people, 2, range(20, 29), 17).save()
    with pytest.raises(IntegrityError, match="one to four"), transaction.atomic():
        row(people, 3, range(9), 11).save()
    row(people, 3, range(9), 12).save()


def test_a_publication_is_never_rewritten(people):
    row(people, 1, range(9), 12).save()
    for change in (
        lambda: ProfilePublication.objects.update(members=3),
        lambda: ProfilePublication.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only"):
            cursor.execute("TRUNCATE members_profilepublication CASCADE")
        transaction.set_rollback(True)


def test_the_file_of_indicators_tells_no_attendance_by_age(client, people):
    address = reverse("mission:public-indicators-file")
    assert "ssiduité;âge" not in client.get(address).content.decode("utf-8-sig")
