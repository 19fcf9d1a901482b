"""Addresses of the referrals; each noun has its own list in `consultations/routes/`."""

from consultations.routes import briefing, referrals, reviews, suggestions

app_name = "consultations"
urlpatterns = [
    *referrals.urlpatterns,
    *reviews.urlpatterns,
    *briefing.urlpatterns,
    *suggestions.urlpatterns,
]
