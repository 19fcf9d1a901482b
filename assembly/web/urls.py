"""Address of the component gallery, which exists on a developer's machine only."""

from django.conf import settings
from django.urls import path

from assembly.web import component_gallery

app_name = "ui"
urlpatterns = [path("composants/", component_gallery.components, name="components")] if settings.LOCAL else []
