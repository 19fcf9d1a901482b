"""Every address of the answers; each room keeps its own list in `answers/routes/`."""

from answers.routes import public

app_name = "answers"
urlpatterns = [
    *public.urlpatterns,
]
