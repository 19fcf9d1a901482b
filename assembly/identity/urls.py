from django.urls import path

from assembly.identity.views import second_factor

app_name = "identity"
urlpatterns = [
    path("compte/double-cle/", second_factor.second_factor, name="second-factor"),
]
