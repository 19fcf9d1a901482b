from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    """Lists kept as somebody arranged them; each app says in its `saved_views.py` which of its lists may be."""

    name = "assembly.saved_views"
    label = "saved_views"
