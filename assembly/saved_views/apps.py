from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    """Lists saved as somebody arranged them; each app registers those of its lists in its `saved_views.py`."""

    name = "assembly.saved_views"
    label = "saved_views"
