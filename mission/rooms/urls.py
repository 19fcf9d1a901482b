"""URLs of bookings, in addition to those of their register."""

from django.urls import path

from mission.rooms import views

urlpatterns = [
    path("bureau/mission/salles-et-materiel/<int:pk>/feuille/", views.keeper_sheet, name="keeper-sheet"),
]
