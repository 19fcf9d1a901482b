"""Changes between two convocations, as text. Without database access."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS = {
    "title": gettext_lazy("Titre"),
    "when": gettext_lazy("Date et heures"),
    "pause": gettext_lazy("Pause"),
    "place": gettext_lazy("Lieu"),
    "access": gettext_lazy("Accès"),
    "video_link": gettext_lazy("Visioconférence"),
    "message": gettext_lazy("Message"),
    "chair": gettext_lazy("Présidence"),
}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return lines « Lieu : avant → après », then the items added, removed or renamed.

    The order is that of the notice. Changed hours are listed only when nothing else changed.
    """
    changes = [
        {"label": str(label), "before": before.get(key, ""), "after": after.get(key, "")}
        for key, label in LABELS.items()
        if before.get(key, "") != after.get(key, "")
    ]
    points = before.get("agenda", []), after.get("agenda", [])
    return changes + agenda_differences(*points) or hour_differences(*points)


def agenda_differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, str]]:
    old = {line["id"]: line["title"] for line in before}
    new = {line["id"]: line["title"] for line in after}
    diffs = [{"label": _("Point retiré"), "before": title, "after": ""} for pk, title in old.items() if pk not in new]
    for pk, title in new.items():
        if pk not in old:
            diffs.append({"label": _("Point ajouté"), "before": "", "after": title})
        elif old[pk] != title:
            diffs.append({"label": _("Point modifié"), "before": old[pk], "after": title})
    common_before = [pk for pk in old if pk in new]
    common_after = [pk for pk in new if pk in old]
    if common_before != common_after:
        diffs.append({"label": _("Ordre des points"), "before": "", "after": _("L’ordre des points a changé.")})
    return diffs


def hour_differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the first item whose hour changed: by another duration, or an internal item before it."""
    old = {line["id"]: line["hour"] for line in before if line.get("hour")}
    moved = (line for line in after if line.get("hour") != old.get(line["id"], line.get("hour")))
    line = next(moved, None)
    if line is None:
        return []
    texts = {"before": f"{old[line['id']]} {line['title']}", "after": f"{line['hour']} {line['title']}"}
    return [{"label": _("Heures des points"), **texts}]
