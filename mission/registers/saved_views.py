"""Lists as somebody arranged them: kept, shared by a link, mailed each week until one click stops it.

Who shared a view must still see the register, and who opens it must belong where it is shared: asked each time, of
the page as of the mail. What it shows is never more than its author sees.
"""

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorates_of
from assembly.notifications.actions.distributions import Recipient, distribute
from mission.registers.declaration import Register, registers
from mission.registers.models import SavedView, ViewSubscription

STOP = Signer(salt="mission.views.stop")
NOT_KEPT = {"apres", "avant", "monter", "format", "vue_de"}
LONGEST = 1000
MAIL = "saved-view"


def kept_query(asked: QueryDict) -> str:
    """The address of a list without its page."""
    pairs = [(key, value) for key in asked if key not in NOT_KEPT for value in asked.getlist(key) if value]
    return urlencode(pairs)[:LONGEST]


def views_of(register: Register, user: Any, term: Term) -> QuerySet[SavedView]:
    """Those that a list offers: one’s own, and what colleagues share with the team."""
    rows = SavedView.objects.filter(register=register.key, assembly=term.assembly_id)
    return rows.filter(Q(created_by=user) | Q(is_shared=True)).order_by("name", "pk")


def register_of(view: SavedView) -> Register | None:
    """The register, while the author of the view still sees it there."""
    found = registers.get(view.register)
    return found if found and found.can_enter(view.created_by, view.term) else None


def may_open(view: SavedView, user: Any) -> bool:
    """Own, shared with the team that sees the register, or with a directorate of the reader."""
    found = register_of(view)
    if found is None:
        return False
    if found.can_enter(user, view.term):
        return view.is_shared or view.created_by_id == user.pk
    return view.directorate_id is not None and view.directorate_id in directorates_of(user)


def view_behind(token: str, user: Any) -> SavedView | None:
    """The view of a link; None for a link that nobody gave, or that is not for this reader (any more)."""
    rows = SavedView.objects.select_related("created_by__person", "term__assembly", "directorate")
    view = rows.filter(token=token).first() if token.isascii() and "\x00" not in token else None
    return view if view and may_open(view, user) else None


@transaction.atomic
def save_view(register: Register, term: Term, *, by: User, name: str, query: str) -> SavedView:
    """Keep a list under a name; the same name again keeps the new arrangement."""
    if not register.can_enter(by, term):
        raise PermissionDenied
    made, _is_new = SavedView.objects.update_or_create(
        created_by=by,
        register=register.key,
        name=name,
        defaults={"query": query, "assembly_id": term.assembly_id, "term": term},
        create_defaults={
            "query": query,
            "assembly_id": term.assembly_id,
            "term": term,
            "token": secrets.token_urlsafe(32),
        },
    )
    return made


@transaction.atomic
def share_view(view: SavedView, *, by: User, is_shared: bool, directorate: Directorate | None) -> None:
    """With the team, with a directorate, or with nobody (any more): links given before close."""
    own(view, by)
    if directorate is not None and directorate.assembly_id != view.assembly_id:
        raise PermissionDenied
    SavedView.objects.filter(pk=view.pk).update(is_shared=is_shared, directorate=directorate)
    record("saved_view.shared", view, by=by, team=is_shared, directorate=directorate and directorate.pk)


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    own(view, by)
    view.delete()


def own(view: SavedView, by: User) -> None:
    if view.created_by_id != by.pk:
        raise PermissionDenied


def unsubscribe(view: int, user: int) -> None:
    """One click: this view comes no more."""
    ViewSubscription.objects.filter(view=view, user=user).delete()


@transaction.atomic
def subscribe(view: SavedView, *, by: User, wanted: bool) -> None:
    """Each week by mail, or no longer."""
    if not wanted:
        unsubscribe(view.pk, by.pk)
    elif may_open(view, by):
        ViewSubscription.objects.get_or_create(view=view, user=by)
    else:
        raise PermissionDenied


def stop_token(subscription: ViewSubscription) -> str:
    return STOP.sign(f"{subscription.view_id}-{subscription.user_id}")


def subscription_behind(token: str) -> tuple[int, int] | None:
    """Keys of view and user of a link of a mail; None when it was made up."""
    try:
        view, _dash, user = STOP.unsign(token).partition("-")
    except BadSignature:
        return None
    return int(view), int(user)


def send_weekly(today: date) -> int:
    """One mail a subscription and week; run again, nothing more leaves. A reader who lost the right gets none."""
    sent = 0
    week = f"{today.isocalendar().year}-{today.isocalendar().week:02}"
    rows = ViewSubscription.objects.exclude(last_sent_on__gte=date.fromisocalendar(*today.isocalendar()[:2], 1))
    for row in rows.select_related("view__created_by", "view__term__assembly", "user__person").order_by("pk"):
        if row.user.is_active and may_open(row.view, row.user):
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
                sent += 1
    return sent
