"""Texts of what becomes of the answers to AC2-2026-01 until 25 November 2026: invented."""

from datetime import date
from typing import Any, Final

from answers.follow_up.enums import FollowUpState, PhotoConsent
from demo.answers import picture

S = FollowUpState
BUS = "Un bus itinérant des droits dans les cantons ruraux"
MEALS = "Des repas partagés entre générations dans les collèges"
RESPITE = "Une charte du répit pour les aidants"
HOUSING = "Une aide à l’adaptation du logement avant 70 ans"
COUNTER = "Un guichet unique « bien vieillir » dans chaque Maison de proximité"
# It has no update: one was due on 1 November, and the mission asked for it.
SILENT = "Un transport solidaire d’intérêt départemental"

RHYTHM = "2026-11-02 09:00"  # from then on, an update every three months
# Moment, title, update of the contact; `seen` (in `follow_up.publish_updates`) counts the updates before it.
UPDATES: Final[list[tuple[str, str, dict[str, Any]]]] = [
    (
        "2026-10-16 10:00",
        MEALS,
        {
            "state": S.IN_PROGRESS,
            "text": "Les huit collèges ont choisi leur jour, et les mairies ont prévenu les plus de 70 ans.",
            "added": ("Les huit collèges ouvrent leur table", date(2026, 11, 3)),
        },
    ),
    (
        "2026-10-20 10:00",
        BUS,
        {
            "state": S.IN_PROGRESS,
            "text": "Le marché du bus est publié. Quarante-deux communes veulent le recevoir.",
            "added": ("Le bus est livré", date(2027, 2, 15)),
        },
    ),
    (
        "2026-10-27 15:00",
        RESPITE,
        {
            "state": S.IN_PROGRESS,
            "text": "Douze établissements proposent des places. Nous les visitons avec deux associations d’aidants.",
            "added": ("Les établissements sont choisis", date(2026, 11, 20)),
        },
    ),
    (
        "2026-10-30 11:00",
        COUNTER,
        {
            "state": S.IN_PROGRESS,
            "text": "Dix agents sur vingt-deux sont formés. Le bureau de Muret est prêt.",
            "added": ("Six guichets sont ouverts", date(2027, 3, 1)),
        },
    ),
    (
        "2026-11-05 09:00",
        HOUSING,
        {
            "state": S.IN_PROGRESS,
            "text": "Soixante logements sur deux cents sont visités. Un sur trois demande une douche sans marche.",
            "added": ("Les deux cents visites sont faites", date(2027, 3, 31)),
        },
    ),
    (
        "2026-11-09 14:00",
        MEALS,
        {
            "state": S.DONE,
            "text": "Les huit collèges servent ce repas chaque semaine depuis le 3 novembre : 61 convives.",
            "link": "https://www.example.org/repas-partages",
            "photo_description": picture.CAPTION,
            "consent": PhotoConsent.GIVEN,
            "consent_on": date(2026, 11, 6),
            "reached": {1: date(2026, 11, 3)},
        },
    ),
    (
        "2026-11-17 16:00",
        BUS,
        {
            "state": S.DELAYED,
            "text": "Un seul constructeur a répondu, et il livre en mai. Les tournées commenceront en juin.",
        },
    ),
    (
        "2026-11-20 09:00",
        COUNTER,
        {"state": S.IN_PROGRESS, "text": "Seize agents sont formés. Les cinq bureaux à louer sont trouvés."},
    ),
    (
        "2026-11-23 10:00",
        RESPITE,
        {
            "state": S.IN_PROGRESS,
            "text": "Neuf établissements sont choisis, dans six territoires sur huit. Nous cherchons encore.",
            "reached": {1: date(2026, 11, 20)},
            "added": ("Les trente premières places ouvrent", date(2027, 3, 1)),
        },
    ),
]
MOVED: Final = ("Le bus est livré", date(2027, 5, 10), "Le seul constructeur qui a répondu livre en mai.")
REMARK: Final = "Nous lisons « cherchons encore » : le comité voudrait savoir d’ici à janvier où en est le Volvestre."
HEARING: Final = (
    "Service des achats",
    "Pourquoi un seul constructeur a-t-il répondu, et que change le passage de février à mai ?",
    "Le comité de suivi, six membres, avec la directrice des Mobilités",
    "Trois constructeurs ont retiré le dossier, deux ne livrent plus de bus de cette taille. Le prix ne change pas. "
    "Un bus sera prêté en avril pour les quatre communes les plus éloignées.",
)
