"""Screens of the mission’s desk; each part keeps its own list."""

from django.urls import URLPattern

from mission.indicators import urls as indicators

app_name = "mission"
urlpatterns: list[URLPattern] = [*indicators.urlpatterns]
