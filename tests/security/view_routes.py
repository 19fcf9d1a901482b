"""Saved views: who keeps and changes them; their links."""

from assembly.lists import lists
from assembly.saved_views import actions, queries
from assembly.saved_views.models import SavedView, ViewSubscription
from tests.security.routes import ANYONE, DESK, TEAM, Route


def partners_view(people):
    """Make a view of the partners by the officer, shared with the team and with the directorate."""
    made = actions.save_view(lists()["partners"], people.term, by=people["officer"], name="Vue", query="")
    SavedView.objects.filter(pk=made.pk).update(is_shared=True, directorate=people.directorate)
    made.refresh_from_db()
    return made


def stop_link(people):
    made = queries.view_of_token(partners_view(people).token, people["officer"])
    return {"token": actions.stop_token(ViewSubscription.objects.create(view=made, user=people["officer"]))}


ROUTES = {
    # `crosses`: a page without an object is that of the reader’s own assembly.
    "saved_views:list": Route(
        get=DESK, post=DESK, of=lambda p: {"key": "referrals"}, data={"name": "Vue"}, crosses=True
    ),
    "saved_views:change": Route(get=TEAM, post=TEAM, of=lambda p: {"pk": partners_view(p).pk}, data={"weekly": "on"}),
    "saved_views:open": Route(get=f"{TEAM} dir_contact dir_approver", of=lambda p: {"token": partners_view(p).token}),
    "saved_views:stop": Route(get=ANYONE, post=ANYONE, of=stop_link, crosses=True),  # signed link
}
