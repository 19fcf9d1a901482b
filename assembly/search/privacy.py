"""Personal data in the index: it copies what the rows hold, and erasure empties it."""

from assembly.identity.personal_data import at_erasure, impersonal
from assembly.search.actions import erase_person
from assembly.search.models import JournalMark, SearchEntry, SearchWord, SearchWordEntry

impersonal(SearchEntry, SearchWord, SearchWordEntry, JournalMark)
at_erasure("search.entries", erase_person)
