"""The day at the end of a line, on a Tuesday (1 December 2026), written out by hand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from assembly.tasks.line import read_line
from assembly.tasks.models import Task

TODAY = date(2026, 12, 1)
LINES = {
    "rappeler la mairie jeudi": ("rappeler la mairie", date(2026, 12, 3)),
    "Rappeler la mairie JEUDI.": ("Rappeler la mairie", date(2026, 12, 3)),
    "rappeler la mairie pour jeudi": ("rappeler la mairie", date(2026, 12, 3)),
    "relire le compte rendu mardi": ("relire le compte rendu", date(2026, 12, 8)),
    "rappeler la mairie lundi prochain": ("rappeler la mairie lundi prochain", None),
    "écrire à Jeudi Noir": ("écrire à Jeudi Noir", None),
    "rappeler demain": ("rappeler", date(2026, 12, 2)),
    "rappeler après-demain": ("rappeler", date(2026, 12, 3)),
    "rappeler aujourd’hui": ("rappeler", TODAY),
    "rappeler aujourd'hui": ("rappeler", TODAY),
    "rappeler surlendemain": ("rappeler surlendemain", None),
    "payer le traiteur 12/3": ("payer le traiteur", date(2027, 3, 12)),
    "payer le traiteur 1/12": ("payer le traiteur", TODAY),
    "payer le traiteur le 12/03/2028": ("payer le traiteur", date(2028, 3, 12)),
    "payer le traiteur, 12 mars": ("payer le traiteur", date(2027, 3, 12)),
    "payer pour le 1er février": ("payer", date(2027, 2, 1)),
    "payer vendredi 12 mars 2027": ("payer", date(2027, 3, 12)),
    "payer lundi 12 mars 2027": ("payer lundi 12 mars 2027", None),
    "payer le 15 Août": ("payer", date(2027, 8, 15)),
    "vérifier le 29 février": ("vérifier", date(2028, 2, 29)),
    "vérifier 31/02/2027": ("vérifier 31/02/2027", None),
    "vérifier 31/4": ("vérifier 31/4", None),
    "vérifier la moitié 12/13": ("vérifier la moitié 12/13", None),
    "relire 12/03/1850": ("relire 12/03/1850", None),
    "jeudi": ("jeudi", None),
    "  demain  ": ("demain", None),
    "jeudi rappeler la mairie": ("jeudi rappeler la mairie", None),
    "réserver la salle İzmir 🎉 jeudi": ("réserver la salle İzmir 🎉", date(2026, 12, 3)),
}


@pytest.mark.parametrize("line", LINES)
def test_only_a_day_at_the_end_of_a_line_is_read(line):
    assert read_line(line, TODAY) == LINES[line]


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2027, 3, 27, 23, 30, tzinfo=ZoneInfo("UTC")), date(2027, 3, 28)),  # the night of the clock change
        (datetime(2027, 10, 30, 22, 30, tzinfo=ZoneInfo("UTC")), date(2027, 10, 31)),
    ],
)
def test_tomorrow_is_counted_from_the_local_day(moment, local):
    with time_machine.travel(moment, tick=False):
        assert timezone.localdate() == local
        assert read_line("rappeler aujourd’hui", timezone.localdate())[1] == local


def days(repeat, first, *, done=None):
    """Return the four days after the first one of a task that repeats and is each time done on its day."""
    task, result = Task(repeat=repeat, starts_on=first, due_on=first), []
    for _turn in range(4):
        task.due_on = task.next_day(done or task.due_on)
        result.append(task.due_on.isoformat())
    return result


def test_a_repeat_keeps_its_day_through_short_months():
    assert days("monthly", date(2027, 1, 31)) == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    assert days("monthly", date(2028, 1, 31))[:2] == ["2028-02-29", "2028-03-31"]
    assert days("yearly", date(2028, 2, 29)) == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]
    assert days("weekly", date(2027, 3, 22)) == ["2027-03-29", "2027-04-05", "2027-04-12", "2027-04-19"]


def test_a_repeat_done_late_or_put_off_comes_back_after_today():
    task = Task(repeat="weekly", starts_on=date(2026, 12, 1), due_on=date(2026, 12, 1))
    assert task.next_day(date(2026, 12, 17)) == date(2026, 12, 22)
    task = Task(repeat="monthly", starts_on=date(2026, 1, 31), due_on=date(2026, 2, 3))  # put off from 31 January
    assert task.next_day(date(2026, 2, 2)) == date(2026, 2, 28)
    assert task.next_day(date(2026, 6, 30)) == date(2026, 7, 31)
