"""What becomes of the answers: one measure done, one delayed, three under way, one without an update in time."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from answers.follow_up import actions
from answers.follow_up.queries import standing_milestones
from answers.follow_up.rules import MilestoneContent, UpdateContent
from answers.models import FollowUp
from assembly.documents.actions.uploads import accept_upload
from assembly.documents.models import Upload
from assembly.files.fields import check_file
from assembly.identity.models import User
from assembly.institution.actions.settings import change_term
from assembly.institution.enums import Role
from demo.accounts import DOMAIN
from demo.answers import picture
from demo.answers.ageing_well import AnswerStory
from demo.answers.ageing_well_texts import ANSWERS
from demo.answers.follow_up_texts import (
    BUS,
    HEARING,
    MEALS,
    MOVED,
    REMARK,
    RESPITE,
    RHYTHM,
    SILENT,
    UPDATES,
)
from demo.clock import at
from demo.context import DemoContext
from demo.sittings import operations
from opinions.models import Opinion


def seed(context: DemoContext, opinion: Opinion) -> None:
    """Play 16 October to 24 November; after the first updates, due within a month, they are due every three months."""
    story = AnswerStory(context, opinion)
    publish_updates(story, [row for row in UPDATES if row[0] < RHYTHM])
    with at(RHYTHM):
        change_term(context.term, {"follow_up_months": 3}, by=context.lead)
    publish_updates(story, [row for row in UPDATES if row[0] > RHYTHM])
    with at("2026-11-12 11:00"):
        actions.close_as_done(follow_up_of(story, MEALS), by=context.lead)
    with at("2026-11-17 16:10"):
        move_the_bus(story)
    with at("2026-11-24 09:00"):
        actions.ask(follow_up_of(story, SILENT), by=context.officer)
    speak(story)
    operations.mark_remaining_sent(context, "follow-up-")


def publish_updates(story: AnswerStory, updates: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    for moment, title, content in updates:
        row = follow_up_of(story, title)
        contact = story.agent(ANSWERS[title][0], Role.DIR_CONTACT)
        with at(moment):
            photo = keep_photo(contact) if "photo_description" in content else None
            actions.publish_update(row, UpdateContent(**content, photo=photo), seen=row.updates.count(), by=contact)


def keep_photo(by: User) -> Upload:
    return accept_upload(check_file("Repas partagé.png", picture.photo(), kinds=("image",), max_size=1_000_000), by=by)


def speak(story: AnswerStory) -> None:
    """Play the follow-up committee, where the demonstration’s « membre » sits."""
    member, officer = User.objects.get(email=f"{Role.MEMBER}{DOMAIN}"), story.context.officer
    service, question, who, answer = HEARING
    with at("2026-11-18 18:00"):
        hearing = actions.ask_hearing(follow_up_of(story, BUS), service=service, question=question, by=member)
    with at("2026-11-24 17:00"):
        day = timezone.localdate()
        actions.record_heard(follow_up_of(story, BUS), hearing.pk, on=day, heard_by=who, summary=answer, by=officer)
    with at("2026-11-24 20:00"):
        actions.note_remark(follow_up_of(story, RESPITE), REMARK, by=member)


def follow_up_of(story: AnswerStory, title: str) -> FollowUp:
    return FollowUp.objects.with_dossier().get(case=story.case(title))


def move_the_bus(story: AnswerStory) -> None:
    """Change a promised day; the one that was promised first stays readable."""
    label, on, reason = MOVED
    row = follow_up_of(story, BUS)
    milestone = next(milestone for milestone in standing_milestones(row) if milestone.label == label)
    content = MilestoneContent(milestone.number, milestone.version, label, on, None, is_dropped=False)
    actions.change_milestones(row, [content], reason=reason, by=story.agent(ANSWERS[BUS][0], Role.DIR_CONTACT))
