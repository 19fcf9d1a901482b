from members.consents.models import CharterAcceptance, CharterVersion, ImageConsent
from members.mandates.models import Mandate, Seat, Suspension
from members.members.models import Contact
from members.models.alumni import AlumniConsent
from members.models.member import AccommodationNeed, Member, NameChangeRequest
from members.models.publication import ProfilePublication

__all__ = [
    "AccommodationNeed",
    "AlumniConsent",
    "CharterAcceptance",
    "CharterVersion",
    "Contact",
    "ImageConsent",
    "Mandate",
    "Member",
    "NameChangeRequest",
    "ProfilePublication",
    "Seat",
    "Suspension",
]
