"""The versions of a text, and who wrote which part of one."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from assembly.collab.document import authorship
from assembly.collab.models import SharedText, TextVersion
from assembly.identity.models import User


@dataclass(frozen=True)
class Passage:
    """Some text of a block and its author; None when the account is no longer known."""

    author: User | None
    text: str


@dataclass(frozen=True)
class Share:
    """How much of a version one person wrote."""

    author: User | None
    characters: int


def versions_of(text: SharedText) -> QuerySet[TextVersion]:
    """Return the versions, newest first, with only the columns that a page of one needs."""
    return TextVersion.objects.filter(text=text).select_related("by__person").order_by("-number").for_screen()


def written_by(version: TextVersion) -> tuple[list[list[Passage]], list[Share]]:
    """Return the text of a version by block and author, and the share of each author, the largest first."""
    blocks_by_author = authorship.text_by_author(version.tree, version.passages or [])
    keys = {author for block in blocks_by_author for author, _text in block if author}
    people = {user.pk: user for user in User.objects.filter(pk__in=keys).select_related("person")}
    blocks = [[Passage(people.get(author or 0), text) for author, text in block] for block in blocks_by_author]
    sizes: Counter[int | None] = Counter()
    for block in blocks_by_author:
        for author, text in block:
            sizes[author] += len(text)
    shares = [Share(people.get(author or 0), size) for author, size in sizes.most_common()]
    return [block for block in blocks if block], shares
