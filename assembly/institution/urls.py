from django.urls import path

from assembly.institution.views import letterhead, terms

app_name = "institution"
urlpatterns = [
    path("couleurs.css", letterhead.colours_css, name="colours"),
    path("logo.png", letterhead.logo, name="logo"),
    path("mandature/", terms.term_choose, name="term-choose"),
]
