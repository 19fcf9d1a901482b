"""The living page of components exists on a developer's machine only."""

from django.conf import settings
from django.urls import path

from assembly.ui import living

app_name = "ui"
urlpatterns = [path("composants/", living.components, name="components")] if settings.LOCAL else []
