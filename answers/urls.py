"""Addresses of the answers; each area has its own list in `answers/routes/`."""

from answers.routes import desk, follow_up, public, room, voice

app_name = "answers"
urlpatterns = [
    *desk.urlpatterns,
    *room.urlpatterns,
    *follow_up.urlpatterns,
    *public.urlpatterns,
    *voice.urlpatterns,
]
