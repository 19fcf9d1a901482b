"""Declaration of the personal data in `portal`; an erasure is also recorded outside the database, for restores."""

from assembly.identity.personal_data import at_erasure, impersonal
from assembly.portal import erasures
from assembly.portal.models import Backup

# A backup holds its author's key only. Its folder is deleted with it (`actions/backups.py`: MOST_BACKUPS, RETENTION).
impersonal(Backup)
at_erasure("portal.list", erasures.record_erasure)
