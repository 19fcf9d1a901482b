from django.urls import path

from assembly.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("comment-ca-marche/", views.how, name="how"),
    path("ma-place/", views.area, name="area"),
    path("bureau/", views.desk_home, name="desk-home"),
    path("bureau/comptes/", views.menu_counts, name="menu-counts"),
    path("espace/", views.member_home, name="member-home"),
    path("instructions/", views.directorate_home, name="directorate-home"),
    path("bureau/service/", views.service_state, name="service-state"),
    path("bureau/service/travaux/<int:pk>/relancer/", views.job_retry, name="job-retry"),
    path("bureau/service/sauvegardes/", views.backup_list, name="backups"),
    path("bureau/service/sauvegardes/demander/", views.backup_ask, name="backup-ask"),
    path("partage.png", views.default_card, name="card"),
    path("sitemap.xml", views.site_map, name="sitemap"),
    path("robots.txt", views.robots_txt, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security"),
    path("sante/", views.health_json, name="health"),
    path("aide/", views.help_index, name="help"),
    path("aide/<slug:slug>/", views.help_page, name="help-page"),
    path("mentions-legales/", views.legal_notice, name="legal-notice"),
    path("donnees-personnelles/", views.personal_data, name="personal-data"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("glossaire/", views.glossary, name="glossary"),
    path("english/", views.english, name="english"),
    path("carte/", views.assembly_card, name="assembly-card"),
]
