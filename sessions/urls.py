"""Every address of the sittings; each noun keeps its own list in `sessions/routes/`."""

from sessions.routes import expenses, minutes, sittings

app_name = "sittings"
urlpatterns = [*sittings.urlpatterns, *minutes.urlpatterns, *expenses.urlpatterns]
