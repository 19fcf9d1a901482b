"""Screens of the mission’s desk: every register brings its own, named `mission:<key>`, `mission:<key>-row`, …"""

from django.urls import URLPattern

from mission.grants.urls import urlpatterns as grants
from mission.registers.declaration import registers
from mission.registers.urls import routes

app_name = "mission"
urlpatterns: list[URLPattern] = [
    *grants,
    *(route for register in registers.values() for route in routes(register)),
]
