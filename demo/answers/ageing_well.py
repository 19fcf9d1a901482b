"""The council's answers to AC2-2026-01: eight of ten, one revised, in a sealed table; one is sent back, one late."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from answers.cases.actions import cases, deciding, reminders, writing
from answers.cases.queries import unpublished_answer
from answers.models import AnswerCase
from answers.publication import actions as publication
from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from demo.accounts import DOMAIN
from demo.answers import readers
from demo.answers.ageing_well_texts import ANSWERS, BY_COUNCIL, LATE, REVISED, SENT_BACK
from demo.clock import at
from demo.context import DemoContext
from demo.institution.directorates import directorate
from demo.sittings import operations
from opinions.models import Opinion


@dataclass(frozen=True)
class AnswerStory:
    """Who acts, and on which opinion; each act loads its case anew, as the pages do."""

    context: DemoContext
    opinion: Opinion

    def case(self, title: str) -> AnswerCase:
        rows = AnswerCase.objects.of_opinion(self.opinion).with_dossier()
        return rows.get(recommendation__title=title)

    def agent(self, code: str, role: Role) -> User:
        assignments = RoleAssignment.objects.filter(directorate=directorate(self.context, code), role=role)
        return User.objects.get(pk=assignments.order_by("pk").values("user")[:1])

    def version(self, title: str) -> int:
        answer = unpublished_answer(self.case(title))
        return answer.version if answer else 0

    def give_visa(self, title: str, content: dict[str, Any]) -> None:
        """Save and submit the answer as the contact, and give the visa of the approver."""
        code = ANSWERS[title][0]
        contact, approver = self.agent(code, Role.DIR_CONTACT), self.agent(code, Role.DIR_APPROVER)
        writing.save(self.case(title), content, version=self.version(title), by=contact)
        writing.submit(self.case(title), version=self.version(title), by=contact)
        writing.validate(self.case(title), version=self.version(title), by=approver)


def seed(context: DemoContext, opinion: Opinion) -> None:
    """Play 20 July to 18 November; the last day that the council was given is 11 January."""
    story = AnswerStory(context, opinion)
    president = User.objects.get(email=f"{Role.PRESIDENT}{DOMAIN}")
    by_visa = write(story)
    with at("2026-09-28 11:00"):
        pairs = [(story.case(title), story.version(title)) for title in by_visa]
        deciding.decide_all(pairs, by=president)
    publish(story, by_visa)
    decide_in_council(story)
    readers.send_news("2026-10-15 09:00")
    with at("2026-11-02 07:00"):  # what was due on 31 October: the director is notified too
        reminders.note_due_answers(timezone.localdate())
    revise(story, president)
    readers.send_news("2026-11-18 09:00")
    readers.rate(opinion)
    with at("2026-11-18 10:00"):
        operations.make_now(publication.seal(opinion, by=context.lead))
    for kind in ("answer-", "proposal-"):
        operations.mark_remaining_sent(context, kind)


def write(story: AnswerStory) -> list[str]:
    """Play 20 July to 21 September; return the titles that the president decides by a visa."""
    with at("2026-07-20 10:00"):
        for title, (code, _content) in ANSWERS.items():
            cases.assign(story.case(title), directorate(story.context, code), by=story.context.officer)
    written = [title for title, (_code, content) in ANSWERS.items() if content]
    for day, title in enumerate(written, start=7):
        with at(f"2026-09-{day:02} 14:00"):
            story.give_visa(title, ANSWERS[title][1])
    with at("2026-09-17 09:30"):
        title, due_on, reason = LATE
        cases.change_due(story.case(title), due_on, reason=reason, by=story.context.officer)
    with at("2026-09-21 18:00"):
        title, reason = SENT_BACK
        writing.send_back(story.case(title), step_name="send_back", reason=reason, by=story.context.chair)
    return [title for title in written if title not in {SENT_BACK[0], BY_COUNCIL[0]}]


def publish(story: AnswerStory, titles: list[str]) -> None:
    """Publish on 1 October and notify those who follow since September."""
    readers.follow(story.opinion)
    with at("2026-10-01 09:00"):
        deciding.publish_all([story.case(title) for title in titles], by=story.context.lead)
    readers.send_news("2026-10-01 09:00")


def decide_in_council(story: AnswerStory) -> None:
    """Record the council's decision of 13 October and publish it on 15 October."""
    title, reference, day = BY_COUNCIL
    with at("2026-10-14 09:00"):
        deciding.record_decision([story.case(title)], on=day, reference=reference, by=story.context.lead)
    with at("2026-10-15 09:00"):
        deciding.publish(story.case(title), by=story.context.lead)


def revise(story: AnswerStory, president: User) -> None:
    """Revise an answer between 4 and 18 November; the former one stays readable."""
    title, reason, content = REVISED
    with at("2026-11-04 09:00"):
        deciding.revise(story.case(title), reason=reason, by=story.context.lead)
    with at("2026-11-06 15:00"):
        story.give_visa(title, content)
    with at("2026-11-16 17:00"):
        deciding.decide(story.case(title), version=story.version(title), by=president)
    with at("2026-11-18 09:00"):
        deciding.publish(story.case(title), by=story.context.lead)
