"""URLs of the means of a sitting."""

from django.urls import path

from mission.means import views

urlpatterns = [
    path("bureau/seances/<int:pk>/salle/", views.means_book, name="means-book"),
    path("bureau/seances/<int:pk>/salle/<int:booking>/deplacer/", views.means_move, name="means-move"),
]
