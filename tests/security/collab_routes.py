"""Rights beside a text written together, with the text of a group's section in hand: read by expectations.py."""

from assembly.collab.actions import texts, threads, upkeep
from opinions.models import OpinionState
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory
from tests.security.routes import DESK, MEMBERS, Route

READERS = f"{DESK} {MEMBERS}"
WRITERS = f"{DESK} member"


def text(p):
    """Make the text of the group where `member` sits; the other member may suggest there."""
    section = OpinionSectionFactory(opinion=OpinionFactory(term=p.term, state=OpinionState.DRAFTING))
    CommitteeMembershipFactory(committee=section.committee, person=p["member"].person)
    return section.text


def of_text(p):
    return {"public_id": text(p).public_id}


def of_version(p):
    """Make two versions, and return the address of the page of who wrote what in them."""
    found = text(p)
    for label in ("Jet", "Relecture"):
        texts.take_version(found, label=label, by=p["member"])
    upkeep.attribute_due()
    return {"public_id": found.public_id, "number": 1}


def listed(p):
    """Make the same versions, for the address of their list."""
    return {"public_id": of_version(p)["public_id"]}


def of_thread(p):
    found = text(p)
    thread = threads.open_thread(found, body="Est-ce clair ?", by=p["member"])
    return {"public_id": found.public_id, "thread_id": thread.public_id}


def of_comment(p):
    found = text(p)
    thread = threads.open_thread(found, body="Est-ce clair ?", by=p["member"])
    return {"public_id": found.public_id, "pk": thread.comments.get().pk}


ROUTES = {
    "collab:exchange": Route(post=READERS, of=of_text),
    "collab:sidebar": Route(get=READERS, of=of_text),
    "collab:late-text": Route(get=READERS, of=of_text),
    "collab:suggestions": Route(post=WRITERS, of=of_text, data={"step": "accept_all"}),
    "collab:threads": Route(post=READERS, of=of_text, data={"body": "Est-ce clair ?"}),
    "collab:thread": Route(post=READERS, of=of_thread, data={"step": "reply", "body": "Oui."}),
    "collab:comment-withdraw": Route(post="member", of=of_comment),
    "collab:versions": Route(get=READERS, post=WRITERS, of=listed, data={"label": "Jet"}),
    "collab:version": Route(get=READERS, of=of_version),
    "collab:version-compare": Route(get=READERS, of=listed),
    "collab:version-restore": Route(get=WRITERS, post=WRITERS, of=of_version),
    "collab:authors": Route(get=READERS, of=listed),
}
