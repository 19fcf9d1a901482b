"""URLs of the calendar."""

from django.urls import path

from assembly.calendar import views

app_name = "calendar"
urlpatterns = [
    path("bureau/semaine/", views.calendar_page, name="page"),
    path("bureau/semaine/adresse/<int:pk>/", views.team_address_renew, name="team-renew"),
    path("calendrier/equipe-<str:token>.ics", views.team_calendar, name="team-feed"),
]
