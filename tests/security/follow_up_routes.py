"""Rights on follow-ups: read by expectations.py, one line a route."""

from answers.enums import FollowUpState
from tests.answers.stage import followed_by
from tests.security.routes import DIRECTORATES, ELECTED, TEAM, Route

S = FollowUpState


def row_in(state, **more):
    """A follow-up of the directorate of `dir_contact` and `dir_approver`, in that state."""
    return lambda p: {"pk": followed_by(p, state).pk, **more}


ROUTES = {
    "answers:follow-ups": Route(get=TEAM),
    "answers:follow-ups-export": Route(get=TEAM),
    "answers:desk-follow-up": Route(get=TEAM, of=lambda p: {"pk": followed_by(p).file_id}),
    "answers:follow-up-step": Route(get=TEAM, post=TEAM, of=row_in(S.PLANNED, slug="demander")),
    # `crosses`: each reads what their own directorates and terms follow up.
    "answers:room-follow-ups": Route(get=f"{DIRECTORATES} {ELECTED}", crosses=True),
    "answers:room-follow-up-step": Route(
        get=DIRECTORATES, post=DIRECTORATES, of=row_in(S.PLANNED, slug="service"), data={"service": "Mobilités"}
    ),
}
