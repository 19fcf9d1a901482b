"""The index: for each object that may be found, the words that lead to it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Term
from assembly.speed.queries import ScreenQuerySet


class SearchEntry(models.Model):
    """The words of one object, as one audience reads them.

    It copies words, never rights: those are read from its source at each search. `audience` names the version of the
    words when readers see different words of one object (`registry.SearchSource.visible_to`). The vectors are written
    with the words by `actions.index`, the only writer.
    """

    kind = models.CharField(_("type"), max_length=40)
    object_id = models.CharField(max_length=40)
    audience = models.CharField(max_length=20, blank=True)
    term = optional_key(Term)
    reference = models.CharField(_("référence"), max_length=60, blank=True)
    title = models.CharField(_("titre"), max_length=300)
    body = models.TextField(blank=True)
    address_key = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    digest = models.CharField(max_length=64)
    title_vector = SearchVectorField()
    vector = SearchVectorField()

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "audience"], name="search_entry_once"),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_words"),
            models.Index(OpClass(Upper("reference"), "text_pattern_ops"), name="search_entry_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

    @property
    def term_key(self) -> int:
        """Return the key of the term; without one 0, in which nobody has a role: None would mean anywhere."""
        return self.term_id or 0


class SearchWord(models.Model):
    """A word at the beginning of an entry, as written and without accents; a trigger deletes it with its last entry.

    This table is never read alone: a word is suggested only to readers who may read one of its entries.
    """

    word = models.CharField(max_length=40, unique=True)
    folded = models.CharField(max_length=40)

    privacy = IMPERSONAL

    class Meta:
        indexes = [GinIndex(OpClass("folded", "gin_trgm_ops"), name="search_word_likeness")]

    def __str__(self) -> str:
        return self.word


class SearchWordEntry(models.Model):
    """The link of a word to an entry that contains it; written with the entry by `actions.index`."""

    pk = models.CompositePrimaryKey("word", "entry")
    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="+", db_index=False)
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="+")

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return f"word {self.word_id} in entry {self.entry_id}"


class JournalMark(models.Model):
    """How far the journal was read (one row): what was recorded after it may have changed what is found."""

    seq = models.BigIntegerField(default=0)

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return str(self.seq)
