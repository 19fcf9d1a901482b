from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "assembly.calendar"
    label = "calendar"
