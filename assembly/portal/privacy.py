"""An erasure is also recorded outside the database, for restores."""

from assembly.identity.personal_data import at_erasure
from assembly.portal import erasures

at_erasure("portal.list", erasures.record_erasure)
