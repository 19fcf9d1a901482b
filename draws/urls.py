"""Every address of the call and of the draw; each noun keeps its own list in `draws/routes/`."""

from draws.routes import draw

app_name = "draws"
urlpatterns = [*draw.urlpatterns]
