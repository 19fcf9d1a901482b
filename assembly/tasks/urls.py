"""URLs of tasks."""

from django.urls import path

from assembly.institution.pages import list_file, list_page
from assembly.tasks import views
from assembly.tasks.lists import TASKS

app_name = "tasks"
urlpatterns = [
    path("bureau/taches/", views.home, name="home"),
    path("bureau/taches/qui/", views.switch, name="switch"),
    path("bureau/taches/noter/", views.task_add, name="add"),
    path("bureau/taches/jour/", views.line_day, name="day"),
    path("bureau/taches/liste/", list_page(TASKS), name="list"),
    path("bureau/taches/export.csv", list_file(TASKS, fresh=True), name="export"),
    path("bureau/taches/choisies/", views.chosen, name="chosen"),
    path("bureau/taches/<int:pk>/", views.task_page, name="task"),
    path("bureau/taches/<int:pk>/modifier/", views.task_change, name="change"),
    views.TASK_STEPS.path("bureau/taches/<int:pk>/"),
    path("bureau/notes/ajouter/", views.note_add, name="note-add"),
    path("bureau/epingles/", views.pins, name="pins"),
    path("bureau/epingles/ajouter/", views.pin_add, name="pin-add"),
    path("bureau/epingles/<int:pk>/retirer/", views.pin_remove, name="pin-remove"),
    views.NOTE_STEPS.path("bureau/notes/<int:pk>/"),
]
