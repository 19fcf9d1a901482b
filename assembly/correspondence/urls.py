"""Addresses of the messages that the team writes."""

from django.urls import path

from assembly.correspondence import views
from assembly.correspondence.lists import MESSAGES
from assembly.institution.pages import list_page

app_name = "correspondence"
urlpatterns = [
    path("bureau/messages/", list_page(MESSAGES), name="list"),
    path("bureau/messages/ecrire/", views.start, name="start"),
    path("bureau/messages/ecrire/<slug:key>/", views.write_to_list, name="write-to-list"),
    path("bureau/messages/ecrire/<slug:key>/<int:pk>/", views.write_to, name="write-to"),
    path("bureau/messages/<int:pk>/", views.message_page, name="message"),
    path("bureau/messages/<int:pk>/modifier/", views.change, name="change"),
    path("bureau/messages/<int:pk>/essai/", views.trial, name="trial"),
    path("bureau/messages/<int:pk>/modele/", views.text_save, name="text-save"),
    path("bureau/messages/modeles/", views.text_list, name="texts"),
    views.TEXT_STEPS.path("bureau/messages/modeles/<int:pk>/"),
    views.STEPS.path("bureau/messages/<int:pk>/etape/"),
]
