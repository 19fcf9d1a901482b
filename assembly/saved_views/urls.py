"""Addresses of the saved views of a back-office list, and of the links that open them."""

from django.urls import path

from assembly.saved_views import views

app_name = "saved_views"
urlpatterns = [
    path("bureau/vues/<int:pk>/", views.view_change, name="change"),
    path("bureau/vues/<slug:key>/", views.list_views, name="list"),
    path("vues/<str:token>/", views.view_open, name="open"),
    path("vues/arret/<str:token>/", views.view_stop, name="stop"),
]
