"""Every address of the answers; each room keeps its own list in `answers/routes/`."""

from answers.routes import room

app_name = "answers"
urlpatterns = [
    *room.urlpatterns,
]
