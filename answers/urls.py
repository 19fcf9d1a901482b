"""Addresses of the answers; each area has its own list in `answers/routes/`."""

from answers.routes import desk, directorate, follow_up, public, voice

app_name = "answers"
urlpatterns = [
    *desk.urlpatterns,
    *directorate.urlpatterns,
    *follow_up.urlpatterns,
    *public.urlpatterns,
    *voice.urlpatterns,
]
