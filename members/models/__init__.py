from members.models.alumni import AlumniConsent
from members.models.consent import CharterAcceptance, CharterVersion, ImageConsent
from members.models.contact import Contact
from members.models.mandate import Mandate, Seat, Suspension
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
