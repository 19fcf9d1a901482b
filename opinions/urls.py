"""Every address of the opinions; each noun keeps its own list in `opinions/routes/`."""

from opinions.routes import amendments, opinions

app_name = "opinions"
urlpatterns = [*opinions.urlpatterns, *amendments.urlpatterns]
