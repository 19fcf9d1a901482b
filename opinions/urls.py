"""Every address of the opinions; each feature has its own list."""

from opinions.adoption.urls import urlpatterns as adoption
from opinions.amendments.urls import urlpatterns as amendments
from opinions.checks.urls import urlpatterns as checks
from opinions.opinions.urls import urlpatterns as opinions
from opinions.papers.urls import urlpatterns as papers
from opinions.sections.urls import urlpatterns as sections
from opinions.versions.urls import urlpatterns as versions

app_name = "opinions"
urlpatterns = [*opinions, *sections, *versions, *checks, *adoption, *amendments, *papers]
