"""Rights on follow-ups: read by expectations.py, one line a route."""

from answers.models import FollowUpState
from assembly.institution.models import CommitteeKind
from tests.answers.progress.reports import (
    begun_report,
    none_waits,
    published_report,
    ready_report,
    report_period,
    tomorrow,
)
from tests.answers.stage import followed_by
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.security.routes import ANYONE, DIRECTORATES, ELECTED, TEAM, Route

S = FollowUpState


def row_in(state, **more):
    """Make a follow-up of the directorate of `dir_contact` and `dir_approver`, in that state."""
    return lambda p: {"pk": followed_by(p, state).pk, **more}


def seated(state, **more):
    """Make the same, with `member` in the follow-up committee of the term."""

    def made(p):
        found = CommitteeFactory(term=p.term, kind=CommitteeKind.FOLLOW_UP)
        CommitteeMembershipFactory(committee=found, person=p["member"].person)
        return {"pk": followed_by(p, state).pk, **more}

    return made


ROUTES = {
    "answers:follow-ups": Route(get=TEAM),
    "answers:follow-ups-export": Route(get=TEAM),
    "answers:desk-follow-up": Route(get=TEAM, of=lambda p: {"pk": followed_by(p).case_id}),
    "answers:follow-up-step": Route(get=TEAM, post=TEAM, of=row_in(S.PLANNED, slug="demander")),
    # `crosses`: each reads what their own directorates and terms follow up.
    "answers:directorate-follow-ups": Route(get=f"{DIRECTORATES} {ELECTED}", crosses=True),
    "answers:commitments": Route(get=TEAM),
    "answers:commitments-export": Route(get=TEAM),
    "answers:progress-reports": Route(get=TEAM),
    # `crosses`: each team begins the report of its own term.
    "answers:progress-report-begin": Route(get=TEAM, post=TEAM, of=none_waits, data=report_period, crosses=True),
    "answers:desk-progress-report": Route(
        get=TEAM, post="lead", of=lambda p: {"pk": ready_report(p).pk}, data={"version": 0}
    ),
    "answers:progress-report-text": Route(
        get=TEAM,
        post=TEAM,
        of=lambda p: {"pk": begun_report(p).pk},
        data=lambda p: {"introduction": "Six mois.", "ends_on": tomorrow().isoformat(), "version": 0},
    ),
    "answers:progress-report-preview": Route(post=TEAM, of=lambda p: {"pk": begun_report(p).pk}),
    # Anybody reads what is published.
    "answers:public-commitments": Route(get=ANYONE),
    "answers:public-commitments-file": Route(get=ANYONE),
    "answers:public-progress-reports": Route(get=ANYONE),
    "answers:progress-report": Route(
        get=ANYONE, of=lambda p: {"reference": published_report(p).reference}, crosses=True
    ),
    "answers:progress-report-json": Route(
        get=ANYONE, of=lambda p: {"reference": published_report(p).reference}, crosses=True
    ),
    # Who sits in the committee; `p["other_member"]` does not.
    "answers:committee-follow-ups": Route(get="member", of=lambda p: {} if seated(S.PLANNED)(p) else {}),
    "answers:committee-follow-up": Route(get="member", of=seated(S.PLANNED)),
    "answers:committee-step": Route(
        get="member", post="member", of=seated(S.PLANNED, slug="remarque"), data={"text": "Le calendrier manque."}
    ),
    "answers:directorate-follow-up-step": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=row_in(S.PLANNED, slug="service"), data={"service": "Mobilités"}
    ),
}
