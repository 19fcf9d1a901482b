"""The board of the answers and the list of follow-ups as lists that may be saved; a directorate reads its own rows."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from answers.forms.desk import AnswerFilterForm
from answers.forms.follow_up import FollowUpFilterForm
from answers.queries.commitments import follow_ups_of
from answers.queries.desk import board_choices, cases_for_board
from answers.queries.follow_up_desk import follow_ups_for_list, list_choices
from answers.rules.cases import can_see_desk
from answers.rules.follow_up import can_see_follow_ups
from answers.views.desk import LIST as BOARD
from answers.views.follow_up import LIST
from assembly.saved_views.registry import SavedList, register, with_plain_columns

# The value of an answer that is not published yet is shown on the board only.
PUBLIC_BOARD = replace(BOARD, columns=[column for column in BOARD.columns if column.key != "reponse"])

register(
    SavedList(
        "answers",
        _("Réponses du Conseil départemental"),
        "answers:desk",
        can_see_desk,
        listing=lambda asked: with_plain_columns(PUBLIC_BOARD),
        form=lambda user, term, asked: AnswerFilterForm(asked, choices=board_choices(term)),
        rows=lambda user, term, form: cases_for_board(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s réponse", "%(n)s réponses", n) % {"n": n},
        for_directorates=True,
    )
)
register(
    SavedList(
        "follow-ups",
        _("Suites données"),
        "answers:follow-ups",
        can_see_follow_ups,
        listing=lambda asked: with_plain_columns(LIST),
        form=lambda user, term, asked: FollowUpFilterForm(asked, choices=list_choices(follow_ups_of(term))),
        rows=lambda user, term, form: follow_ups_for_list(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s suite donnée", "%(n)s suites données", n) % {"n": n},
        for_directorates=True,
    )
)
