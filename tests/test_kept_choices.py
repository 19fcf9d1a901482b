"""What has closed or left stays a choice of the form of whatever has it already, in every app: saved, it is kept."""

import pytest
from django.urls import reverse
from django.utils import timezone

from answers.models import AnswerCaseState
from assembly.institution.models import Directorate
from assembly.saved_views.models import SavedView
from assembly.tasks.forms import TaskForm
from draws.draws.forms import DescribeForm
from sessions.minutes.forms import FunctionsForm
from sessions.sittings.forms import initial_of
from tests.answers.stage import answered_by
from tests.draws.inner import begun
from tests.factories.consultations import HearingFactory, ReferralFactory
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import CommitteeFactory, DirectorateFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory
from tests.factories.sessions import MinutesFactory, SittingFactory, decided_task


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["lead"]))


def closed_group(people):
    return CommitteeFactory(term=people.term, name="Groupe clos", closed_on=timezone.localdate())


def sent_again(page, **typed):
    """Return what a browser posts for an untouched form, except `typed`; a select without choice has its first one."""
    data = {}
    for field in page.context["form"]:
        shown = field.field.prepare_value(field.value())
        widget = field.field.widget.get_context(field.html_name, shown, {})["widget"]
        if "optgroups" in widget:
            options = [option for _title, group, _place in widget["optgroups"] for option in group]
            chosen = [option for option in options if option["selected"]] or options[:1]
            data[field.html_name] = str(chosen[0]["value"]) if chosen else ""
        elif shown is not False:
            data[field.html_name] = "on" if shown is True else widget["value"] or ""
    return data | typed


def test_a_sitting_keeps_who_left(desk, people):
    sitting = SittingFactory(term=people.term, chair=PersonFactory(), secretary=PersonFactory(), officer=UserFactory())
    address = reverse("sittings:edit", args=[sitting.pk])
    answer = desk.post(address, sent_again(desk.get(address), title="Autre titre"))
    assert answer.status_code == 302, answer.context["form"].errors
    before = initial_of(sitting)
    sitting.refresh_from_db()
    assert sitting.title == "Autre titre"
    assert initial_of(sitting) == before | {"title": "Autre titre", "version": sitting.version}


def test_a_new_sitting_offers_nobody_who_left(desk, people):
    SittingFactory(term=people.term, officer=UserFactory(person__last_name="Partie"))
    page = desk.get(reverse("sittings:create", args=["plenary", "blank"]))
    assert "Partie" not in str(page.context["form"]["officer"])


def test_an_opinion_keeps_who_followed_it(desk, people):
    opinion = OpinionFactory(term=people.term)
    address = reverse("opinions:edit", args=[opinion.pk])
    answer = desk.post(address, sent_again(desk.get(address), title="Bien vieillir chez soi"))
    assert answer.status_code == 302, answer.context["form"].errors
    officer = opinion.officer
    opinion.refresh_from_db()
    assert (opinion.title, opinion.officer) == ("Bien vieillir chez soi", officer)


def test_a_part_keeps_a_group_that_closed(desk, people):
    group = closed_group(people)
    section = OpinionSectionFactory(opinion=OpinionFactory(term=people.term), committee=group, bare=True)
    address = reverse("opinions:section-edit", args=[section.opinion_id, section.pk])
    answer = desk.post(address, sent_again(desk.get(address), title="Se loger"))
    assert answer.status_code == 302, answer.context["form"].errors
    section.refresh_from_db()
    assert (section.title, section.committee) == ("Se loger", group)


def test_a_hearing_keeps_a_group_that_closed(desk, people):
    group = closed_group(people)
    hearing = HearingFactory(referral=ReferralFactory(term=people.term, working=True), committee=group)
    address = reverse("consultations:hearing-edit", args=[hearing.pk])
    answer = desk.post(address, sent_again(desk.get(address), title="Visite"))
    assert answer.status_code == 302, answer.context["form"].errors
    hearing.refresh_from_db()
    assert (hearing.title, hearing.committee) == ("Visite", group)


def test_a_decided_task_keeps_who_took_it(people):
    sitting = SittingFactory(term=people.term)
    task, other = decided_task(sitting, owner=PersonFactory()), decided_task(sitting, owner_text="Direction")
    assert task.owner in TaskForm(instance=task).fields["owner"].queryset
    assert task.owner not in TaskForm(instance=other).fields["owner"].queryset


def test_minutes_keep_who_chaired(people):
    minutes = MinutesFactory(sitting=SittingFactory(term=people.term, held=True, chair=PersonFactory()))
    form = FunctionsForm(row=minutes, user=people["lead"])
    assert minutes.sitting.chair in form.fields["chair"].queryset
    assert minutes.sitting.chair not in form.fields["secretary"].queryset


def test_a_draw_keeps_a_group_that_closed(people):
    group = closed_group(people)
    draw = begun(people, committee=group)
    assert [*DescribeForm(row=draw, user=people["lead"]).fields["committee"].queryset] == [group]
    assert not DescribeForm(row=begun(people), user=people["lead"]).fields["committee"].queryset.exists()


def test_an_answer_keeps_a_directorate_that_helped_and_closed(desk, people):
    helping, gone = (DirectorateFactory(assembly=people.assembly) for _ in range(2))
    case = answered_by(people, AnswerCaseState.SUBMITTED, associated=[helping, gone])
    Directorate.objects.filter(pk=gone.pk).update(closed_on=timezone.localdate())
    address = reverse("answers:desk-step", args=[case.pk, "reconfier"])
    assert gone.name in str(desk.get(address).context["form"]["associated"])
    typed = {"directorate": people.directorate.pk, "associated": [helping.pk, gone.pk], "reason": "Elle signe."}
    assert desk.post(address, typed).status_code == 302
    assert set(case.associated.all()) == {helping, gone}


def test_an_answer_is_helped_by_no_other_directorate_that_closed(desk, people):
    gone = DirectorateFactory(assembly=people.assembly, closed_on=timezone.localdate())
    case = answered_by(people, AnswerCaseState.SUBMITTED)
    typed = {"directorate": people.directorate.pk, "associated": [gone.pk], "reason": "Elle signe."}
    assert desk.post(reverse("answers:desk-step", args=[case.pk, "reconfier"]), typed).status_code == 422
    assert not case.associated.exists()


def test_a_view_keeps_a_directorate_that_closed(client, people):
    desk = client.enter(people.ready(people["officer"]))
    desk.post("/bureau/vues/partners/?type=association", {"name": "Associations"})
    view = SavedView.objects.get()
    view.directorate = DirectorateFactory(assembly=people.assembly, closed_on=timezone.localdate())
    view.save()
    address = reverse("saved_views:change", args=[view.pk])
    assert desk.post(address, sent_again(desk.get(address), is_shared="on")).status_code == 302
    kept = SavedView.objects.get()
    assert (kept.is_shared, kept.directorate) == (True, view.directorate)
