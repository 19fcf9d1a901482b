"""Every address of the call and of the draw; each part has its own list in `draws/routes/`."""

from draws.draws import urls as draw
from draws.routes import call

app_name = "draws"
urlpatterns = [*call.urlpatterns, *draw.urlpatterns]
