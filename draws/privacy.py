"""What `draws` holds about people."""

from assembly.identity.privacy import impersonal
from draws.models import Call, Candidate

# A candidate is no `Person`: nobody’s card leads there, and the whole row goes on the announced day.
impersonal(Call, Candidate)
