from django.urls import path

from assembly.portal.views import areas, backups, help_pages, home, legal, machines, service

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("ma-place/", areas.area, name="area"),
    path("bureau/", areas.desk_home, name="desk-home"),
    path("espace/", areas.member_home, name="member-home"),
    path("instructions/", areas.directorate_home, name="directorate-home"),
    path("bureau/service/", service.state, name="service-state"),
    path("bureau/service/travaux/<int:pk>/relancer/", service.job_retry, name="job-retry"),
    path("bureau/service/sauvegardes/", backups.backup_list, name="backups"),
    path("bureau/service/sauvegardes/demander/", backups.backup_ask, name="backup-ask"),
    path("partage.png", machines.card, name="card"),
    path("sitemap.xml", machines.site_map, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("sante/", service.health_json, name="health"),
    path("aide/", help_pages.index, name="help"),
    path("aide/<slug:slug>/", help_pages.page, name="help-page"),
    path("mentions-legales/", legal.notice, name="legal-notice"),
    path("donnees-personnelles/", legal.personal_data, name="personal-data"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("glossaire/", legal.glossary, name="glossary"),
]
