"""Every address of the opinions; each noun has its own list in `opinions/routes/`."""

from opinions.adoption import urls as minority
from opinions.amendments import urls as amendments
from opinions.papers import urls as papers
from opinions.routes import opinions

app_name = "opinions"
urlpatterns = [*opinions.urlpatterns, *amendments.urlpatterns, *minority.urlpatterns, *papers.urlpatterns]
