from django.urls import path

from assembly.institution.views import terms

app_name = "institution"
urlpatterns = [
    path("mandature/", terms.term_choose, name="term-choose"),
]
