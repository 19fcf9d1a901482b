"""Queries of the directorates' reviews: the team's list, one request, the answers in comparison."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.lines import JournalLine, journal_lines
from assembly.audit.models import Entry
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Directorate
from assembly.institution.rules import directorates_of, term_ids
from consultations.enums import Competence, CostRange, EditionKind, Feasibility
from consultations.enums import ReviewState as R
from consultations.models import DirectorateReview, Referral, ReviewAttachment, ReviewEdition, ThreadMessage
from consultations.models.review import GRID, ReviewQuerySet
from consultations.queries.scoping import note_html
from consultations.referrals.queries import open_directorates
from consultations.referrals.rules import REFERRAL_PAGES

GIVEN = "review.validated"
VISA_EVENTS = (
    "review.submitted",
    "review.endorsed",
    "review.visa_skipped",
    "review.returned",
    GIVEN,
)
# One row of the comparison: its title, the column of the choice, the column of the text, the choices.
CRITERIA = (
    (_("Contribution"), "", "summary", None),
    (_("Compétence du Département"), "competence", "competence_note", Competence),
    (_("Faisabilité"), "feasibility", "feasibility_note", Feasibility),
    (_("Ce que fait déjà le Département"), "", "existing_schemes", None),
    (_("Cadre juridique"), "", "legal", None),
    (_("Ordre de coût par an"), "cost", "cost_note", CostRange),
    (_("Personnes et experts à entendre"), "", "experts", None),
)


@dataclass(frozen=True)
class PassageComment:
    """A comment of the directorate; `is_answered`: the passage has another text now."""

    message: ThreadMessage
    is_answered: bool


@dataclass(frozen=True)
class Cell:
    """Answer of one directorate to one criterion; `former`: its answer before, where that differs.

    `name`: the column of its text; `comments`: those of the directorate on its passages.
    """

    label: Any
    choice: str
    text: str
    former: str | None = None
    name: str = ""
    comments: Sequence[PassageComment] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.choice or self.text)

    @property
    def full_text(self) -> str:
        return "\n".join(part for part in (self.choice, self.text) if part)


@dataclass(frozen=True)
class ReviewAnswer:
    """What a directorate gave last, whatever it is writing now."""

    review: DirectorateReview
    content: Mapping[str, str]
    given_at: datetime | None
    attachments: tuple[ReviewAttachment, ...] = ()

    @property
    def directorate(self) -> Directorate:
        return self.review.directorate

    @property
    def cells(self) -> list[Cell]:
        return cells_of(self.content)


def cells_of(content: Mapping[str, str]) -> list[Cell]:
    """Return a grid as a reader reads it."""
    return [
        Cell(label, label_of(choices, content.get(choice, "")), content.get(text, ""), name=text)
        for label, choice, text, choices in CRITERIA
    ]


def cells_to_sign(review: DirectorateReview) -> list[Cell]:
    """Return the grid that needs a visa, compared with the one that was sent before."""
    cells = cells_of(content_of(review))
    sent = list(ReviewEdition.objects.filter(review=review, kind=EditionKind.SUBMITTED).order_by("-number")[:2])
    if len(sent) < 2:
        return cells
    former = cells_of(sent[1].content)
    return [
        replace(cell, former=before.full_text) if cell.full_text != before.full_text else cell
        for cell, before in zip(cells, former, strict=True)
    ]


def with_comments(review: DirectorateReview, cells: list[Cell]) -> list[Cell]:
    """Return the same grid with the directorate's comments on its passages."""
    rows = ThreadMessage.objects.filter(review=review, withdrawn_at=None).exclude(quote="")
    comments = comments_among(rows.select_related("author__person"), review)
    return commented(cells, comments)


def commented(cells: list[Cell], comments: Mapping[str, Sequence[PassageComment]]) -> list[Cell]:
    return [replace(cell, comments=comments.get(cell.name, ())) for cell in cells]


def comments_among(rows: Iterable[ThreadMessage], review: DirectorateReview) -> dict[str, list[PassageComment]]:
    """Return the comments on passages of the review, by column, among the messages of its private thread."""
    comments: dict[str, list[PassageComment]] = {}
    for message in rows:
        if not message.quote or message.withdrawn_at:
            continue
        text = " ".join(getattr(review, message.field).split())
        comment = PassageComment(message, " ".join(message.quote.split()) not in text)
        comments.setdefault(message.field, []).append(comment)
    return comments


def visa_history(review: DirectorateReview) -> list[JournalLine]:
    """Return who sent it to the visa or back and why, since an answer was given last; the first one on top."""
    rows = Entry.objects.filter(
        subject_type=DirectorateReview._meta.label,
        subject_id=str(review.pk),
        event_type__in=VISA_EVENTS,
    )
    lines = list(rows.select_related("detail").order_by("pk"))
    positions = [at for at, line in enumerate(lines, start=1) if line.event_type == GIVEN]
    return journal_lines(lines[positions[-1] if positions else 0 :])


def label_of(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, "")) if choices and value else ""


def content_of(review: DirectorateReview) -> dict[str, str]:
    """Return the stored fields of the grid."""
    return {name: getattr(review, name) for name in GRID}


def with_facts(rows: ReviewQuerySet) -> ReviewQuerySet:
    """Load everything that the pages of one review name."""
    return rows.select_related(
        "directorate__successor",
        "referral__term__assembly",
        "asked_by__person",
        "saved_by__person",
        "submitted_by__person",
        "visa_level__holder__person",
        "validated_by__person",
        "validated_for__person",
        "inherited_from",
        "passed_to__directorate",
    )


def desk_reviews(user: Any) -> ReviewQuerySet:
    """Return the reviews that the team follows."""
    return with_facts(DirectorateReview.objects.filter(referral__term__in=term_ids(user, TEAM_ROLES)))


def my_reviews(user: Any) -> ReviewQuerySet:
    """Return the reviews asked of the reader's directorates, and of those closed into them; no others."""
    return with_facts(DirectorateReview.objects.filter(directorate__in=directorates_of(user)))


def readable_reviews(user: Any) -> ReviewQuerySet:
    """Return the same, and those that the reader reads in copy."""
    copies = DirectorateReview.copy_readers.through.objects.filter(user=user.pk).values("directoratereview")
    return with_facts(DirectorateReview.objects.filter(Q(directorate__in=directorates_of(user)) | Q(pk__in=copies)))


def team_reviews(referral: Referral) -> list[DirectorateReview]:
    """List the reviews for the team: those still due first, the most pressing on top."""
    rank = Case(
        When(state=R.VALIDATED, then=Value(1)),
        When(state__in=[R.DECLINED, *R.tagged("inactive")], then=Value(2)),
        default=Value(0),
        output_field=IntegerField(),
    )
    rows = with_facts(DirectorateReview.objects.filter(referral=referral)).annotate(rank=rank)
    return list(rows.order_by("rank", "due_on", "directorate__name__alphabetical", "pk").for_screen())


def is_given(review: DirectorateReview) -> bool:
    """Return whether an answer was given, even if more was asked since."""
    return review.validated_at is not None and review.state not in R.tagged("inactive")


def progress(reviews: Iterable[DirectorateReview]) -> tuple[int, int]:
    """Return how many are given, and asked without those closed or passed on; an owed supplement is not given yet."""
    counted = [review for review in reviews if review.state not in R.tagged("inactive")]
    return sum(review.state == R.VALIDATED for review in counted), len(counted)


def reviews_about(referral: Referral, user: Any = None) -> ReviewQuerySet:
    """Return what was asked about this referral, and about those merged into it, by directorate.

    Each with its files (`attached_files`) and, in `known_editions`, the editions given and the conflict copies of
    `user`, the latest first.
    """
    condition = Q(kind=EditionKind.VALIDATED)
    if user is not None:
        condition |= Q(kind=EditionKind.CONFLICT_COPY, by=user.pk)
    files = ReviewAttachment.objects.filter(removed_at=None).select_related("upload")
    rows = DirectorateReview.objects.filter(Q(referral=referral) | Q(referral__merged_into=referral))
    rows = with_facts(rows).prefetch_related(
        Prefetch(
            "editions", queryset=ReviewEdition.objects.filter(condition).order_by("-number"), to_attr="known_editions"
        ),
        Prefetch("attachments", queryset=files, to_attr="attached_files"),
    )
    return rows.order_by("directorate__name__alphabetical", "pk")


def review_answers(referral: Referral) -> list[ReviewAnswer]:
    """List what was given about this referral, and about those merged into it, by directorate."""
    return answers_among(reviews_about(referral).filter(validated_at__isnull=False))


def answers_among(rows: Iterable[DirectorateReview]) -> list[ReviewAnswer]:
    """List what was given, among rows of `reviews_about`."""
    return [answer_of(row) for row in rows if row.validated_at and row.state != R.PASSED_ON]


def answer_of(review: Any) -> ReviewAnswer:
    """Return the last edition that was given; for a row without editions, its own fields."""
    last = next((edition for edition in review.known_editions if edition.kind == EditionKind.VALIDATED), None)
    content = last.content if last else content_of(review)
    return ReviewAnswer(review, content, last.at if last else review.validated_at, tuple(review.attached_files))


def other_requests(rows: Iterable[DirectorateReview], review: DirectorateReview) -> list[DirectorateReview]:
    """List the requests to other directorates for the same about this referral."""
    return [
        row
        for row in rows
        if (row.referral_id, row.kind) == (review.referral_id, review.kind)
        and row.pk != review.pk
        and row.state not in R.tagged("inactive")
    ]


def files_of(review: DirectorateReview) -> list[ReviewAttachment]:
    return list(ReviewAttachment.objects.filter(review=review, removed_at=None).select_related("upload"))


def editions_of(review: DirectorateReview) -> list[ReviewEdition]:
    """List what was sent and given, the latest first; without conflict copies, which are for their author."""
    rows = ReviewEdition.objects.filter(review=review).exclude(kind=EditionKind.CONFLICT_COPY)
    return list(rows.select_related("by__person").order_by("-number"))


def conflict_copies(review: Any) -> list[ReviewEdition]:
    """List the conflict copies of the reader that differ from the text now; `review`: one of `reviews_about`."""
    copies = [edition for edition in review.known_editions if edition.kind == EditionKind.CONFLICT_COPY]
    current = content_of(review)
    return [edition for edition in copies[:5] if edition.content != current]


def neighbours(review: DirectorateReview, user: Any) -> tuple[int | None, int | None]:
    """Return the keys of the requests before and after this one among the open ones of the reader's directorates."""
    rows = DirectorateReview.objects.filter(directorate__in=directorates_of(user)).open()
    keys: list[int] = list(rows.order_by("due_on", "pk").values_list("pk", flat=True))
    if review.pk not in keys:
        return None, keys[0] if keys else None
    at = keys.index(review.pk)
    return keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None


def referral_address(referral: Referral, user: Any) -> str:
    """Return the page in the area of the reader's role (a directorate: its request), else the public one, or ""."""
    if url := REFERRAL_PAGES.page_for(referral, user):
        return url
    if review := DirectorateReview.objects.visible_to(user).filter(referral=referral.pk).order_by("-pk").first():
        return reverse("consultations:instruction", args=[review.pk])
    return reverse("consultations:public", args=[referral.reference]) if referral.published_at else ""


def free_directorates(referral: Referral, kind: str) -> QuerySet[Directorate]:
    """Return the open directorates that have no request of this kind on this referral."""
    busy = DirectorateReview.objects.filter(referral=referral, kind=kind).exclude(state__in=R.tagged("inactive"))
    return open_directorates(referral.term).exclude(pk__in=busy.values("directorate"))


def compose_note(referral: Referral) -> str:
    """Compose the note from the answers given so far."""
    return note_html([(answer.directorate.name, answer.cells) for answer in review_answers(referral)])
