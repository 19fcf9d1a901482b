"""Who may do what with every address of the product, written by hand, one line a route. Never derive it from a view.

How to add yours (a route without a line makes the suite fail):

    "members:directory":     Route(get=DESK),                                     # a list of the reader's own house
    "members:detail":        Route(get=DESK, of=lambda p: {"pk": member(p).pk}),  # an object of `p.term`
    "members:suspend":       Route(post=TEAM, of=lambda p: {"pk": member(p).pk}, data={"reason": "x"}),
    "members:my-page":       Route(get="member", of=…),                           # only its owner, people["member"]
    "documents:verify":      Route(get=ANYONE, post=ANYONE),                      # public

- `get` (GET and HEAD) and `post` name the roles that are let in: 2xx, a redirect inside the house, 400 or 422 for
  a form that says no. Everybody else must be refused: 403, 404, or the sign-in page.
- `of` makes the object and gives the arguments of the address; it receives `p` (tests/people.py): `p.term`,
  `p.assembly`, `p.directorate`, `p["member"]`, `p["officer"]`… The same roles of ANOTHER assembly
  (`p.elsewhere(role)`) are tried on that object by themselves and must be refused, unless `crosses=True` (say why).
- `data` is what POST sends (a dict, or a function of `p`); nothing by default, which must not give a 5xx either.
- `conflict` names those of them who meet 409 (the object is somebody else's, or in another state): without it, 409 is
  not let in.
- `journals=True`: reading this page writes one line of the journal (contact and needs lists). No other GET writes,
  unless `may_write` names the table and a comment says why (recovery codes remember that they were shown).
- MEMBERS = "member other_member": write "member" alone when only the owner of the object may. TEAM, DESK,
  DIRECTORATES, ELECTED, STRONG (all but members), SIGNED_IN and ANYONE are in tests/security/routes.py.

Run yours alone: .venv/bin/python -m pytest tests/security/test_matrix.py -q -n0 -k "members"
"""

from datetime import UTC, datetime, timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.timezone import localtime, now

from assembly.audit.actions import record
from assembly.calendar.models import TeamCalendar
from assembly.calendar.rules import team_token
from assembly.identity import actions as identity
from assembly.institution.codes import token
from assembly.jobs.models import FailedJob
from assembly.notifications.models import DeliveryState, LocalMessage
from assembly.notifications.preferences import unsubscribe_url
from members.models import Portrait
from sessions.models import AgendaDocument, AgendaItem, Invitee, Sitting
from sessions.sittings import rules as sittings
from sessions.sittings.queries.convening import preview
from tests.answers.stage import answered_by
from tests.factories.documents import CheckFactory, DocumentFactory, RenditionFactory, UploadFactory
from tests.factories.imports import ImportBatchFactory, ImportSourceFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory, InvitationFactory
from tests.factories.members import (
    AccommodationNeedFactory,
    CharterVersionFactory,
    ContactFactory,
    MandateFactory,
    NameChangeRequestFactory,
    PortraitFactory,
    mandate_of,
)
from tests.factories.notifications import DeliveryFactory, DistributionFactory
from tests.factories.sessions import (
    AgendaItemFactory,
    AttendanceFactory,
    CalendarFeedFactory,
    InviteeFactory,
    NoticeFactory,
    SittingFactory,
)
from tests.security import (
    amendment_routes,
    answer_desk_routes,
    answer_directorate_routes,
    answer_public_routes,
    answer_voice_routes,
    briefing_routes,
    call_routes,
    collab_routes,
    correspondence_routes,
    draw_routes,
    follow_up_routes,
    grant_routes,
    indicator_routes,
    life_routes,
    mailing_routes,
    open_data_routes,
    opinion_routes,
    own_routes,
    paper_routes,
    referral_routes,
    register_routes,
    review_routes,
    room_routes,
    support_routes,
    task_routes,
    team_routes,
    view_routes,
    watch_routes,
)
from tests.security.routes import ANYONE, DESK, DIRECTORATES, ELECTED, MEMBERS, SIGNED_IN, STRONG, TEAM, Route
from tests.sessions import route_objects


def failed_job(p):
    return {"pk": FailedJob.objects.create(task="assembly.jobs.tasks.tick", error="OSError", failed_at=now()).pk}


def term_with_a_line(p):
    with transaction.atomic():
        record("term.created", p.term, by=None)
    return {"label": "institution.Term", "pk": str(p.term.pk)}


def recovery_codes_of_lead(p):
    RecoveryCodes.activate(p["lead"])
    return {}


def invitation(p):
    return {"pk": InvitationFactory(term=p.term).pk}


def invitation_link(p):
    return {"token": token(InvitationFactory(term=p.term).public_id)}


def committee(p):
    return {"pk": CommitteeFactory(term=p.term).pk}


def committee_seat(p):
    return {"pk": CommitteeMembershipFactory(committee__term=p.term).pk}


def erasure(p):
    """Make an erasure request of people["member"]."""
    return {"pk": identity.ask_erasure(p["member"].person, by=p["member"]).pk}


def officer(p):
    return {"pk": p["officer"].pk}


def mandate(p):
    """Return the mandate of people["member"], as the team's pages name it."""
    return {"pk": mandate_of(p).pk}


def portrayed(p):
    """Return the mandate of people["member"], who has a portrait."""
    found = mandate_of(p)
    if not Portrait.objects.filter(member=found.member).exists():
        PortraitFactory(member=found.member)
    return {"pk": found.pk}


def own_portrait(p):
    portrayed(p)
    return {}


def own_page(p):
    """Return no argument, but make the member of the signed-in user, which the page needs."""
    mandate_of(p)
    return {}


def listed_person(p):
    """Return the key of a member whom the directory of this term shows."""
    return {"pk": mandate_of(p).member.person_id}


def own_charter(p):
    CharterVersionFactory(term=p.term)
    return own_page(p)


def charter(p):
    CharterVersionFactory(term=p.term)
    return mandate(p)


def import_batch(p, kind="members"):
    counters = {"create": 0, "update": 0, "same": 0, "refused": 0, "notes": [], "stops": []}
    batch = ImportBatchFactory(term=p.term, kind=kind, counters=counters)
    ImportSourceFactory(batch=batch)
    return {"public_id": batch.public_id}


def running_import(p, kind="members"):
    """Make an import that a worker is writing."""
    told = {"state": "running", "started_by": p["officer"], "progressed_at": now(), "counters": {"refused": 0}}
    return {"public_id": ImportBatchFactory(term=p.term, kind=kind, **told).public_id}


def import_routes(prefix, kind, who=TEAM):
    """Return the routes of the files of one kind."""
    sent = {"state": "proposed", "agreed": "on"}
    return {
        f"{prefix}import-start": Route(get=who, post=who),
        f"{prefix}import-model": Route(get=who),
        f"{prefix}import-page": Route(get=who, of=lambda p: import_batch(p, kind)),
        f"{prefix}import-columns": Route(get=who, post=who, of=lambda p: import_batch(p, kind)),
        f"{prefix}import-correct": Route(post=who, of=lambda p: import_batch(p, kind)),
        f"{prefix}import-confirm": Route(post=who, of=lambda p: import_batch(p, kind), data=sent),
        f"{prefix}import-step": Route(post=who, of=lambda p: {**running_import(p, kind), "action": "arreter"}),
        f"{prefix}import-errors": Route(get=who, of=lambda p: import_batch(p, kind)),
    }


def published_document(p):
    return {"reference": DocumentFactory(term=p.term, published=True).reference}


def rendition(p, **traits):
    """Make a rendition requested by people["officer"]."""
    return {"public_id": RenditionFactory(requested_by=p["officer"], **traits).public_id}


def planned(p):
    return {"pk": SittingFactory(term=p.term).pk}


def convened(p):
    """Make a plenary to which people["member"] is convened."""
    sitting = SittingFactory(term=p.term, notified=True)
    NoticeFactory(sitting=sitting)
    InviteeFactory(sitting=sitting, person=p["member"].person)
    return {"pk": sitting.pk}


def read_preview(p):
    """Return the digest of the preview, which the form posts back."""
    return {"shown": preview(Sitting.objects.latest("pk")).digest}


def agenda(p):
    return {"pk": AgendaItemFactory(sitting=SittingFactory(term=p.term)).sitting_id}


def minuted(p):
    return {"pk": SittingFactory(term=p.term, held=True, state="minuted").pk}


def over(p):
    """Make a past sitting that nobody opened."""
    begun = now() - timedelta(days=2)
    hours = {"starts_at": begun, "ends_at": begun + timedelta(hours=2), "break_starts_at": None, "break_ends_at": None}
    sitting = SittingFactory(term=p.term, notified=True, **hours)
    return {"pk": InviteeFactory(sitting=sitting, person=p["member"].person).sitting_id}


def keyed_in(p):
    """Return the data that the page of a sitting entered afterwards proposes."""
    sitting = Sitting.objects.latest("pk")
    opened, closed = (f"{localtime(at):%H:%M}" for at in (sitting.starts_at, sitting.ends_at))
    return {"opened": opened, "closed": closed, "shown": sitting.invitees.get().pk}


def running(p):
    return {"pk": SittingFactory(term=p.term, running=True).pk}


def announced(p):
    """Make a held plenary of the public page, with its agenda."""
    sitting = SittingFactory(term=p.term, held=True)
    AgendaItemFactory(sitting=sitting)
    return {"reference": sitting.reference}


def held(p):
    """Make a sitting that people["member"] attended."""
    stay = AttendanceFactory(
        invitee=InviteeFactory(sitting=SittingFactory(term=p.term, held=True), person=p["member"].person),
        left_at=datetime(2026, 3, 28, 12, tzinfo=UTC),
    )
    return {"pk": stay.invitee.sitting_id}


def asked(p, **traits):
    invitee = InviteeFactory(sitting=SittingFactory(term=p.term, **(traits or {"notified": True})))
    return {"pk": invitee.sitting_id, "invitee": invitee.pk}


def guest(p):
    invitee = InviteeFactory(sitting=SittingFactory(term=p.term), guest=True)
    return {"pk": invitee.sitting_id, "invitee": invitee.pk}


def stay(p):
    found = AttendanceFactory(invitee=InviteeFactory(sitting=SittingFactory(term=p.term, running=True)))
    return {"pk": found.invitee.sitting_id, "stay": found.pk}


def point(p):
    item = AgendaItemFactory(sitting=SittingFactory(term=p.term))
    return {"pk": item.sitting_id, "item": item.pk}


def running_point(p):
    item = AgendaItemFactory(sitting=SittingFactory(term=p.term, running=True))
    return {"pk": item.sitting_id, "item": item.pk}


def day_point(p):
    return {"pk": running_point(p)["pk"]}


def day_open(p):
    return {"open": AgendaItem.objects.latest("pk").pk}


NOBODY_VOTED = {
    "question": "Adopter ?",
    "votes_for": 0,
    "votes_against": 0,
    "abstentions": 0,
    "no_opinion": 0,
    "voted_at": "10:00",
    "first_counter": "Nadia Fauré",
    "second_counter": "Pierrick Tournier",
}


def paper(p):
    sitting = SittingFactory(term=p.term)
    found = AgendaDocument.objects.create(sitting=sitting, title="Note", upload=UploadFactory())
    return {"pk": sitting.pk, "paper": found.pk}


def reply_link(p):
    invitee = InviteeFactory(sitting=SittingFactory(term=p.term, notified=True))
    return {"token": sittings.reply_token(invitee)}


def distribution(p, **traits):
    return {"pk": DeliveryFactory(distribution=DistributionFactory(term=p.term), **traits).distribution_id}


def delivery(p, state):
    return {"pk": DeliveryFactory(distribution=DistributionFactory(term=p.term), state=state).pk}


def own_message(p):
    found = DistributionFactory(term=p.term)
    return {"pk": DeliveryFactory(distribution=found, person=p["member"].person, state=DeliveryState.SENT).pk}


def unsubscribe_link(p):
    link = unsubscribe_url(DeliveryFactory(distribution=DistributionFactory(term=p.term)))
    return {"token": link.rstrip("/").rpartition("/")[2]}


def local_message(p):
    mail = EmailMultiAlternatives("x", "y", "a@example.org", ["b@example.org"])
    mail.attach_alternative("<p>y</p>", "text/html")
    mail.attach("z.txt", "z", "text/plain")
    raw = mail.message().as_bytes()
    return {"pk": LocalMessage.objects.create(message_id="<x>", sender="a", recipients="b", raw=raw).pk}


def decided_answer(p):
    case = answered_by(p, "decided", recommendation__opinion__state="published")
    return {"label": "answers.answercase", "pk": case.pk}


def team_calendar_link(p):
    return {"token": team_token(TeamCalendar.objects.get_or_create(term=p.term)[0])}


def calendar_link(p):
    return {"token": sittings.calendar_token(CalendarFeedFactory(user=p["member"]))}


MAIL = f"{TEAM} admin"
S = DeliveryState

ROUTES: dict[str, Route] = {
    # assembly.search: what each reader finds is in tests/sessions/test_search.py, tests/members/members/test_search.py
    "search:results": Route(get=ANYONE),
    # assembly.notifications: mail ------------------------------------------------------------------------------
    "documents:verify": Route(get=ANYONE, post=ANYONE),
    "documents:check": Route(get=ANYONE, of=lambda p: {"public_id": CheckFactory().public_id}, crosses=True),
    "documents:verify-document": Route(get=ANYONE, of=lambda p: {"reference": "PL-2026-01-PV"}, crosses=True),
    "documents:verify-short": Route(get=ANYONE, of=lambda p: {"reference": "PL-2026-01-PV"}, crosses=True),
    "documents:publications": Route(get=ANYONE),
    "documents:feed": Route(get=ANYONE),
    "documents:manifest": Route(get=ANYONE),
    "documents:publication-file": Route(get=ANYONE, of=published_document, crosses=True),
    "documents:document-file": Route(
        get=SIGNED_IN, of=published_document, crosses=True
    ),  # unpublished: its app's rule
    "documents:rendition-progress": Route(get="officer", of=rendition),  # people["officer"] asked for it
    "documents:rendition-file": Route(get="officer", of=lambda p: rendition(p, made=True)),
    "documents:rendition-retry": Route(post="officer", of=lambda p: rendition(p, failed=True)),
    "documents:upload": Route(of=lambda p: {"public_id": UploadFactory().public_id}),  # granted by no app: nobody
    "documents:upload-preview": Route(of=lambda p: {"public_id": UploadFactory().public_id}),
    "notifications:distribution-list": Route(get=MAIL),
    "notifications:distribution-page": Route(get=MAIL, of=distribution),
    "notifications:distribution-progress": Route(get=MAIL, of=distribution),
    "notifications:distribution-proof": Route(post=MAIL, of=distribution),
    "notifications:distribution-proof-pdf": Route(post=MAIL, of=distribution),
    "notifications:distribution-retry": Route(get=MAIL, post=MAIL, of=distribution),
    "notifications:distribution-stop": Route(get=TEAM, post=TEAM, of=distribution),
    "notifications:letters-print": Route(post=TEAM, of=lambda p: distribution(p, paper=True)),
    "notifications:letters-hand-over": Route(get=TEAM, post=TEAM, of=distribution),
    "notifications:delivery-retry": Route(get=MAIL, post=MAIL, of=lambda p: delivery(p, S.FAILED)),
    "notifications:delivery-confirm": Route(get=MAIL, post=MAIL, of=lambda p: delivery(p, S.TO_CHECK)),
    "notifications:delivery-send-again": Route(get=MAIL, post=MAIL, of=lambda p: delivery(p, S.TO_CHECK)),
    "notifications:delivery-call": Route(get=TEAM, post=TEAM, of=lambda p: delivery(p, S.BOUNCED)),
    "notifications:delivery-write": Route(post=TEAM, of=lambda p: delivery(p, S.BOUNCED)),
    # A decided answer waits for the lead: whoever else sees the case may have the lead reminded.
    "notifications:reminder": Route(
        get=f"{TEAM} {DIRECTORATES} {ELECTED}",
        post=f"{TEAM} {DIRECTORATES} {ELECTED}",
        of=decided_answer,
        conflict="lead",
    ),
    "notifications:message-list": Route(get=SIGNED_IN),
    "notifications:message-page": Route(get="member", of=own_message),
    "notifications:preferences": Route(get=SIGNED_IN, post=SIGNED_IN),
    "notifications:unsubscribe": Route(get=ANYONE, post=ANYONE, of=unsubscribe_link, crosses=True),  # signed link
    "notifications:mail-webhook": Route(post=ANYONE, of=lambda p: {"provider": "brevo"}, crosses=True),  # 400 unsigned
    "notifications:mailbox-list": Route(get=ANYONE),  # on a developer's machine only, like the three below
    "notifications:mailbox-message": Route(get=ANYONE, of=local_message, crosses=True),
    "notifications:mailbox-html": Route(get=ANYONE, of=local_message, crosses=True),
    "portal:home": Route(get=ANYONE),
    "portal:how": Route(get=ANYONE),
    "portal:area": Route(get=SIGNED_IN),
    "portal:desk-home": Route(get=f"{DESK} dpo archivist admin"),
    "portal:menu-counts": Route(get=f"{DESK} witness dpo archivist admin"),
    "calendar:page": Route(get=DESK),
    "calendar:team-renew": Route(post=TEAM, of=lambda p: {"pk": p.term.pk}),
    "calendar:team-feed": Route(get=ANYONE, of=team_calendar_link, crosses=True),
    "portal:member-home": Route(get=MEMBERS),
    "portal:directorate-home": Route(get=f"{DIRECTORATES} {ELECTED}"),
    "portal:service-state": Route(get="lead admin"),
    # a failed job belongs to the installation, not to one assembly
    "portal:job-retry": Route(post="lead admin", of=failed_job, crosses=True),
    "portal:backups": Route(get="lead admin"),
    "portal:backup-ask": Route(post="lead admin"),
    "portal:health": Route(get=ANYONE),
    "portal:card": Route(get=ANYONE),
    "portal:sitemap": Route(get=ANYONE),
    "portal:robots": Route(get=ANYONE),
    "portal:security": Route(get=ANYONE),
    "portal:help": Route(get=ANYONE),
    "portal:help-page": Route(get=ANYONE, of=lambda p: {"slug": "se-connecter"}, crosses=True),
    "portal:legal-notice": Route(get=ANYONE),
    "portal:personal-data": Route(get=ANYONE),
    "portal:accessibility": Route(get=ANYONE),
    "portal:english": Route(get=ANYONE),
    "portal:assembly-card": Route(get=ANYONE),
    "portal:glossary": Route(get=ANYONE),
    "notifications:mailbox-file": Route(get=ANYONE, of=lambda p: {**local_message(p), "number": 0}, crosses=True),
    "ui:components": Route(get=ANYONE),
    # assembly.identity: sign-in and one's own account -----------------------------------------------------------
    "account_login": Route(get=ANYONE, post=ANYONE),
    "account_request_login_code": Route(get=ANYONE, post=ANYONE, data={"email": "inconnu@example.org"}),
    "account_confirm_login_code": Route(get=ANYONE, post=ANYONE),
    "mfa_login_webauthn": Route(get=ANYONE, post=ANYONE),
    "mfa_authenticate": Route(get=ANYONE, post=ANYONE),
    "account_logout": Route(get=ANYONE, post=ANYONE),
    "account_inactive": Route(get=ANYONE),
    "account_signup": Route(get=ANYONE, post=ANYONE, data={"email": "moi@example.org"}),
    "account_reauthenticate": Route(get=STRONG, post=STRONG),
    "mfa_reauthenticate": Route(get=STRONG, post=STRONG),
    "mfa_reauthenticate_webauthn": Route(get=STRONG, post=STRONG),
    "account_change_password": Route(get=SIGNED_IN, post=SIGNED_IN),
    "account_set_password": Route(get=SIGNED_IN, post=SIGNED_IN),
    "account_reset_password": Route(get=ANYONE, post=ANYONE, data={"email": "inconnu@example.org"}),
    "account_reset_password_done": Route(get=ANYONE),
    "account_reset_password_from_key": Route(
        get=ANYONE, post=ANYONE, of=lambda p: {"uidb36": "1", "key": "set-password"}, crosses=True
    ),
    "account_reset_password_from_key_done": Route(get=ANYONE),
    "mfa_index": Route(get=SIGNED_IN),
    "mfa_activate_totp": Route(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_deactivate_totp": Route(get=STRONG, post=STRONG),
    "mfa_view_recovery_codes": Route(get="lead", of=recovery_codes_of_lead, may_write="mfa_authenticator"),
    "mfa_generate_recovery_codes": Route(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_download_recovery_codes": Route(get="lead", of=recovery_codes_of_lead, may_write="mfa_authenticator"),
    "mfa_list_webauthn": Route(get=SIGNED_IN),
    "mfa_add_webauthn": Route(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_edit_webauthn": Route(of=lambda p: {"pk": 1}),
    "mfa_remove_webauthn": Route(of=lambda p: {"pk": 1}),
    "identity:account": Route(get=SIGNED_IN),
    "identity:sign-out-everywhere": Route(post=SIGNED_IN),
    "identity:second-factor": Route(get=SIGNED_IN),
    "identity:confirm": Route(get=SIGNED_IN, post=SIGNED_IN),
    "identity:mail-state": Route(get=ANYONE),
    "demo:sign-in": Route(),
    "identity:my-data": Route(get=SIGNED_IN),
    "identity:my-data-export": Route(post=SIGNED_IN),
    "identity:erasure-ask": Route(post=SIGNED_IN),
    "identity:erasure-withdraw": Route(post="member", of=erasure),
    # assembly.institution: the house itself -------------------------------------------------------------------------
    "institution:colours": Route(get=ANYONE),
    "institution:logo": Route(),
    "institution:web-manifest": Route(get=ANYONE),
    "institution:term-choose": Route(post=MEMBERS + " " + STRONG, data=lambda p: {"term": p.term.pk}),
    "institution:invitation-code": Route(get=ANYONE, post=ANYONE, data={"code": "AAAA"}),
    # Somebody else is signed in on this browser: they are told, and the invitation is not used up.
    "institution:invitation": Route(get=ANYONE, post=ANYONE, conflict=SIGNED_IN, of=invitation_link, crosses=True),
    "institution:people": Route(get="lead"),
    "institution:people-export": Route(get="lead"),
    "institution:invite": Route(get="lead", post="lead"),
    "institution:invitation-letter": Route(post="lead", of=invitation),
    "institution:invitation-revoke": Route(get="lead", post="lead", of=invitation),
    "institution:role-end": Route(get="lead", post="lead", of=lambda p: {"pk": p["officer"].roles.get().pk}),
    "institution:person": Route(get="lead", of=officer),
    "institution:role-give": Route(post="lead", of=officer, data={"role": "facilitator"}),
    "institution:suspend": Route(get="lead", post="lead", of=officer),
    "institution:reactivate": Route(get="lead", post="lead", of=officer),
    "institution:hand-over": Route(get="lead", post="lead", of=officer),
    "institution:journal-head": Route(get=ANYONE),
    "institution:journal": Route(get="lead dpo admin"),
    "institution:journal-export": Route(get="lead dpo admin"),
    "institution:settings": Route(get="lead", post="lead"),
    "institution:settings-term": Route(get="lead", post="lead"),
    "institution:settings-logo": Route(get="lead", post="lead"),
    "institution:settings-test-mail": Route(post="lead"),
    "institution:terms": Route(get="lead"),
    "institution:term-create": Route(get="lead", post="lead"),
    "institution:term": Route(get="lead", of=lambda p: {"pk": p.term.pk}),
    "institution:term-step": Route(get="lead", post="lead", of=lambda p: {"pk": p.term.pk, "slug": "cloturer"}),
    "institution:cantons": Route(get=DESK),
    "institution:canton-export": Route(get=DESK),
    "institution:committees": Route(get=DESK),
    "institution:committee-export": Route(get=DESK),
    "institution:committee-list-export": Route(get=DESK),
    "institution:committee-create": Route(get=TEAM, post=TEAM),
    "institution:committee": Route(get=DESK, of=committee),
    "institution:committee-change": Route(get=TEAM, post=TEAM, of=committee),
    "institution:committee-close": Route(get=TEAM, post=TEAM, of=committee),
    "institution:seat-add": Route(post=TEAM, of=committee),
    "institution:seat-end": Route(get=TEAM, post=TEAM, of=committee_seat),
    "institution:directorates": Route(get="lead"),
    "institution:directorate-export": Route(get="lead"),
    "institution:directorate-create": Route(get="lead", post="lead"),
    "institution:directorate-rename": Route(get="lead", post="lead", of=lambda p: {"pk": p.directorate.pk}),
    "institution:directorate-close": Route(get="lead", post="lead", of=lambda p: {"pk": p.directorate.pk}),
    "institution:erasures": Route(get="dpo"),
    "institution:erasure-note": Route(get="dpo", post="dpo", of=lambda p: {"pk": p["member"].person_id}),
    "institution:erasure": Route(get="dpo", of=erasure),
    "institution:erasure-fulfil": Route(get="dpo", post="dpo", of=erasure),
    "institution:erasure-refuse": Route(post="dpo", of=erasure, data={"answer": "acte public"}),
    "institution:history": Route(get="lead officer dpo admin", of=term_with_a_line),
    # members ------------------------------------------------------------------------------------------------------
    "members:member-list": Route(get=DESK),
    "members:member-export": Route(get=DESK),
    "members:member-contacts": Route(post=TEAM),
    "members:member-labels": Route(post=TEAM),
    "members:member-needs": Route(post=TEAM),
    "members:seat-list": Route(get=TEAM, post="lead", data={"women": 2, "men": 2, "unconditional": 0}),
    "members:charter-list": Route(get=TEAM, post="lead", data={"text": "Je viens.", "in_force_on": "2026-01-10"}),
    "members:member-activate": Route(get=TEAM, post=TEAM, data={"on": "2026-01-10"}),
    "members:member-invite": Route(get=TEAM, post="lead", data={"membre": "tous"}),
    "members:member-add": Route(get=TEAM, post=TEAM),
    **import_routes("members:", "members"),
    **import_routes("members:person-", "persons"),
    **import_routes("sittings:", "sittings"),
    **import_routes("consultations:", "referrals"),
    **import_routes("imports:body-", "bodies"),
    **import_routes("imports:seat-", "body-seats"),
    **import_routes("imports:directorate-", "directorates", "lead"),
    **import_routes("imports:canton-", "cantons", "lead"),
    **import_routes("imports:account-", "accounts", "lead"),
    **import_routes("sittings:expense-rates-", "rates", "lead"),
    **import_routes("sittings:expense-claims-", "claims"),
    "members:person-export": Route(get=TEAM),
    "sittings:expense-rates-export": Route(get=TEAM),
    "members:member-page": Route(get=TEAM, of=mandate),
    "members:member-seat": Route(get=TEAM, post=TEAM, of=lambda p: {"pk": MandateFactory(alternate=True).pk}),
    "members:member-correct": Route(get=TEAM, post=TEAM, of=mandate),
    "members:member-charter": Route(
        get=TEAM,
        post=TEAM,
        of=charter,
        data={"on": "2026-01-10", "received": "paper"},
    ),
    "members:member-image": Route(
        get=TEAM, post=TEAM, of=mandate, data={"on": "2026-01-10", "received": "phone", "press": "oui"}
    ),
    "members:portrait-list": Route(get=TEAM),
    "members:member-portrait": Route(get=TEAM, post=TEAM, of=mandate, data={"statement": "J’apprends."}),
    "members:member-portrait-publish": Route(get=TEAM, post=TEAM, of=portrayed, data={"version": "1"}),
    "members:member-portrait-offline": Route(post=TEAM, of=portrayed),
    "members:member-portrait-delete": Route(get=TEAM, post=TEAM, of=portrayed),
    "members:my-portrait": Route(get="member", post="member", of=own_page, data={"statement": "J’apprends."}),
    "members:my-portrait-delete": Route(get="member", post="member", of=own_portrait),
    "members:member-need": Route(get=TEAM, post=TEAM, of=mandate, data={"kind": "meal", "received": "phone"}),
    "members:member-need-end": Route(
        post=TEAM,
        of=lambda p: {"pk": mandate(p)["pk"], "need_pk": AccommodationNeedFactory(member=mandate_of(p).member).pk},
    ),
    "members:member-name": Route(
        get=TEAM,
        post=TEAM,
        of=lambda p: {
            "pk": mandate(p)["pk"],
            "request_pk": NameChangeRequestFactory(member=mandate_of(p).member).pk,
            "answer": "confirmer",
        },
    ),
    "members:member-step": Route(
        get=TEAM, post=TEAM, of=lambda p: {**mandate(p), "slug": "suspendre"}, data={"on": "2026-01-10"}
    ),
    "search:desk": Route(get=f"{DESK} witness dpo archivist admin"),
    "directory:list": Route(get=DESK),
    "directory:person": Route(get=TEAM, of=listed_person),
    "directory:card": Route(post=TEAM, of=listed_person),
    "directory:file": Route(post=TEAM),
    "directory:print": Route(post=TEAM),
    "members:person-add": Route(get=TEAM, post=TEAM),
    "members:person-page": Route(get=TEAM, post=TEAM, of=lambda p: {"pk": ContactFactory(assembly=p.assembly).pk}),
    "members:public-directory": Route(get=MEMBERS),
    "members:my-page": Route(get="member", of=own_page),
    "members:my-contact": Route(get="member", post="member", of=own_page, data={"channel": "email"}),
    "members:my-name": Route(
        get="member", post="member", of=own_page, data={"first_name": "Rosa", "last_name": "Vidal"}
    ),
    "members:my-need": Route(get="member", post="member", of=own_page, data={"kind": "meal"}),
    "members:my-need-end": Route(
        post="member", of=lambda p: {"need_pk": AccommodationNeedFactory(member=mandate_of(p).member).pk}
    ),
    "members:my-image": Route(get="member", post="member", of=own_page, data={"press": "non"}),
    "members:my-charter": Route(
        get="member",
        post="member",
        of=own_charter,
        data={"accept": "on"},
    ),
    # sessions: sittings up to their minutes ------------------------------------------------------------------------
    "sittings:list": Route(get=DESK),
    "sittings:export": Route(get=DESK),
    "sittings:start": Route(get=TEAM, post=TEAM, data={"body": "plenary", "start": "blank"}),
    "sittings:create": Route(get=TEAM, post=TEAM, of=lambda p: {"body": "plenary", "start": "blank"}, crosses=True),
    "sittings:sitting": Route(get=DESK, of=planned),
    "sittings:edit": Route(get=TEAM, post=TEAM, of=planned),
    "sittings:confirm": Route(get=TEAM, post=TEAM, of=convened),
    "sittings:archive": Route(get=TEAM, post=TEAM, of=minuted),
    "sittings:save-template": Route(get=TEAM, post=TEAM, of=planned, data={"name": "Modèle"}),
    "sittings:history": Route(get=DESK, of=planned),
    "sittings:item-add": Route(post=TEAM, of=planned, data={"title": "Vote", "kind": "vote", "minutes": 5}),
    "sittings:actions-item-add": Route(post=TEAM, of=planned),
    "sittings:agenda-arrange": Route(
        post=TEAM, of=agenda, data=lambda p: {"order": f"{AgendaItem.objects.latest('pk').pk}:0"}
    ),
    "sittings:item-edit": Route(get=TEAM, post=TEAM, of=point),
    "sittings:item-move": Route(post=TEAM, of=point, data={"direction": "up"}),
    "sittings:item-duplicate": Route(post=TEAM, of=point),
    "sittings:items-paste": Route(post=TEAM, of=planned, data={"text": "Accueil\nVote"}),
    "sittings:item-remove": Route(post=TEAM, of=point),
    "sittings:item-restore": Route(post=TEAM, of=point),
    "sittings:item-open": Route(post=TEAM, of=running_point),
    "sittings:item-close": Route(post=TEAM, of=running_point),
    "sittings:item-hours": Route(get=TEAM, post=TEAM, of=running_point, data={"opened": "09:30"}),
    "sittings:papers": Route(get=DESK, post=TEAM, of=planned),
    "sittings:paper-remove": Route(post=TEAM, of=paper),
    "sittings:agenda-file": Route(get=DESK, of=convened),
    "sittings:notice": Route(get=DESK, post=TEAM, of=convened),
    "sittings:notify": Route(get=TEAM, post=TEAM, of=planned, data=read_preview),
    "sittings:notice-trial": Route(post=TEAM, of=planned),
    "sittings:renotify": Route(get=TEAM, post=TEAM, of=convened, data=read_preview),
    "sittings:remind": Route(get=TEAM, post=TEAM, of=convened),
    "sittings:postpone": Route(get=TEAM, post=TEAM, of=convened, data={"reason": "Neige"}),
    "sittings:cancel": Route(get=TEAM, post=TEAM, of=convened, data={"reason": "Neige"}),
    "sittings:hold": Route(get=TEAM, post=TEAM, of=over, data=keyed_in),
    "sittings:not-held": Route(get=TEAM, post=TEAM, of=over, data={"reason": "Neige"}),
    "sittings:reopen": Route(get="lead", post="lead", of=held, data={"reason": "Erreur"}),
    "sittings:undo-opening": Route(get="lead", post="lead", of=running, data={"reason": "Erreur"}),
    "sittings:reconvene": Route(
        get=TEAM, post=TEAM, of=lambda p: {"pk": SittingFactory(term=p.term, not_quorate=True).pk}
    ),
    "sittings:answer-record": Route(get=TEAM, post=TEAM, of=asked, data={"reply": "will_attend", "via": "phone"}),
    "sittings:answers-chosen": Route(get=TEAM, post=TEAM, of=convened),
    "sittings:link-revoke": Route(get=TEAM, post=TEAM, of=asked),
    "sittings:answers-export": Route(post=TEAM, of=convened),
    "sittings:guest-remove": Route(post=TEAM, of=guest),
    "sittings:logistics": Route(post=TEAM, of=convened),
    "sittings:attendance": Route(get=DESK, of=running),
    "sittings:day": Route(get=TEAM, post=TEAM, of=day_point, data=day_open),
    "sittings:day-live": Route(get=TEAM, of=running),
    "sittings:day-vote": Route(post=TEAM, of=running_point, data=NOBODY_VOTED),
    "sittings:roll": Route(get=TEAM, of=running),
    "sittings:roll-arrive": Route(post=TEAM, of=running, data={"q": "personne"}),
    "sittings:roll-all": Route(get=TEAM, post=TEAM, of=running),
    "sittings:roll-all-undo": Route(post=TEAM, of=running, data={"at": "2026-11-27T10:00:00+00:00"}),
    "sittings:move": Route(get=TEAM, post=TEAM, of=lambda p: {**running(p), "slug": "suspendre"}),
    "sittings:tap": Route(post=TEAM, of=lambda p: {**asked(p, running=True), "action": "arrive"}),
    "sittings:person-attendance": Route(get=TEAM, post=TEAM, of=lambda p: asked(p, running=True)),
    "sittings:absence": Route(post=TEAM, of=lambda p: asked(p, running=True), data={"absence": "excused"}),
    "sittings:stay-edit": Route(get=TEAM, post=TEAM, of=stay),
    "sittings:stay-void": Route(post=TEAM, of=stay),
    "sittings:notes": Route(get=TEAM, of=running),
    "sittings:note-take": Route(post=TEAM, of=running_point, data={"text": "Trois prises de parole.", "version": 0}),
    "sittings:certificates-send": Route(get=TEAM, post=TEAM, of=held),
    "sittings:certificate": Route(
        get=TEAM, of=lambda p: {**(pk := held(p)), "invitee": Invitee.objects.get(sitting=pk["pk"]).pk}
    ),
    "sittings:sign-in-sheet": Route(post=DESK, of=planned),
    "sittings:badges": Route(post=DESK, of=planned),
    "sittings:my-list": Route(get=SIGNED_IN),
    "sittings:my-sitting": Route(get=f"{DESK} {MEMBERS}", post="member", of=convened, data={"reply": "will_attend"}),
    "sittings:my-event": Route(get=f"{DESK} {MEMBERS}", of=convened),
    "sittings:my-agenda": Route(get=f"{DESK} {MEMBERS}", of=convened),
    "sittings:my-certificate": Route(get="member", of=held),
    "sittings:feed": Route(get=SIGNED_IN, post=SIGNED_IN),
    "sittings:reply": Route(get=ANYONE, post=ANYONE, of=reply_link, data={"reply": "will_attend"}, crosses=True),
    "sittings:reply-renew": Route(post=ANYONE, of=reply_link, crosses=True),
    "sittings:public-calendar": Route(get=ANYONE),
    "sittings:public-list": Route(get=ANYONE),
    "sittings:public": Route(get=ANYONE, of=announced),
    "sittings:public-card": Route(get=ANYONE, of=announced),
    "sittings:my-calendar": Route(get=ANYONE, of=calendar_link, crosses=True),
    # sessions: minutes, decisions, votes, actions -------------------------------------------------------------------
    "sittings:minutes": Route(get=DESK, of=route_objects.dossier),
    "sittings:minutes-start": Route(post=TEAM, of=held),
    "sittings:minutes-draft": Route(post=DESK, of=route_objects.draft),
    "sittings:minutes-step": Route(get=TEAM, post=TEAM, of=route_objects.step),
    "sittings:section": Route(
        get=DESK, post=TEAM, of=route_objects.section, data={"text": "Mots", "format": "text", "version": 1}
    ),
    "sittings:section-history": Route(get=DESK, of=route_objects.section),
    "sittings:section-restore": Route(post=TEAM, of=route_objects.revision, data={"revision": 1}),
    "sittings:correction-note": Route(get=TEAM, post=TEAM, of=route_objects.shared),
    "sittings:corrections-chosen": Route(get=TEAM, post=TEAM, of=route_objects.shared),
    "sittings:correction-accept": Route(get=TEAM, post=TEAM, of=route_objects.correction),
    "sittings:correction-edit": Route(get=TEAM, post=TEAM, of=route_objects.correction),
    "sittings:correction-refuse": Route(get=TEAM, post=TEAM, of=route_objects.correction, data={"answer": "Non."}),
    "sittings:decision-add": Route(get=TEAM, post=TEAM, of=route_objects.item, data={"text": "Adopté."}),
    "sittings:decision-change": Route(get=TEAM, post=TEAM, of=route_objects.decision, data={"text": "Adopté."}),
    "sittings:decision-withdraw": Route(get=TEAM, post=TEAM, of=route_objects.decision, data={"reason": "Doublon"}),
    "sittings:ballot-prepare": Route(get=TEAM, post=TEAM, of=route_objects.item),
    "sittings:ballot-count": Route(get=TEAM, post=TEAM, of=route_objects.ballot),
    "sittings:ballot-proclaim": Route(get=TEAM, post=TEAM, of=route_objects.counted_ballot),
    "sittings:ballot-cancel": Route(get=TEAM, post=TEAM, of=route_objects.ballot),
    "sittings:ballot-step": Route(get="lead", post="lead", of=route_objects.proclaimed_ballot),
    "sittings:action-add": Route(get=TEAM, post=TEAM, of=route_objects.item),
    "sittings:actions": Route(get=DESK),
    "sittings:actions-export": Route(get=DESK),
    "sittings:action": Route(get=DESK, of=route_objects.action),
    "sittings:action-step": Route(get=DESK, of=lambda p: route_objects.action(p) | {"slug": "faite"}),
    "sittings:minutes-list": Route(get=SIGNED_IN),
    "sittings:minutes-read": Route(get=f"{DESK} member", of=route_objects.shared),
    "sittings:correction-ask": Route(
        get="member officer",
        post="member officer",
        of=route_objects.shared_section,
        data={"proposal": "Ajouter l’heure"},
    ),
    "sittings:minutes-visa": Route(get="member officer", post="member officer", of=route_objects.approved),
    **life_routes.ROUTES,
    # consultations: the life of a referral ---------------------------------------------------------------------------
    **referral_routes.ROUTES,
    **review_routes.ROUTES,
    **briefing_routes.ROUTES,
    **own_routes.ROUTES,
    **amendment_routes.ROUTES,
    **answer_desk_routes.ROUTES,
    **answer_directorate_routes.ROUTES,
    **follow_up_routes.ROUTES,
    **indicator_routes.ROUTES,
    **answer_public_routes.ROUTES,
    **open_data_routes.ROUTES,
    **answer_voice_routes.ROUTES,
    **call_routes.ROUTES,
    **collab_routes.ROUTES,
    **correspondence_routes.ROUTES,
    **draw_routes.ROUTES,
    # opinions: the path of an opinion
    **opinion_routes.ROUTES,
    **paper_routes.ROUTES,
    # mission: grants, then every register
    **grant_routes.ROUTES,
    **register_routes.ROUTES,
    **support_routes.ROUTES,
    **task_routes.ROUTES,
    **team_routes.ROUTES,
    **view_routes.ROUTES,
    **watch_routes.ROUTES,
    **mailing_routes.ROUTES,
    **room_routes.ROUTES,
}
