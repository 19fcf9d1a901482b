from tests.factories.mailings import ListMessageFactory, ListSubscriberFactory, MailingListFactory
from tests.mission.example import Example

TEAM = "lead officer"


def message(people, state):
    """Make a message to a list with a subscriber."""
    row = ListMessageFactory(assembly=people.assembly, state=state)
    ListSubscriberFactory(row=row.mailing_list)
    return row


def typed(people):
    return {"mailing_list": MailingListFactory(assembly=people.assembly).pk, "name": "Cet automne", "body": "Bonjour."}


EXAMPLE = Example(
    key="messages",
    sees=TEAM,
    writes=TEAM,
    states="draft sent",
    row=message,
    values=typed,
    steps={"envoyer": (TEAM, {302: "draft"})},
    step=("envoyer", "draft", {}),
)
