"""Addresses of mail: the team's screens, the provider's door, the developer's mailbox."""

app_name = "notifications"
urlpatterns: list = []
