"""Rights on the reviews, the directorates' room, the private thread: read by expectations.py, one line a route."""

from consultations.models import ReviewState
from tests.consultations.desk import another, asked_of, written
from tests.factories.consultations import (
    DelegationFactory,
    DirectorateReviewFactory,
    ReferralFactory,
    ReviewAttachmentFactory,
    ScopingNoteFactory,
    ThreadMessageFactory,
    VisaLevelFactory,
)
from tests.security.routes import DIRECTORATES, TEAM, Route

S = ReviewState


def review_at(state, **facts):
    """Make a review of the directorate of `dir_contact` and `dir_approver`, in that state."""
    return lambda p: {"pk": written(asked_of(p, state), **facts).pk}


def step_at(state, slug):
    return lambda p: {"pk": written(asked_of(p, state)).pk, "slug": slug}


def referral_with_answers(p):
    """Make a referral with one answer given and one pending."""
    review = written(asked_of(p, S.VALIDATED))
    DirectorateReviewFactory(referral=review.referral)
    return {"pk": review.referral_id}


def referral_with_note(p):
    return {"pk": ScopingNoteFactory(referral=ReferralFactory(term=p.term, issued=True)).referral_id}


def file_of_review(p):
    file = ReviewAttachmentFactory(review=asked_of(p, S.DRAFTED))
    return {"pk": file.review_id, "file_pk": file.pk}


def reader_of_review(p):
    review = asked_of(p, S.DRAFTED)
    _place, reader, _approver = another(p)
    review.copy_readers.add(reader)
    return {"pk": review.pk, "user_pk": reader.pk}


def message_of(role):
    def make(p):
        review = asked_of(p)
        return {"pk": ThreadMessageFactory(referral=review.referral, author=p[role]).pk}

    return make


def delegation(p):
    return {
        "pk": DelegationFactory(directorate=p.directorate, giver=p["dir_approver"], holder=p["dir_contact"]).pk,
    }


def visa_level(p):
    """Make the second of two visa levels, which may move up."""
    first = VisaLevelFactory(directorate=p.directorate, holder=p["dir_contact"])
    return {"pk": VisaLevelFactory(directorate=first.directorate, holder=p["dir_contact"]).pk}


REASON = {"reason": "Parce que.", "due_on": "2099-05-04"}
ROUTES = {
    # In the bureau: the team alone; the facilitator has the dossier and not what directorates say.
    "consultations:reviews": Route(get=TEAM, of=referral_with_answers),
    "consultations:review-ask": Route(get=TEAM, post=TEAM, of=referral_with_answers),
    "consultations:compare": Route(get=TEAM, of=referral_with_answers),
    "consultations:compare-csv": Route(get=TEAM, of=referral_with_answers),
    "consultations:scoping-note": Route(get=TEAM, post=TEAM, of=referral_with_note, data={"text": "Mots."}),
    "consultations:scoping-note-generate": Route(post=TEAM, of=referral_with_answers),
    "consultations:thread": Route(get=TEAM, post=TEAM, of=referral_with_answers, data={"body": "Bonjour"}),
    "consultations:review": Route(get=TEAM, of=review_at(S.VALIDATED)),
    "consultations:review-step": Route(get=TEAM, post=TEAM, of=step_at(S.ASKED, "clore"), data=REASON),
    # In the directorates' room: their own files, the team has other pages.
    "consultations:instruction": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=review_at(S.DRAFTED), data={"summary": "Oui.", "version": 0}
    ),
    "consultations:instruction-presence": Route(
        post=DIRECTORATES, of=review_at(S.DRAFTED), data={"field": "summary", "version": 0}
    ),
    "consultations:instruction-comment": Route(
        get=DIRECTORATES,
        post=DIRECTORATES,
        of=review_at(S.SUBMITTED),
        data={"field": "summary", "quote": "Faisable", "body": "Où ?"},
    ),
    "consultations:instruction-inside": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=review_at(S.DRAFTED), data={"body": "Bonjour"}
    ),
    "consultations:instruction-readers": Route(get=DIRECTORATES, post=DIRECTORATES, of=review_at(S.DRAFTED)),
    "consultations:instruction-reader-remove": Route(get=DIRECTORATES, post=DIRECTORATES, of=reader_of_review),
    "consultations:instruction-word": Route(get=DIRECTORATES, of=review_at(S.DRAFTED)),
    "consultations:instruction-word-in": Route(get=DIRECTORATES, post=DIRECTORATES, of=review_at(S.DRAFTED)),
    "consultations:instruction-check": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=review_at(S.DRAFTED), data={"version": 0}
    ),
    "consultations:instruction-visa": Route(
        get="dir_approver", post="dir_approver", of=review_at(S.SUBMITTED), data={"version": 0}
    ),
    "consultations:instruction-step": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=step_at(S.ASKED, "renvoyer"), data=REASON
    ),
    "consultations:instruction-file-add": Route(post=DIRECTORATES, of=review_at(S.DRAFTED)),
    "consultations:instruction-file-remove": Route(post=DIRECTORATES, of=file_of_review),
    "consultations:instruction-thread": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=referral_with_answers, data={"body": "Bonjour"}
    ),
    # In the area of the directorates, where the team has no other page.
    "consultations:thread-withdraw": Route(get="officer", post="officer", of=message_of("officer")),
    # `crosses`: each reads the delegations of the directorates where they work.
    "consultations:delegations": Route(get=DIRECTORATES, post="dir_approver", crosses=True),
    # `crosses`: each reads the way of the directorates where they work.
    "consultations:visa-levels": Route(get=DIRECTORATES, crosses=True),
    "consultations:visa-level-add": Route(
        get="dir_approver", post="dir_approver", of=lambda p: {"pk": p.directorate.pk}
    ),
    "consultations:visa-level-up": Route(post="dir_approver", of=visa_level),
    "consultations:visa-level-remove": Route(post="dir_approver", of=visa_level),
    "consultations:delegation-end": Route(get="dir_approver", post="dir_approver", of=delegation),
}
