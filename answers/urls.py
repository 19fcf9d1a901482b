"""Every address of the answers; each room keeps its own list in `answers/routes/`."""

from answers.routes import desk, public, room, voice

app_name = "answers"
urlpatterns = [
    *desk.urlpatterns,
    *room.urlpatterns,
    *public.urlpatterns,
    *voice.urlpatterns,
]
