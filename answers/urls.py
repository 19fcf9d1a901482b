"""Every address of the answers; each feature has its own list."""

from answers.cases import urls as cases
from answers.follow_up import urls as follow_up
from answers.progress import urls as progress
from answers.publication import urls as publication
from answers.voice import urls as voice

app_name = "answers"
urlpatterns = [
    *cases.urlpatterns,
    *publication.urlpatterns,
    *follow_up.urlpatterns,
    *progress.urlpatterns,
    *voice.urlpatterns,
]
