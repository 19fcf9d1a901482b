"""Every address of the call and of the draw; each feature has its own list."""

from draws.calls import urls as calls
from draws.candidates import urls as candidates
from draws.draws import urls as draws
from draws.representation import urls as representation

app_name = "draws"
urlpatterns = [
    *candidates.urlpatterns,
    *calls.urlpatterns,
    *representation.urlpatterns,
    *draws.urlpatterns,
]
