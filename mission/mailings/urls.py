"""URLs of the links in mails of lists."""

from django.urls import path

from mission.mailings import views

urlpatterns = [
    path("listes/accord/<str:token>/", views.list_join, name="list-join"),
    path("listes/retrait/<str:token>/", views.list_leave, name="list-leave"),
]
