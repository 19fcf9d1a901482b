"""Registry of the kinds of texts: the app that owns a text decides who may do what in it and where it is read.

add_text_kind(
    "opinion-section",
    rights=section_rights,     # (texts, user pks) -> {(text pk, user pk): TextRight}, one query
    address=section_address,   # (text, user) -> "/espace/avis/…"
    on_change=section_news,    # optional: (text, TextChange), in the transaction of the change
    late=section_late,         # optional: (text, user) -> LateTextOptions, for text that came too late
    assignees=section_assignees,  # optional: (text, user) -> to whom `user` may assign a thread, None for nobody
)
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assembly.collab.models import TextRight
from assembly.identity.models import User
from assembly.institution.models import Directorate

if TYPE_CHECKING:
    from assembly.collab.models import SharedText

type Rights = Mapping[tuple[int, int], TextRight]
type Resolver = Callable[[Collection["SharedText"], Collection[int]], Rights]


@dataclass(frozen=True)
class TextChange:
    """A change in a text: the `event_type` of the journal, the row it is about, its user."""

    event_type: str
    about: Any
    by: Any


@dataclass(frozen=True)
class LateTextOptions:
    """The options for text that came too late.

    `address` takes it by POST under `late_text`, `label` is on its button; `text` is another text, which has replaced
    this one and may be open to comments; `note` is a sentence for its author.
    """

    label: str = ""
    address: str = ""
    text: "SharedText | None" = None
    note: str = ""


@dataclass(frozen=True)
class Assignees:
    """Candidates for the assignment of a thread: people, and directorates that read the text."""

    people: Collection[User] = ()
    directorates: Collection[Directorate] = ()

    def include(self, to: User | Directorate) -> bool:
        return to in (self.people if isinstance(to, User) else self.directorates)


@dataclass(frozen=True)
class TextKind:
    """One kind of text, as its app declares it."""

    name: str
    rights: Resolver
    address: Callable[["SharedText", Any], str]
    on_change: Callable[["SharedText", TextChange], None] | None = None
    late: Callable[["SharedText", Any], LateTextOptions] | None = None
    assignees: Callable[["SharedText", Any], Assignees | None] | None = None


kinds: dict[str, TextKind] = {}


def add_text_kind(
    name: str,
    *,
    rights: Resolver,
    address: Callable[["SharedText", Any], str],
    on_change: Callable[["SharedText", TextChange], None] | None = None,
    late: Callable[["SharedText", Any], LateTextOptions] | None = None,
    assignees: Callable[["SharedText", Any], Assignees | None] | None = None,
) -> None:
    """Add a kind of text, from the `contributions` of the app that owns it; the last call counts."""
    kinds[name] = TextKind(name, rights, address, on_change, late, assignees)


def rights(texts: Collection["SharedText"], users: Collection[int]) -> dict[tuple[int, int], TextRight]:
    """Return the right of each of these users in each of these texts; a suspended account has none."""
    active = set(User.objects.filter(pk__in=users, is_active=True).values_list("pk", flat=True))
    return rights_of_active(texts, users, active)


def rights_of_active(
    texts: Collection["SharedText"], users: Collection[int], active: Collection[int]
) -> dict[tuple[int, int], TextRight]:
    """Return the same rights when the active accounts are known already."""
    by_pair = {(text.pk, user): TextRight.NONE for text in texts for user in users}
    by_kind: dict[str, list[SharedText]] = defaultdict(list)
    for text in texts:
        by_kind[text.kind].append(text)
    for name, group in by_kind.items():
        if active and name in kinds:
            kind_rights = kinds[name].rights(group, active)
            by_pair.update({pair: TextRight(right) for pair, right in kind_rights.items() if pair in by_pair})
    return by_pair


def address(text: "SharedText", user: Any) -> str:
    """Return the address at which `user` reads or writes this text."""
    return kinds[text.kind].address(text, user)


def notify_owner(text: "SharedText", event_type: str, about: Any, by: Any) -> None:
    """Notify the app that owns the text, in the transaction of the change."""
    kind = kinds.get(text.kind)
    if kind and kind.on_change:
        kind.on_change(text, TextChange(event_type, about, by))


def late_text_options(text: "SharedText", user: Any) -> LateTextOptions:
    """Return the options of the owning app for late text; empty without any."""
    kind = kinds.get(text.kind)
    return kind.late(text, user) if kind and kind.late else LateTextOptions()


def assignees(text: "SharedText", user: Any) -> Assignees | None:
    """Return to whom `user` may assign a thread of this text; None when they may not assign threads."""
    kind = kinds.get(text.kind)
    return kind.assignees(text, user) if kind and kind.assignees else None
