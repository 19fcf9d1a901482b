from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "assembly.notifications"
    label = "notifications"
