"""Addresses of the referrals; each noun has its own list in `consultations/routes/`."""

from consultations.referrals import urls as referrals
from consultations.reviews import urls as reviews
from consultations.routes import briefing
from consultations.self_referrals import urls as suggestions

app_name = "consultations"
urlpatterns = [
    *referrals.urlpatterns,
    *reviews.urlpatterns,
    *briefing.urlpatterns,
    *suggestions.urlpatterns,
]
