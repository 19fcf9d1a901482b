"""URLs of the team, in addition to those of its register."""

from django.urls import path

from mission.people import views

urlpatterns = [path("bureau/mission/plan-de-charge/", views.workload, name="workload")]
