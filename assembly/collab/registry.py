"""The kinds of texts. The app that owns a text says who may do what in it and where it is read; nothing here knows it.

register_kind(
    "opinion-section",
    rights=section_rights,     # (texts, user pks) -> {(text pk, user pk): TextRight}, one query
    address=section_address,   # (text, user) -> "/espace/avis/…"
    told=section_news,         # optional: (text, TextChange), in the transaction of what happened
    late=section_late,         # optional: (text, user) -> LateTextOptions, for words that came too late for the text
    assignees=section_assignees,  # optional: (text, user) -> to whom `user` may give a thread, None when to nobody
)
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assembly.collab.enums import TextRight
from assembly.identity.models import User
from assembly.institution.models import Directorate

if TYPE_CHECKING:
    from assembly.collab.models import SharedText

type Rights = Mapping[tuple[int, int], TextRight]
type Resolver = Callable[[Collection["SharedText"], Collection[int]], Rights]


@dataclass(frozen=True)
class TextChange:
    """What happened in a text: `verb` of the journal, the row it is about, who did it."""

    verb: str
    about: Any
    by: Any


@dataclass(frozen=True)
class LateTextOptions:
    """What may become of words that came too late for a text.

    `address` takes them by POST under `late_words`, `label` is on its button; `text` is another one, which has taken
    the place of this one and may be open to comments; `note` is a sentence for the person who wrote them.
    """

    label: str = ""
    address: str = ""
    text: "SharedText | None" = None
    note: str = ""


@dataclass(frozen=True)
class Assignees:
    """Those who may be asked to take care of a thread: people, directorates that read the text."""

    people: Collection[User] = ()
    directorates: Collection[Directorate] = ()

    def know(self, to: User | Directorate) -> bool:
        return to in (self.people if isinstance(to, User) else self.directorates)


@dataclass(frozen=True)
class TextKind:
    """One kind of text, as its app declares it."""

    name: str
    rights: Resolver
    address: Callable[["SharedText", Any], str]
    told: Callable[["SharedText", TextChange], None] | None = None
    late: Callable[["SharedText", Any], LateTextOptions] | None = None
    assignees: Callable[["SharedText", Any], Assignees | None] | None = None


kinds: dict[str, TextKind] = {}


def register_kind(
    name: str,
    *,
    rights: Resolver,
    address: Callable[["SharedText", Any], str],
    told: Callable[["SharedText", TextChange], None] | None = None,
    late: Callable[["SharedText", Any], LateTextOptions] | None = None,
    assignees: Callable[["SharedText", Any], Assignees | None] | None = None,
) -> None:
    """Declare a kind of text, from the `apps.py` of the app that owns it; the last declaration holds."""
    kinds[name] = TextKind(name, rights, address, told, late, assignees)


def rights(texts: Collection["SharedText"], users: Collection[int]) -> dict[tuple[int, int], TextRight]:
    """What each of these users may do in each of these texts; a suspended account may nothing."""
    active = set(User.objects.filter(pk__in=users, is_active=True).values_list("pk", flat=True))
    return rights_of_active(texts, users, active)


def rights_of_active(
    texts: Collection["SharedText"], users: Collection[int], active: Collection[int]
) -> dict[tuple[int, int], TextRight]:
    """The same when it is known already which of the accounts are not suspended."""
    found = {(text.pk, user): TextRight.NONE for text in texts for user in users}
    by_kind: dict[str, list[SharedText]] = defaultdict(list)
    for text in texts:
        by_kind[text.kind].append(text)
    for name, group in by_kind.items():
        if active and name in kinds:
            said = kinds[name].rights(group, active)
            found.update({pair: TextRight(right) for pair, right in said.items() if pair in found})
    return found


def address(text: "SharedText", user: Any) -> str:
    """Where `user` reads or writes this text."""
    return kinds[text.kind].address(text, user)


def tell(text: "SharedText", verb: str, about: Any, by: Any) -> None:
    """Let the owner of the text know, in the transaction of what happened."""
    kind = kinds.get(text.kind)
    if kind and kind.told:
        kind.told(text, TextChange(verb, about, by))


def late_text_options(text: "SharedText", user: Any) -> LateTextOptions:
    """Where the owner of the text lets words that came too late go; nowhere when it says nothing."""
    kind = kinds.get(text.kind)
    return kind.late(text, user) if kind and kind.late else LateTextOptions()


def assignees(text: "SharedText", user: Any) -> Assignees | None:
    """To whom `user` may give a thread of this text; None when giving threads is not theirs."""
    kind = kinds.get(text.kind)
    return kind.assignees(text, user) if kind and kind.assignees else None
