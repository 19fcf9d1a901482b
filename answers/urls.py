"""Addresses of the answers; each area has its own list in `answers/routes/`."""

from answers.cases import urls as directorate
from answers.routes import desk, follow_up, public
from answers.voice import urls as voice

app_name = "answers"
urlpatterns = [
    *desk.urlpatterns,
    *directorate.urlpatterns,
    *follow_up.urlpatterns,
    *public.urlpatterns,
    *voice.urlpatterns,
]
