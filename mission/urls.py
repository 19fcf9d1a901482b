"""URLs of the mission: every register brings its own, named `mission:<key>`, `mission:<key>-row`, …

A part with pages in addition to those of its registers has them in its `urls.py`.
"""

from django.urls import URLPattern

from mission.models import import_parts
from mission.registers.declaration import registers
from mission.registers.urls import routes

app_name = "mission"
urlpatterns: list[URLPattern] = [
    *(route for register in registers.values() for route in routes(register)),
    *(route for part in import_parts("urls") for route in getattr(part, "urlpatterns", [])),
]
