"""Addresses of the members, in three rooms."""

app_name = "members"
urlpatterns: list = []
