from members.consents.models import AccommodationNeed, AlumniConsent, CharterAcceptance, CharterVersion, ImageConsent
from members.mandates.models import Mandate, Seat, Suspension
from members.members.models import Contact, Member, NameChangeRequest, ProfilePublication
from members.portraits.models import Portrait
