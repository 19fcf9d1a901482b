"""Cases that write, where the line in the table of rights stops before: who, the object, what is sent."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly.correspondence.models import TeamMessage
from assembly.identity import actions as identity
from assembly.identity.models import User
from assembly.institution.forms import AssemblySettingsForm, TermSettingsForm
from assembly.institution.models import Term, TermState
from consultations.models import ReferralState
from draws.models import Call, Candidate
from draws.succession import actions as succession
from members.models import Mandate
from opinions.models import OpinionState
from sessions.minutes.actions import publication
from sessions.models import MinutesSection, MinutesState, Sitting
from tests.answers.stage import followed_by
from tests.draws.inner import internal_draw_in, sealed_record
from tests.draws.stage import draw_in, registered_record
from tests.factories.answers import said
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.consultations import AdmissibilityCheckFactory, ReferralDirectorateFactory, ReferralFactory
from tests.factories.documents import DocumentFactory
from tests.factories.follow_up import ProgressUpdateFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.life import claim_with_lines
from tests.factories.members import MandateFactory, SeatFactory, mandate_of
from tests.factories.mission import GrantApplicationFactory
from tests.files import pdf
from tests.security import correspondence_routes
from tests.security.answer_directorate_routes import S, answer_case_at
from tests.security.follow_up_routes import S as F, row_in
from tests.security.life_routes import case_at, desk_claim
from tests.security.opinion_routes import opinion
from tests.sessions import route_objects
from tests.sessions.sittings.closed_sitting import at_state

TODAY = {"on": lambda p: {"on": timezone.localdate().isoformat()}}


def signed_grant(p):
    row = GrantApplicationFactory(assembly=p.assembly, state="voted", agreement_signed_on=timezone.localdate())
    return {"pk": row.pk}


def committee(p):
    return {"pk": CommitteeFactory(term=p.term).pk}


def seat(p):
    return {"pk": CommitteeMembershipFactory(committee__term=p.term).pk}


def known_person(p):
    """Make a person with a seat in another committee."""
    known = CommitteeMembershipFactory(committee__term=p.term).person
    return {"person": known.pk, "function": "chair", "starts_on": timezone.localdate().isoformat()}


def suspended(p):
    identity.suspend(User.objects.get(pk=p["officer"].pk), by=p["lead"])  # others use the same people after us
    return {"pk": p["officer"].pk}


def corrected_member(p):
    member = mandate_of(p).member
    names = {"first_name": "Rosa", "last_name": "Vidal", "gender": member.gender, "canton": member.canton_id}
    return names | {"channel": "email", "email": member.person.email, "received": "phone"}


def fitting_seat(p):
    """Make a vacant seat for the alternate of this case."""
    member = Mandate.objects.get(kind="alternate").member
    return {"seat": SeatFactory(term=p.term, canton=member.canton, gender=member.gender).pk}


def colleague(p):
    day = timezone.localdate()
    return {
        "directorate": p.directorate.pk,
        "holder": p["dir_contact"].pk,
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=5)).isoformat(),
    }


def sent(thing, names, **changed):
    """Return the data of a settings form as it is shown, with changes."""
    values = {name: getattr(thing, name) for name in names} | changed
    return {name: value for name, value in values.items() if value not in (None, False)}


OBJECTS = {
    "institution:settings": (
        "lead",
        None,
        lambda p: sent(p.term.assembly, AssemblySettingsForm.names, contact_phone="05 61 00 00 00"),
    ),
    "institution:settings-term": ("lead", None, lambda p: sent(p.term, TermSettingsForm.names, notice_days=21)),
    "institution:term-create": (
        "lead",
        None,
        {"number": 7, "name": "7e", "starts_on": "2031-01-01", "ends_on": "2033-01-01", "seats": 108},
    ),
    "opinions:paper-easy-read": (
        "officer",
        lambda p: {"pk": opinion(p, OpinionState.ADOPTED).pk},
        lambda p: {"file": SimpleUploadedFile("resume.pdf", pdf("Il faut des bus."))},
    ),
    "institution:invite": (
        "lead",
        None,
        {"first_name": "Ada", "last_name": "Vidal", "email": "ada@example.org", "role": "lead"},
    ),
    "institution:suspend": ("lead", lambda p: {"pk": p["officer"].pk}, {"reason": "Téléphone perdu."}),
    "institution:reactivate": ("lead", suspended, None),
    "institution:committee-close": ("officer", committee, TODAY["on"]),
    "institution:seat-add": ("officer", committee, known_person),
    "institution:seat-end": ("officer", seat, TODAY["on"]),
    "institution:directorate-close": ("lead", lambda p: {"pk": p.directorate.pk}, TODAY["on"]),
    "institution:settings-logo": ("lead", None, {"remove": "on"}),
    "sittings:expense-batch-make": (
        "officer",
        lambda p: {} if claim_with_lines(p["member"].person, state="checked") else {},
        {"total": "34.44"},
    ),
    "members:member-correct": ("officer", lambda p: {"pk": mandate_of(p).pk}, corrected_member),
    "members:member-seat": ("officer", lambda p: {"pk": MandateFactory(alternate=True).pk}, fitting_seat),
    "consultations:delegations": ("dir_approver", None, colleague),
    "consultations:visa-level-add": (
        "dir_approver",
        lambda p: {"pk": p.directorate.pk},
        lambda p: {"name": "Service", "holder": p["dir_contact"].pk},
    ),
    "opinions:settings": (
        "lead",
        None,
        {
            "amendment_days": 5,
            "cosigners_needed": 3,
            "check_days": 20,
            "ranking_dots": 4,
            "spokespersons": 2,
        },
    ),
}
# Their forms say no to what is sent here; that they are asked before is what this table shows.
STOPS_AT_ITS_FORM = frozenset(
    {
        "account_change_password",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "institution:settings-logo",
        "members:member-activate",
        "members:member-invite",
        "opinions:paper-seal",
    }
)


def minutes(p, state, **functions):
    """Make minutes at that state, with other functions than those of the table of rights."""
    made = route_objects.written_draft(p)
    if functions:
        Sitting.objects.filter(pk=made.sitting_id).update(**functions)
    return at_state(made, state)


def draw_at(state):
    return lambda p: {"pk": draw_in(p, state).pk}


def with_proposed_mandates(p):
    draw = draw_in(p, "revealed")
    succession.propose_mandates(draw, by=p["officer"])
    return {"pk": draw.pk}


def to_announce(p):
    """Make a draw with everything that an announcement needs."""
    draw = draw_in(p, "computed")
    type(draw).objects.filter(pk=draw.pk).update(place="Toulouse", takes_place_at=timezone.now())
    return {"pk": draw.pk}


def internal_at(state):
    return lambda p: {"pk": internal_draw_in(p, state).pk}


def internal_with_record(p):
    draw = internal_draw_in(p, "drawn")
    sealed_record(draw)
    return {"pk": draw.pk}


def with_record(p):
    draw = draw_in(p, "drawn")
    registered_record(draw)
    return {"pk": draw.pk}


def approved_for(**functions):
    return lambda p: {
        "pk": minutes(p, MinutesState.APPROVED, **{name: p[who].person for name, who in functions.items()}).pk
    }


def with_old_visa(p):
    """Make a row with a visa on another text than the current one."""
    made = minutes(p, MinutesState.APPROVED)
    made.visas.create(capacity="chair", person=p["member"].person, text_sha256="0" * 64, given_at=timezone.now())
    return {"pk": made.pk}


def with_both_visas(p):
    made = minutes(p, MinutesState.APPROVED)
    for capacity in ("chair", "secretary"):
        publication.record_visa(made, capacity, by=p["officer"])
    return {"pk": made.pk}


def rectification(p):
    section = MinutesSection.objects.latest("pk")
    return {"section": section.pk, "passage": "dit", "proposal": "fait", "reason": "Erreur matérielle"}


def signed(p):
    made = minutes(p, MinutesState.SIGNED)
    made.public_document = made.internal_document = DocumentFactory(term=p.term)
    made.save(update_fields=["public_document", "internal_document"])
    return {"pk": made.pk}


def ready_letter(p):
    referral = ReferralFactory(term=p.term, review=True, officer=p["officer"])
    ReferralDirectorateFactory(referral=referral, lead=True, directorate=p.directorate)
    return {"pk": referral.pk}


def admissible(p):
    referral = ReferralFactory(term=p.term, own=True, state=ReferralState.ADMISSIBILITY_CHECK, officer=p["officer"])
    AdmissibilityCheckFactory(referral=referral)
    return {"pk": referral.pk}


def due_on(p):
    return {"reviews_due_on": (timezone.localdate() + timedelta(days=21)).isoformat()}


def letter(p):
    file = SimpleUploadedFile("lettre.pdf", pdf("Lettre"), "application/pdf")
    return {**due_on(p), "letter_on": timezone.localdate().isoformat(), "file": file}


def proved_follow_up(p):
    row = followed_by(p, F.IN_PROGRESS, reported_at=timezone.now())
    ProgressUpdateFactory(follow_up=row, proved=True)
    return {"pk": row.pk}


def open_call(p):
    return {"pk": CallFactory(term=p.term).pk}


def ready_call(p):
    SeatFactory(term=p.term)
    Term.objects.filter(pk=p.term.pk).update(state=TermState.RECRUITING, decision_reference="D-4")
    Call.objects.filter(term=p.term).delete()
    return {"pk": CallFactory(term=p.term, draft=True).pk}


def longer(p):
    return {"closes_on": (timezone.localdate() + timedelta(days=35)).isoformat(), "reason": "Trop peu de candidates."}


def examined(p):
    row = CandidateFactory(call=CallFactory(term=p.term), number=Candidate.objects.count() + 1, eligible=True)
    return {"pk": row.pk}


def unexamined(p):
    call = CallFactory(term=p.term)
    Call.objects.filter(pk=call.pk).update(state="closed", closed_on=timezone.localdate())
    return {"pk": CandidateFactory(call=call, number=Candidate.objects.count() + 1).pk}


STEP_OBJECTS = {
    "correspondence:step envoyer-en-nombre": (
        "officer",
        correspondence_routes.message,
        lambda p: {"shown": TeamMessage.objects.latest("pk").fingerprint},
    ),
    "mission:grants-step sceller-la-decision": ("lead", signed_grant, {}),
    "mission:grants-step sceller-la-convention": ("lead", signed_grant, {}),
    "sittings:absence-step procedure": (
        "lead",
        case_at("raised"),
        lambda p: {
            "answer_by": (timezone.localdate() + timedelta(days=15)).isoformat(),
            "text": "Dites-nous ce que vous souhaitez.",
        },
    ),
    "sittings:absence-step terminer": (
        "lead",
        case_at("procedure"),
        lambda p: {**TODAY["on"](p), "detail": "Trois absences, aucune réponse."},
    ),
    "sittings:expense-step refuser": ("officer", desk_claim("submitted"), {"reason": "La navette était offerte."}),
    "sittings:expense-step payer": (
        "officer",
        desk_claim("sent"),
        {"paid_on": "2026-11-02", "payment_reference": "MP-7"},
    ),
    "draws:draw-step figer": ("lead", draw_at("checked"), None),
    "draws:draw-step ecrire": ("officer", draw_at("frozen"), None),
    "draws:draw-step degeler": ("lead", draw_at("frozen"), {"reason": "Un canton est faux."}),
    "draws:draw-step annoncer": ("lead", to_announce, None),
    "draws:draw-step lecture": ("officer", draw_at("announced"), {"balls": "4172", "dice": "35166241153264251362"}),
    "draws:draw-step relancer": ("officer", with_proposed_mandates, None),
    "draws:draw-step proces-verbal": ("officer", draw_at("drawn"), None),
    "draws:draw-step constater": ("witness", with_record, {"name": "Jean-Luc Mounié", "office": "Étude Mounié"}),
    "draws:draw-step reveler": ("lead", draw_at("certified"), None),
    "draws:draw-step figer-liste": ("officer", internal_at("draft"), None),
    "draws:draw-step nommer": ("officer", internal_with_record, None),
    "draws:draw-step annuler": ("lead", draw_at("announced"), {"reason": "Panne de courant."}),
    "sittings:minutes-step visa-presidence": ("officer", approved_for(chair="officer"), None),
    "sittings:minutes-step visa-secretariat": ("officer", approved_for(secretary="officer"), None),
    "sittings:minutes-step visa-papier": ("officer", approved_for(), {"capacity": "chair"}),
    "sittings:minutes-step reprendre-les-visas": ("officer", with_old_visa, None),
    "sittings:minutes-step sceller": ("officer", with_both_visas, None),
    "sittings:minutes-step publier": ("lead", signed, None),
    "sittings:minutes-step releve": ("officer", approved_for(), None),
    "sittings:minutes-step rectifier": ("lead", signed, rectification),
    "consultations:step lettre-signee": ("officer", ready_letter, letter),
    "draws:call-step ouvrir": ("lead", ready_call, None),
    "draws:call-step prolonger": ("lead", open_call, longer),
    "draws:call-step clore": ("lead", open_call, {"reason": "Il y a eu une erreur."}),
    "draws:candidate-step ecarter": ("officer", unexamined, {"reason": "unreachable"}),
    "draws:candidate-step prevenir": ("officer", examined, None),
    "draws:candidate-step rouvrir": ("lead", examined, {"reason": "Le mandat est fini."}),
    "answers:desk-step publier": ("lead", answer_case_at(S.DECIDED), None),
    "answers:desk-step deliberation": (
        "lead",
        answer_case_at(S.VALIDATED),
        lambda p: {**TODAY["on"](p), "reference": "CD-2026-114"},
    ),
    "answers:desk-step reponse-passee": (
        "lead",
        answer_case_at(S.AWAITING),
        lambda p: {**TODAY["on"](p), **said(), "file": SimpleUploadedFile("reponse.pdf", pdf("Oui."))},
    ),
    "answers:follow-up-step clore": ("lead", proved_follow_up, None),
    "answers:follow-up-step abandonner": ("lead", row_in(F.PLANNED), {"reason": "Le terrain est vendu."}),
    "answers:follow-up-step rouvrir": ("lead", row_in(F.DONE), {"reason": "Le bus est en panne."}),
    "answers:directorate-step viser": ("dir_approver", answer_case_at(S.SUBMITTED), {"version": 0}),
    "answers:directorate-step decider": ("president", answer_case_at(S.VALIDATED), {"version": 0}),
    "consultations:step reponse-donnee": (
        "lead",
        lambda p: {"pk": ReferralFactory(term=p.term, state=ReferralState.HANDED_OVER).pk},
        lambda p: {**TODAY["on"](p), "file": SimpleUploadedFile("reponse.pdf", pdf("Oui."))},
    ),
    "consultations:step publier": ("officer", lambda p: {"pk": ReferralFactory(term=p.term, issued=True).pk}, None),
    "consultations:step depublier": (
        "officer",
        lambda p: {"pk": ReferralFactory(term=p.term, issued=True, published=True).pk},
        {"reason": "Une erreur."},
    ),
    "consultations:office-step emettre": ("president", ready_letter, due_on),
    "consultations:office-step avis-du-conseil": (
        "president",
        admissible,
        {"stance": "favourable", "reasons": "Oui."},
    ),
    "opinions:step publier": ("officer", lambda p: {"pk": opinion(p, OpinionState.HANDED_OVER).pk}, None),
    "opinions:step facile-a-lire": (
        "officer",
        lambda p: {"pk": opinion(p, OpinionState.ADOPTED).pk},
        {"easy_read": "Il faut des bus."},
    ),
}
