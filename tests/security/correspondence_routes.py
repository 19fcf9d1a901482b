"""Messages of the team: who writes, to whom, who keeps a text."""

from assembly.correspondence import actions
from assembly.correspondence.models import SavedText, TeamMessage
from assembly.correspondence.registry import group_of
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.security.routes import TEAM, Route

TEXT = {"title": "Visite", "body": "Jeudi à 8 h."}


def committee(people):
    """Make a group with one person, who has an address."""
    made = CommitteeFactory(term=people.term)
    CommitteeMembershipFactory(committee=made, person=PersonFactory(email="anna@example.org"))
    return made


def message_at(people, state="draft"):
    made = actions.write(
        group_of("groupe"), committee(people), people.term, actions.Content("", **TEXT), by=people["officer"]
    )
    if state == "sent":
        actions.send(made, shown=made.fingerprint, send_at=None, substitutes={}, by=people["officer"])
    elif state != "draft":
        TeamMessage.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


def text_at(people, state="offered"):
    made = actions.save_text(message_at(people), name="Visite", by=people["officer"])
    SavedText.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


def message(people):
    return {"pk": message_at(people).pk}


def change(people):
    return {**TEXT, "version": TeamMessage.objects.latest("pk").fingerprint}


ROUTES = {
    "correspondence:list": Route(get=TEAM),
    "correspondence:start": Route(get=TEAM),
    "correspondence:texts": Route(get=TEAM),
    "correspondence:write-to-list": Route(
        get=TEAM, post=TEAM, of=lambda p: {"key": "members"}, data=TEXT, crosses=True
    ),
    "correspondence:write-to": Route(
        get=TEAM, post=TEAM, of=lambda p: {"key": "groupe", "pk": committee(p).pk}, data=TEXT
    ),
    "correspondence:message": Route(get=TEAM, of=lambda p: {"pk": message_at(p, "cancelled").pk}),
    "correspondence:change": Route(get=TEAM, post=TEAM, of=message, data=change),
    "correspondence:trial": Route(post=TEAM, of=message),
    "correspondence:text-save": Route(get=TEAM, post=TEAM, of=message, data={"name": "Visite"}),
    "correspondence:step": Route(get=TEAM, post=TEAM, of=lambda p: {"pk": message_at(p).pk, "slug": "abandonner"}),
    "correspondence:text-step": Route(get=TEAM, post=TEAM, of=lambda p: {"pk": text_at(p).pk, "slug": "retirer"}),
}
ROUTES_THAT_WRITE = dict.fromkeys(
    (name for name in ROUTES if ROUTES[name].post and name != "correspondence:step"), False
)
