"""All URLs of the sittings; each noun has its own list in `sessions/routes/`."""

from sessions.expenses import urls as expenses
from sessions.routes import minutes, sittings

app_name = "sittings"
urlpatterns = [*sittings.urlpatterns, *minutes.urlpatterns, *expenses.urlpatterns]
