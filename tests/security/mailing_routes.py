"""Links of the mails of lists: whoever has one, and nobody else."""

from mission.mailings.rules import join_token, leave_token
from tests.factories.mailings import ListSubscriberFactory, MailingListFactory
from tests.security.routes import ANYONE, Route


def subscriber(p, **facts):
    return ListSubscriberFactory(row=MailingListFactory(assembly=p.assembly), **facts)


ROUTES: dict[str, Route] = {
    "mission:list-join": Route(
        get=ANYONE, post=ANYONE, of=lambda p: {"token": join_token(subscriber(p, asked=True))}, crosses=True
    ),
    "mission:list-leave": Route(
        get=ANYONE, post=ANYONE, of=lambda p: {"token": leave_token(subscriber(p))}, crosses=True
    ),
}
ROUTES_THAT_WRITE = {"mission:list-join": False, "mission:list-leave": False}
