"""Texts of the council's answers to AC2-2026-01 « Bien vieillir »: invented, in the order of the recommendations."""

from datetime import date
from typing import Any, Final

from answers.cases.enums import AnswerValue, RejectionCategory

V = AnswerValue
# Title → code of the lead directorate, its answer (empty for the one that has none yet).
ANSWERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Un guichet unique « bien vieillir » dans chaque Maison de proximité": (
        "autonomie",
        {
            "value": V.ACCEPTED_IN_PART,
            "body": "Nous ouvrirons un guichet « bien vieillir » dans les Maisons de proximité qui ont la place de "
            "recevoir. Les agents suivront la personne jusqu’au bout de ses démarches.",
            "retained": "Un guichet dans six des onze Maisons de proximité, dès mars 2027.",
            "left_out": "Les cinq autres Maisons, où aucun bureau n’est libre aujourd’hui.",
            "action": "Former douze agents d’ici à février 2027.",
            "service": "Direction de l’Autonomie",
            "budget_line": "Maisons de proximité, 420 000 € en 2027",
        },
    ),
    "Un bus itinérant des droits dans les cantons ruraux": (
        "mobilites",
        {
            "value": V.ACCEPTED,
            "body": "Un troisième bus des solidarités partira en avril 2027. Il passera dans chaque commune "
            "volontaire des douze cantons sans guichet, à un jour connu d’avance.",
            "action": "Acheter et aménager le bus, puis publier le calendrier des tournées.",
            "service": "Direction des Mobilités",
            "budget_line": "Bus des solidarités, 190 000 € en 2027",
        },
    ),
    "Un transport solidaire d’intérêt départemental": (
        "mobilites",
        {
            "value": V.PASSED_ON,
            "body": "Les transports entre communes relèvent de la Région. Nous lui avons transmis votre proposition "
            "et nous lui demandons de vous répondre avant la fin de l’année.",
            "passed_to": "la Région Occitanie",
            "letter": "lettre du 21 septembre 2026",
        },
    ),
    "Une aide à l’adaptation du logement avant 70 ans": (
        "habitat",
        {
            "value": V.UNDER_STUDY,
            "body": "L’idée est bonne, mais nous ne savons pas encore combien de logements sont concernés. Une étude "
            "est lancée avec l’Anah et trois bailleurs. Nous vous dirons ce qu’elle montre.",
            "review_on": date(2027, 6, 30),
            "action": "Visiter deux cents logements dans quatre cantons.",
            "service": "Direction de l’Habitat",
        },
    ),
    "Une information facile à lire sur l’allocation personnalisée d’autonomie": (
        "autonomie",
        {
            "value": V.ALREADY_DONE,
            "body": "Le dossier de demande et trois lettres sont réécrits en facile à lire, avec dix habitants. Les "
            "autres lettres suivront en 2027.",
            "done_since": date(2026, 9, 1),
            "proof": "Le nouveau dossier est remis dans toutes les Maisons de proximité.",
            "service": "Direction de l’Autonomie",
        },
    ),
    "Un observatoire citoyen de l’isolement": (
        "insertion",
        {
            "value": V.ACCEPTED,
            "body": "Nous réunirons deux fois par an, dans chaque territoire, les personnes qui voient l’isolement de "
            "près, et nous publierons ce qu’elles auront repéré.",
        },
    ),
    "Des repas partagés entre générations dans les collèges": (
        "insertion",
        {
            "value": V.ACCEPTED_IN_PART,
            "body": "Huit collèges sont volontaires et ont des places libres. Nous commençons avec eux, et nous "
            "ferons le bilan avec vous à la fin de l’année scolaire.",
            "retained": "Un midi par semaine dans huit collèges, au prix d’un repas d’élève.",
            "left_out": "Le transport aller et retour, que nous ne pouvons pas payer en 2027.",
            "service": "Direction de l’Insertion",
        },
    ),
    "Une charte du répit pour les aidants": (
        "autonomie",
        {
            "value": V.ACCEPTED,
            "body": "Le Conseil a voté la charte du répit. Chaque aidant pourra prendre jusqu’à trois semaines de "
            "répit par an, avec une solution trouvée pour lui.",
            "action": "Ouvrir cent places d’accueil temporaire entre 2027 et 2029.",
            "service": "Direction de l’Autonomie",
            "budget_line": "Aide aux aidants, 1,3 million d’euros par an",
        },
    ),
    "Revaloriser et loger les aides à domicile": (
        "autonomie",
        {
            "value": V.REJECTED,
            "body": "Les salaires des aides à domicile sont fixés par une convention nationale : le Département ne "
            "peut pas les changer. Pour le logement, chaque bailleur choisit ses locataires selon la loi, sans que "
            "nous puissions réserver une part à un métier.",
            "category": RejectionCategory.NOT_OUR_POWER,
        },
    ),
    "Un budget participatif « seniors »": ("finances", {}),
}
# What readers without an account follow; what members rate, by many and by a few.
FOLLOWED: Final = (
    "Un guichet unique « bien vieillir » dans chaque Maison de proximité",
    "Un bus itinérant des droits dans les cantons ruraux",
)
RATED: Final = "Un bus itinérant des droits dans les cantons ruraux"
RATED_BY_FEW: Final = "Une charte du répit pour les aidants"
SENT_BACK: Final = (
    "Un observatoire citoyen de l’isolement",
    "Dites qui anime ces réunions et avec quel budget : sans cela, la réponse promet sans engager.",
)
BY_COUNCIL: Final = ("Une charte du répit pour les aidants", "2026-10-13-D27", date(2026, 10, 13))
LATE: Final = (
    "Un budget participatif « seniors »",
    date(2026, 10, 31),
    "Le budget de 2027 se prépare en octobre : la réponse doit venir avant.",
)
REVISED: Final = (
    "Un guichet unique « bien vieillir » dans chaque Maison de proximité",
    "La commission permanente a trouvé des bureaux pour les cinq Maisons qui manquaient.",
    {
        "value": V.ACCEPTED,
        "body": "Les onze Maisons de proximité auront leur guichet « bien vieillir » : six en mars 2027, les cinq "
        "autres en octobre 2027, dans des bureaux loués près d’elles.",
        "action": "Former vingt-deux agents et louer cinq bureaux.",
        "budget_line": "Maisons de proximité, 760 000 € en 2027",
    },
)
