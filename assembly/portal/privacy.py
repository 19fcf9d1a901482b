"""Whoever is erased is noted outside the database, so that a restored backup erases them again."""

from assembly.identity.personal_data import at_erasure, impersonal
from assembly.portal import erasures
from assembly.portal.models import Backup

# It names who asked, by key only. What its folder holds ends with it (`actions/backups.py`: KEPT, KEPT_FOR).
impersonal(Backup)
at_erasure("portal.list", erasures.note)
