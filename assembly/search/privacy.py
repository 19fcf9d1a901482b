"""Erasure in the index, which copies what the rows hold."""

from assembly.identity.personal_data import at_erasure
from assembly.search.actions import erase_person

at_erasure("search.entries", erase_person)
