"""Writes of saved views: saving, sharing and mailing them."""

import secrets
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.identity.personal_links import PersonalLink
from assembly.institution.models import Directorate, Term
from assembly.lists import List
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.saved_views.models import LONGEST_QUERY, SavedView, ViewSubscription
from assembly.saved_views.queries import can_open, list_of

STOP = PersonalLink("mission.views.stop", None)
MAIL = "saved-view"


@transaction.atomic
def save_view(saved_list: List, term: Term, *, by: User, name: str, query: str) -> SavedView:
    """Save a list under a name; the same name again overwrites the arrangement.

    Raises PermissionDenied for a list that this person may not open, and ValidationError when its filters are too
    long: cut, they would show other rows.
    """
    if not saved_list.can_open(by, term):
        raise PermissionDenied
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("Ces filtres sont trop longs pour être gardés : cherchez moins de mots."))
    defaults = {"query": query, "assembly_id": term.assembly_id, "term": term}
    view, _is_new = SavedView.objects.update_or_create(
        created_by=by,
        list_key=saved_list.key,
        name=name,
        defaults=defaults,
        create_defaults={**defaults, "token": secrets.token_urlsafe(32)},
    )
    return view


@transaction.atomic
def share_view(view: SavedView, *, by: User, is_shared: bool, directorate: Directorate | None) -> None:
    """Share a view with the team, with a directorate, or with nobody (any more): links sent before then stop working.

    Raises PermissionDenied for a view of somebody else and for a directorate that may not have it.
    """
    check_author(view, by)
    saved_list = list_of(view)
    if directorate is not None and (
        saved_list is None or not saved_list.for_directorates or directorate.assembly_id != view.assembly_id
    ):
        raise PermissionDenied
    SavedView.objects.filter(pk=view.pk).update(is_shared=is_shared, directorate=directorate)
    record("saved_view.shared", view, by=by, team=is_shared, directorate=directorate and directorate.pk)


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    check_author(view, by)
    view.delete()


def check_author(view: SavedView, by: User) -> None:
    if view.created_by_id != by.pk:
        raise PermissionDenied


def unsubscribe(view: int, user: int) -> None:
    """Delete the subscription of this user to this view, after one click."""
    ViewSubscription.objects.filter(view=view, user=user).delete()


@transaction.atomic
def subscribe(view: SavedView, *, by: User, is_subscribed: bool) -> None:
    """Send the view by mail each week, or no longer; raises PermissionDenied where it may not be opened."""
    if not is_subscribed:
        unsubscribe(view.pk, by.pk)
    elif can_open(view, by):
        ViewSubscription.objects.get_or_create(view=view, user=by)
    else:
        raise PermissionDenied


def stop_token(subscription: ViewSubscription) -> str:
    return STOP.token(f"{subscription.view_id}-{subscription.user_id}", subscription.user.person.email)


def keys_of_token(token: str) -> tuple[int, int] | None:
    """Return the keys of view and user in a link of a mail.

    None when the token is forged, or when the user has another address now.
    """
    if (sent := STOP.read(token)) is None:
        return None
    view, _dash, pk = sent.name.partition("-")
    user = User.objects.select_related("person").filter(pk=pk).first()
    return (int(view), user.pk) if user and sent.opens(user.person.email) else None


def send_weekly(today: date) -> int:
    """Send one mail for each subscription and week, and return how many left.

    Idempotent: a second run in the same week sends nothing more. A reader who lost the right gets none.
    """
    count = 0
    week = f"{today.isocalendar().year}-{today.isocalendar().week:02}"
    rows = ViewSubscription.objects.exclude(last_sent_on__gte=date.fromisocalendar(*today.isocalendar()[:2], 1))
    for row in rows.select_related("view__created_by", "view__term__assembly", "user__person").order_by("pk"):
        if row.user.is_active and can_open(row.view, row.user):
            with transaction.atomic():
                distribute(
                    MAIL,
                    row.view,
                    [Recipient(row.user.person, {"subscription": row.pk})],
                    by=None,
                    title=row.view.name,
                    key=f"{MAIL}:{row.pk}:{week}",
                    assembly=row.view.term.assembly,
                    letter=False,
                )
                ViewSubscription.objects.filter(pk=row.pk).update(last_sent_on=today)
                count += 1
    return count
