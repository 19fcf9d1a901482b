"""Objects behind the addresses of minutes, for the table of rights: people["member"] chaired, was there and asked."""

from datetime import timedelta

from django.utils import timezone

from assembly.identity.models import Person
from sessions.decisions import actions as decisions
from sessions.minutes.actions import corrections, writing
from sessions.minutes.actions.writing import start
from sessions.models import AgendaKind, Ballot, Minutes, MinutesState, SectionRevision
from tests.factories.sessions import AgendaItemFactory, AttendanceFactory, InviteeFactory, SittingFactory
from tests.sessions.sittings.closed_sitting import at_state


def written_draft(p) -> Minutes:
    """Make minutes of a plenary chaired by people["member"] with all members present and one summary."""
    sitting = SittingFactory(term=p.term, held=True, chair=p["member"].person, secretary=p["officer"].person)
    item = AgendaItemFactory(sitting=sitting, kind=AgendaKind.VOTE)
    members = Person.objects.filter(member__mandates__term=p.term)
    for person in {p["member"].person, *members}:
        AttendanceFactory(
            invitee=InviteeFactory(sitting=sitting, person=person),
            arrived_at=sitting.opened_at,
            left_at=sitting.closed_at,
            recorded_by=p["officer"],
        )
    minutes = start(sitting, by=p["officer"])
    minutes.sitting = sitting
    writing.write(minutes, item, "<p>Ce qui s’est dit.</p>", revision=0, by=p["officer"])
    minutes.item = item
    return minutes


def circulated(p):
    return at_state(written_draft(p), MinutesState.CIRCULATED, corrections_until=timezone.now() + timedelta(days=2))


def dossier(p):
    return {"pk": written_draft(p).sitting_id}


def draft(p):
    return {"pk": written_draft(p).pk}


def step(p):
    return {"pk": written_draft(p).pk, "slug": "relire"}


def section(p):
    minutes = written_draft(p)
    return {"pk": minutes.pk, "item_pk": minutes.item.pk}


def revision(p):
    minutes = written_draft(p)
    return {"pk": minutes.pk, "item_pk": minutes.item.pk, "revision_pk": SectionRevision.objects.latest("pk").pk}


def shared(p):
    return {"pk": circulated(p).pk}


def shared_section(p):
    minutes = circulated(p)
    return {"pk": minutes.pk, "item_pk": minutes.item.pk}


def approved(p):
    return {"pk": at_state(written_draft(p), MinutesState.APPROVED).pk}


def correction(p):
    minutes = circulated(p)
    asked = {"passage": "dit", "proposal": "fait", "reason": ""}
    return {"pk": corrections.ask(minutes, minutes.item, by=p["member"], **asked).pk}


def item(p):
    return {"pk": written_draft(p).item.pk}


def decision(p):
    return {"pk": decisions.decide(written_draft(p).item, text="Adopté.", by=p["officer"]).pk}


def ballot(p):
    return {"pk": decisions.prepare_ballot(written_draft(p).item, question="Adopter ?", by=p["officer"]).pk}


def counted_ballot(p):
    found = ballot(p)
    sitting = Ballot.objects.get(**found).agenda_item.sitting
    votes = {"votes_for": 1, "votes_against": 0, "abstentions": 0, "no_opinion": 0, "present": 1, "quorum": 1}
    counters = {"first_counter": "Nadia", "second_counter": "Pierrick", "counted_at": sitting.closed_at}
    Ballot.objects.filter(**found).update(state="counted", result="adopted", **votes, **counters)
    return found


def proclaimed_ballot(p):
    found = counted_ballot(p)
    Ballot.objects.filter(**found).update(state="proclaimed", proclaimed_at=timezone.now())
    return {**found, "slug": "retirer"}


def action(p):
    task = decisions.add_action(written_draft(p).sitting, text="Envoyer", owner_text="Direction", by=p["officer"])
    return {"pk": task.action_item.pk}
