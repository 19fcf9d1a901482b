"""Addresses of the recommendations of the one text."""

from django.urls import URLPattern, path

from opinions.opinions.urls import ONE
from opinions.versions import views

urlpatterns: list[URLPattern] = [
    path(f"{ONE}preconisations/", views.recommendations, name="recommendations"),
    path(f"{ONE}preconisations/relever/", views.recommendations_read, name="recommendations-read"),
    path(f"{ONE}preconisations/<int:recommendation>/", views.recommendation, name="recommendation"),
    path(
        f"{ONE}preconisations/<int:recommendation>/reunir/",
        views.recommendation_merge,
        name="recommendation-merge",
    ),
]
