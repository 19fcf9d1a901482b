"""Addresses of the app: those of each feature."""

from consultations.briefing import urls as briefing
from consultations.hearings import urls as hearings
from consultations.referrals import urls as referrals
from consultations.reviews import urls as reviews
from consultations.self_referrals import urls as self_referrals

app_name = "consultations"
urlpatterns = [
    *referrals.urlpatterns,
    *self_referrals.urlpatterns,
    *reviews.urlpatterns,
    *briefing.urlpatterns,
    *hearings.urlpatterns,
]
