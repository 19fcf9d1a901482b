from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [path("compte/demonstration/", views.sign_in, name="sign-in")]
