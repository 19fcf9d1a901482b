"""What sittings bring to the rooms: lines of the menus, what waits, files to pass on."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution import handover, menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.ui.words import date_words
from sessions import minutes_portal  # noqa: F401 -- the part about minutes, registered with this one
from sessions.actions import sittings as actions
from sessions.queries.sittings import followed_by, never_opened, to_convene, waiting_answers

READERS = TEAM_ROLES | {Role.FACILITATOR}
SOON = timedelta(days=45)
menu.add("desk", gettext_lazy("Travaux"), gettext_lazy("Séances"), "sittings:list", READERS, order=30)
menu.add("member", "", gettext_lazy("Mes séances"), "sittings:own-list", [Role.MEMBER], order=20)


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Convocations that must leave, sittings that nobody opened or closed."""
    if not is_team(user, term):
        return
    for sitting in to_convene(term).filter(starts_at__lt=timezone.now() + SOON):
        due = timezone.localdate(sitting.starts_at) - timedelta(days=term.notice_days)
        url = reverse("sittings:notify", args=[sitting.pk])
        yield todo.ToDo(
            _("Convoquer : %(title)s") % {"title": sitting.title},
            reverse("sittings:sitting", args=[sitting.pk]),
            _("Séance du %(day)s") % {"day": date_words(sitting.starts_at)},
            due_on=due,
            acts=(todo.Act(_("Préparer la convocation"), url),),
        )
    for sitting in never_opened(term):
        yield todo.ToDo(
            _("Dire si la séance s’est tenue : %(title)s") % {"title": sitting.title},
            reverse("sittings:roll", args=[sitting.pk]),
            _("Elle était prévue le %(day)s") % {"day": date_words(sitting.starts_at)},
            due_on=timezone.localdate(sitting.ends_at),
        )


def member_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Convocations without answer: each may be answered from the line."""
    for invitee in waiting_answers(user, term):
        url = reverse("sittings:own-sitting", args=[invitee.sitting_id])
        yield todo.ToDo(
            _("Serez-vous là le %(day)s ?") % {"day": date_words(invitee.sitting.starts_at)},
            url,
            invitee.sitting.title,
            due_on=timezone.localdate(invitee.sitting.starts_at),
            acts=(
                todo.Act(_("Je viens"), f"{url}?reponse=will_attend"),
                todo.Act(_("Je ne viens pas"), f"{url}?reponse=will_not"),
            ),
        )


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.hand_over(followed_by(user, term), to=to, by=by)


todo.register("desk", desk_lines)
todo.register("member", member_lines)
handover.register(handover.Files("sittings", gettext_lazy("séances à suivre"), count_files, move_files))
