"""Queries of reviews: who works in a directorate, lists, answers in comparison, the scoping note, the threads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.lines import JournalLine, journal_lines
from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Directorate, Role, RoleAssignment
from assembly.institution.rules import directorate_ids, directorates_of, term_ids
from assembly.text.french import alphabetical
from consultations.models import (
    Competence,
    CostRange,
    Delegation,
    DirectorateReview,
    EditionKind,
    Feasibility,
    Referral,
    ReferralDirectorate,
    ReviewAttachment,
    ReviewEdition,
    ReviewState as R,
    ThreadMessage,
    VisaLevel,
)
from consultations.referrals.queries import open_directorates
from consultations.referrals.rules import REFERRAL_PAGES
from consultations.reviews.models import GRID, ReviewQuerySet
from consultations.reviews.rules import can_give_visa, running_delegations, works_in_directorate


def agents_of(directorate: Directorate | int, roles: Iterable[Role] = DIRECTORATE_ROLES) -> list[User]:
    """List the active users who hold one of `roles` in that directorate, by name."""
    return list(staff_of(directorate, roles))


def staff_of(directorate: Directorate | int, roles: Iterable[Role] = DIRECTORATE_ROLES) -> QuerySet[User]:
    """Return the same as a queryset, for a form."""
    assignments = RoleAssignment.objects.filter(directorate=directorate, role__in=list(roles), ended_at=None)
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).select_related("person")
    return people.order_by("person__sort_name", "pk")


def readers_in_copy(review: DirectorateReview) -> list[User]:
    return list(review.copy_readers.select_related("person").order_by("person__sort_name", "pk"))


def possible_readers(review: DirectorateReview) -> QuerySet[User]:
    """Return the agents of the other directorates of this assembly who are not in copy yet."""
    assignments = RoleAssignment.objects.filter(
        directorate__assembly=review.directorate.assembly_id, role__in=DIRECTORATE_ROLES, ended_at=None
    ).exclude(directorate=review.directorate_id)
    known = review.copy_readers.values("pk")
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).exclude(pk__in=known)
    own = staff_of(review.directorate_id).values("pk")
    return people.exclude(pk__in=own).select_related("person").order_by("person__sort_name", "pk")


def signers_of(review: DirectorateReview) -> list[User]:
    """List whose visa is due: the holder of an intermediate one, else approvers and holders of a delegation today."""
    level = review.visa_level
    if level is not None and level.holder.is_active and works_in_directorate(level.holder, review):
        return [level.holder]
    return [user for user in agents_of(review.directorate_id) if can_give_visa(user, review)]


def levels_of(directorate: Directorate | int) -> list[VisaLevel]:
    """List the intermediate visas of a directorate, in its order."""
    rows = VisaLevel.objects.standing().filter(directorate=directorate)
    return list(rows.select_related("holder__person", "directorate"))


def next_level(directorate: Directorate | int, endorsed_ids: Iterable[int] = ()) -> VisaLevel | None:
    """Return the first visa of the present order that is not in `endorsed_ids`; None: the approver's own."""
    rows = VisaLevel.objects.standing().filter(directorate=directorate).exclude(pk__in=endorsed_ids)
    return rows.select_related("holder__person").first()


def visas_given(review: DirectorateReview) -> set[int]:
    """Return the keys of the intermediate visas given since the answer was sent last.

    The order may change meanwhile: a position in it does not identify them.
    """
    rows = Entry.objects.filter(
        subject_type=DirectorateReview._meta.label,
        subject_id=str(review.pk),
        event_type__in=("review.submitted", "review.endorsed"),
    )
    level_ids: set[int] = set()
    for event_type, facts in rows.order_by("pk").values_list("event_type", "facts"):
        level_ids = level_ids | {facts["level"]} if event_type == "review.endorsed" else set()
    return level_ids


def contacts_of(directorate: Directorate | int) -> list[User]:
    """List those who write the answers; the approvers where there is nobody else."""
    return agents_of(directorate, [Role.DIR_CONTACT]) or agents_of(directorate, [Role.DIR_APPROVER])


def followers_of(referral: Referral, review: DirectorateReview | None = None) -> list[User]:
    """List who is notified of what comes back: the officer of the referral, else who asked, while in the team."""
    user_ids = [pk for pk in (referral.officer_id, review.asked_by_id if review else None) if pk]
    team = RoleAssignment.objects.filter(term=referral.term_id, role__in=TEAM_ROLES, ended_at=None)
    users = User.objects.filter(pk__in=user_ids, is_active=True, roles__in=team).distinct().select_related("person")
    return sorted(users, key=lambda user: user_ids.index(user.pk))[:1]


def colleagues(directorate: Directorate, user: User) -> QuerySet[User]:
    """Return who may hold a delegation of `user` there."""
    return staff_of(directorate).exclude(pk=user.pk)


def delegations_of(directorates: set[int]) -> list[Delegation]:
    """List those that run or will, then the past ones, the latest first."""
    rows = Delegation.objects.filter(directorate__in=directorates)
    people = rows.select_related("directorate", "giver__person", "holder__person")
    return list(people.order_by(F("ended_at").desc(nulls_first=True), "-ends_on", "-pk").for_screen()[:50])


def gives_visa(user: Any) -> Q:
    """Build the condition that `user` gives visas today in the `directorate` of a row, as approver or by delegation.

    A condition and not a set: it is part of the query of a list, instead of a statement for each directorate.
    """
    delegated = Exists(running_delegations(user).filter(directorate=OuterRef("directorate")))
    own = Q(directorate__in=directorate_ids(user, DIRECTORATE_ROLES))
    return Q(directorate__in=directorate_ids(user, Role.DIR_APPROVER)) | own & Q(delegated)


def waits_for_visa_of(user: Any) -> Q:
    """Build the same condition for a review, where an intermediate visa is asked of one person first."""
    own = Q(directorate__in=directorate_ids(user, DIRECTORATE_ROLES))
    return Q(visa_level=None) & gives_visa(user) | own & Q(visa_level__holder=user.pk)


def note_html(contributions: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """Return the HTML of the note; `contributions` pairs each directorate's name with its cells, in the same order."""
    if not contributions:
        return ""
    parts = [_criterion(at, contributions) for at in range(len(contributions[0][1]))]
    return "".join(part for part in parts if part)


def _criterion(at: int, contributions: Sequence[tuple[str, Sequence[Any]]]) -> str:
    answers = [(name, cells[at]) for name, cells in contributions if not cells[at].is_empty]
    if not answers:
        return ""
    return f"<h3>{escape(str(answers[0][1].label), quote=False)}</h3>" + "".join(
        _paragraphs(name, cell) for name, cell in answers
    )


def _paragraphs(name: str, cell: Any) -> str:
    """Return « Direction de l’Autonomie : Oui, avec des conditions. » and its paragraphs."""
    title = f"<strong>{escape(name, quote=False)}</strong>"
    first = f"<p>{title}\u00a0: {escape(cell.choice, quote=False)}.</p>" if cell.choice else f"<p>{title}\u00a0:</p>"
    blocks = [block for block in cell.text.split("\n\n") if block.strip()]
    return first + "".join(
        "<p>" + "<br>".join(escape(line.strip(), quote=False) for line in block.strip().split("\n")) + "</p>"
        for block in blocks
    )


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


@dataclass(frozen=True)
class MentionablePerson:
    """Somebody who may be named with « @ »."""

    pk: int
    name: str
    place: str


def messages_of(
    referral: Referral, review: DirectorateReview | None = None, *, with_common: bool = False
) -> QuerySet[ThreadMessage]:
    """Return messages in the order they were posted, with their authors and whom they name.

    `review`: its private thread, and the common one as well (`with_common`).
    """
    threads = Q(review=review) | Q(review=None) if with_common else Q(review=review)
    rows = ThreadMessage.objects.filter(threads, referral=referral)
    rows = rows.select_related("author__person", "directorate")
    return rows.prefetch_related(Prefetch("mentions", queryset=User.objects.select_related("person")))


def reader_roles(referral: Referral, review: DirectorateReview | None = None) -> QuerySet[RoleAssignment]:
    """Return the roles that open the thread: the team of the term, the agents of the directorates named.

    For the private thread of a review: the agents of its directorate, and its copy readers.
    """
    named = ReferralDirectorate.objects.filter(referral=referral).values("directorate")
    opens = Q(term=referral.term_id, role__in=TEAM_ROLES) | Q(directorate__in=named, role__in=DIRECTORATE_ROLES)
    if review is not None:
        inside = Q(directorate=review.directorate_id) | Q(user__in=review.copy_readers.all())
        opens = inside & Q(role__in=DIRECTORATE_ROLES)
    return RoleAssignment.objects.filter(opens, ended_at=None, user__is_active=True)


def readers_of(referral: Referral, review: DirectorateReview | None = None) -> list[MentionablePerson]:
    """List the people who may be named, each once, the team first."""
    rows = reader_roles(referral, review).select_related("user__person", "directorate")
    people: dict[int, MentionablePerson] = {}
    for assignment in rows.order_by("directorate__name__alphabetical", "user__person__sort_name", "pk"):
        place = assignment.directorate.name if assignment.directorate else ""
        known = people.get(assignment.user_id)
        if known is None or (known.place and not place):
            people[assignment.user_id] = MentionablePerson(assignment.user_id, assignment.user.get_full_name(), place)
    return sorted(people.values(), key=lambda reader: (reader.place != "", alphabetical(reader.place)))


def users_among(referral: Referral, keys: set[int], review: DirectorateReview | None = None) -> QuerySet[User]:
    """Return those of `keys` who may read the thread."""
    return User.objects.filter(pk__in=keys & set(reader_roles(referral, review).values_list("user", flat=True)))
