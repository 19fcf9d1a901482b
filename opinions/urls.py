"""Every address of the opinions; each noun has its own list in `opinions/routes/`."""

from opinions.routes import amendments, minority, opinions, papers

app_name = "opinions"
urlpatterns = [*opinions.urlpatterns, *amendments.urlpatterns, *minority.urlpatterns, *papers.urlpatterns]
