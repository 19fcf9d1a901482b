"""Every address of the referrals; each noun keeps its own list in `consultations/routes/`."""

from consultations.routes import briefing, referrals, reviews, suggestions

app_name = "consultations"
urlpatterns = [
    *referrals.urlpatterns,
    *reviews.urlpatterns,
    *briefing.urlpatterns,
    *suggestions.urlpatterns,
]
