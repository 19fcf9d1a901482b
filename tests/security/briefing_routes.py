"""Rights on the pack, the hearings and what members read of them: read by expectations.py, one line a route."""

from django.utils import timezone

from consultations.models import BriefingDeposit
from tests.factories.consultations import (
    BriefingDocumentFactory,
    BriefingPackFactory,
    HearingFactory,
    HearingGuestFactory,
    ReferralFactory,
    ScopingNoteFactory,
)
from tests.factories.documents import UploadFactory
from tests.security.routes import DESK, ELECTED, MEMBERS, TEAM, Route

READERS = f"{DESK} {MEMBERS} {ELECTED}"


def pack(p, *, released=False):
    made = BriefingPackFactory(referral=ReferralFactory(term=p.term, working=True), released=released)
    BriefingDocumentFactory(pack=made, by_link=True)
    return made


def closed_pack(p):
    return {"pk": pack(p).referral_id}


def with_deposit(p):
    made = pack(p)
    BriefingDeposit.objects.create(pack=made, upload=UploadFactory(), title="Étude")
    return {"pk": made.referral_id}


def open_pack(p):
    return {"pk": pack(p, released=True).referral_id}


def open_paper(p):
    made = pack(p, released=True)
    return {"pk": made.referral_id, "document_pk": made.documents.get().pk}


def noted(p):
    return {"pk": ScopingNoteFactory(referral=ReferralFactory(term=p.term, working=True)).referral_id}


def paper(p):
    return {"pk": pack(p).documents.get().pk}


def hearing(p, **facts):
    return HearingFactory(referral=ReferralFactory(term=p.term, working=True), **facts)


def planned(p):
    return {"pk": hearing(p).pk}


def guest(p):
    row = HearingGuestFactory(hearing=hearing(p))
    return {"pk": row.hearing_id, "guest_pk": row.pk}


PAPER = {"title": "Étude", "kind": "study", "source": "Insee", "level": "standard", "link": "https://example.org/"}
HEARD = {"kind": "hearing", "title": "Audition", "starts_at": f"{timezone.now():%Y}-12-30T18:00"}
ROUTES = {
    "consultations:briefing": Route(get=DESK, of=closed_pack),
    "consultations:briefing-introduction": Route(get=TEAM, post=TEAM, of=closed_pack, data={"introduction": "Lisez."}),
    "consultations:briefing-add": Route(get=TEAM, post=TEAM, of=closed_pack, data=PAPER),
    "consultations:briefing-drop": Route(get=TEAM, post=TEAM, of=closed_pack),
    "consultations:briefing-describe": Route(get=TEAM, post=TEAM, of=with_deposit),
    "consultations:briefing-note": Route(post=TEAM, of=noted),
    "consultations:briefing-release": Route(get=TEAM, post=TEAM, of=closed_pack, data={"when": "now"}),
    "consultations:briefing-unschedule": Route(post=TEAM, of=closed_pack),
    "consultations:briefing-zip": Route(get=DESK, of=closed_pack),
    "consultations:briefing-pdf": Route(post=DESK, of=closed_pack),
    "consultations:document-edit": Route(get=TEAM, post=TEAM, of=paper, data=PAPER),
    "consultations:document-version": Route(get=TEAM, post=TEAM, of=paper, data={"link": "https://example.org/2"}),
    "consultations:document-move": Route(post=TEAM, of=paper, data={"direction": "up"}),
    "consultations:document-remove": Route(get=TEAM, post=TEAM, of=paper, data={"reason": "Dépassé."}),
    "consultations:hearings": Route(get=DESK, of=closed_pack),
    "consultations:hearing-create": Route(get=TEAM, post=TEAM, of=closed_pack, data=HEARD),
    "consultations:hearing": Route(get=DESK, of=planned),
    "consultations:hearing-edit": Route(get=TEAM, post=TEAM, of=planned, data=HEARD),
    "consultations:hearing-step": Route(
        get=TEAM, post=TEAM, of=lambda p: {**planned(p), "slug": "annuler"}, data={"reason": "Absente."}
    ),
    "consultations:guest-add": Route(
        post=TEAM, of=planned, data={"name": "Mme Pujol", "capacity": "gériatre", "kind": "expert"}
    ),
    "consultations:guest-remove": Route(post=TEAM, of=guest),
    "consultations:hearing-report": Route(
        get=TEAM,
        post=TEAM,
        of=lambda p: {"pk": hearing(p, held=True).pk},
        data={"text": "Dit.", "format": "text", "version": 0},
    ),
    "consultations:my-briefing": Route(get=READERS, of=open_pack),
    "consultations:my-briefing-mark": Route(post=READERS, of=open_paper, data={"read": "1"}),
    "consultations:my-briefing-zip": Route(get=READERS, of=open_pack),
    "consultations:my-briefing-pdf": Route(post=READERS, of=open_pack),
    "consultations:my-hearing": Route(get=READERS, of=planned),
    "consultations:my-hearing-event": Route(get=READERS, of=planned),
}
