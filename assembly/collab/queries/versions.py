"""The versions of a text, and who wrote which words of one."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from assembly.collab.document import authorship
from assembly.collab.models import SharedText, TextVersion
from assembly.identity.models import User


@dataclass(frozen=True)
class Passage:
    """Some words of a block and whose they are; nobody's when the account is not known any more."""

    author: User | None
    words: str


@dataclass(frozen=True)
class Share:
    """How much of a version one person wrote."""

    author: User | None
    characters: int


def versions_of(text: SharedText) -> QuerySet[TextVersion]:
    """The newest first, without their content but what a page of one needs."""
    return TextVersion.objects.filter(text=text).select_related("by__person").order_by("-number").for_screen()


def written_by(version: TextVersion) -> tuple[list[list[Passage]], list[Share]]:
    """The words of a version by block and author, and the share of each, the largest first."""
    told = authorship.words_by_author(version.tree, version.passages or [])
    keys = {author for block in told for author, _words in block if author}
    people = {user.pk: user for user in User.objects.filter(pk__in=keys).select_related("person")}
    blocks = [[Passage(people.get(author or 0), words) for author, words in block] for block in told]
    sizes: Counter[int | None] = Counter()
    for block in told:
        for author, words in block:
            sizes[author] += len(words)
    shares = [Share(people.get(author or 0), size) for author, size in sizes.most_common()]
    return [block for block in blocks if block], shares
