"""URLs of trips, in addition to those of their register."""

from django.urls import path

from mission.trips import views

urlpatterns = [path("bureau/mission/deplacements/<int:pk>/ordre.pdf", views.trip_order, name="trip-order")]
