"""URLs of the agenda and of its documents."""

from django.urls import URLPattern, path

from sessions.agenda import views
from sessions.sittings.urls import ONE

urlpatterns: list[URLPattern] = [
    path(ONE, views.agenda_show, name="sitting"),
    path(f"{ONE}points/", views.item_add, name="item-add"),
    path(f"{ONE}points/actions/", views.actions_item_add, name="actions-item-add"),
    path(f"{ONE}points/coller/", views.items_paste, name="items-paste"),
    path(f"{ONE}points/ordre/", views.agenda_arrange, name="agenda-arrange"),
    path(f"{ONE}points/<int:item>/", views.item_edit, name="item-edit"),
    path(f"{ONE}points/<int:item>/deplacer/", views.item_move, name="item-move"),
    path(f"{ONE}points/<int:item>/dupliquer/", views.item_duplicate, name="item-duplicate"),
    path(f"{ONE}points/<int:item>/ouvrir/", views.item_open, name="item-open"),
    path(f"{ONE}points/<int:item>/clore/", views.item_close, name="item-close"),
    path(f"{ONE}points/<int:item>/heures/", views.item_hours, name="item-hours"),
    path(f"{ONE}points/<int:item>/retirer/", views.item_remove, name="item-remove"),
    path(f"{ONE}points/<int:item>/remettre/", views.item_restore, name="item-restore"),
    path(f"{ONE}documents/", views.papers, name="papers"),
    path(f"{ONE}documents/<int:paper>/retirer/", views.paper_remove, name="paper-remove"),
    path(f"{ONE}ordre-du-jour.pdf", views.agenda_file, name="agenda-file"),
]
