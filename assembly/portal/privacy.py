"""Whoever is erased is noted outside the database, so that a restored backup erases them again."""

from assembly.identity.personal_data import at_erasure
from assembly.portal import erasures

at_erasure("portal.list", erasures.note)
