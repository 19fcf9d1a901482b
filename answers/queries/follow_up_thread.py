"""Steps of a follow-up in the thread of its proposal: updates, milestones reached and to come, the end."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from answers.enums import FollowUpState
from answers.follow_up.queries import FollowUpSummary, MilestoneSummary
from answers.models import ProgressUpdate
from answers.queries.thread_steps import ThreadLink, ThreadStep
from assembly.documents.models import Upload
from assembly.text.french import format_date, local_day


def follow_up_steps(summary: FollowUpSummary | None) -> Iterator[ThreadStep]:
    """Yield the steps of a follow-up, or nothing without one."""
    if summary is None:
        return
    for update in reversed(summary.standing_updates):
        yield update_step(update)
    for one in summary.milestones:
        if not one.standing.is_dropped:
            yield milestone_step(one)
    row = summary.follow_up
    if row.ended_on:
        title = _("La mesure est réalisée") if row.state == FollowUpState.DONE else _("La mesure est abandonnée")
        paragraphs = (row.reason,) if row.reason else (_("La mission a vérifié la preuve."),)
        yield ThreadStep("suite", title, row.ended_on, paragraphs)
    else:
        yield ThreadStep("suite", _("La suite"), None, (summary.due_sentence,))


def update_step(update: ProgressUpdate) -> ThreadStep:
    author = update.directorate.name if update.directorate else _("la mission")
    state = capfirst(update.get_state_display())
    title = _("Où en est la mesure : %(state)s") % {"state": state.lower()}
    paragraphs = (update.text, _("Dit par %(who)s.") % {"who": author})
    links = tuple(update_links(update, with_photo=False))
    return ThreadStep(f"point-{update.number}", title, local_day(update.at), paragraphs, links, update=update)


def update_links(update: ProgressUpdate, *, with_photo: bool = True) -> list[ThreadLink]:
    """Return the links to the proof of an update; where the photo itself is shown, no link leads to it."""
    photo = update.photo if with_photo else None
    return [
        *file_link(update.document, _("Le document")),
        *file_link(photo, _("La photo : %(words)s") % {"words": update.photo_description}),
        *([ThreadLink(update.link, update.link)] if update.link else []),
    ]


def file_link(file: Upload | None, label: str) -> list[ThreadLink]:
    return (
        [ThreadLink(label, reverse("documents:upload", args=[file.public_id]))] if file and file.is_available else []
    )


def milestone_step(one: MilestoneSummary) -> ThreadStep:
    """Build the step of a milestone, with a day only once it is reached: a feed lists what took place."""
    standing = one.standing
    planned = _("Prévue le %(day)s.") % {"day": format_date(standing.planned_on, weekday=False)}
    moved = one.first_planned_on
    first = _("Elle l’était d’abord le %(day)s.") % {"day": format_date(moved, weekday=False)} if moved else ""
    title = _("Étape : %(label)s") if standing.reached_on else _("Étape à venir : %(label)s")
    paragraphs = tuple(filter(None, (planned, first, one.reason)))
    return ThreadStep(f"etape-{standing.number}", title % {"label": standing.label}, standing.reached_on, paragraphs)
