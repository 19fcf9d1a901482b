"""Screens of the mission’s desk: every register brings its own, named `mission:<key>`, `mission:<key>-row`, …"""

from django.urls import URLPattern

from mission.registers.declaration import registers
from mission.registers.urls import routes

app_name = "mission"
urlpatterns: list[URLPattern] = [route for register in registers.values() for route in routes(register)]
