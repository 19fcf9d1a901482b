"""Texts of AC2-2026-01 « Bien vieillir »: six groups, ten recommendations and one said twice (domain.md D2)."""

from typing import Final

# Group, what it saw, then each recommendation: title, problem, proposal, audience, decider, means, measure, theme.
Recommendation = tuple[str, str, str, str, str, str, str, str]
Section = tuple[str, tuple[str, ...], tuple[Recommendation, ...]]

SECTIONS: Final[tuple[Section, ...]] = (
    (
        "se-deplacer",
        (
            "Quand on ne conduit plus, le médecin, le marché et la mairie deviennent loin. Dans les cantons de "
            "montagne, certains renoncent.",
            "Les démarches se font de plus en plus par internet. Les personnes que nous avons entendues veulent "
            "parler à quelqu’un, près de chez elles.",
        ),
        (
            (
                "Un guichet unique « bien vieillir » dans chaque Maison de proximité",
                "Il faut frapper à cinq portes pour connaître ses droits.",
                "Ouvrir dans chaque Maison un guichet qui suit la personne jusqu’au bout de ses démarches.",
                "Les personnes de plus de 60 ans et leurs proches.",
                "Le Département.",
                "Deux agents formés dans chaque maison.",
                "Une maison sur deux ouverte à la fin de 2027.",
                "Accès aux droits",
            ),
            (
                "Un bus itinérant des droits dans les cantons ruraux",
                "Douze cantons n’ont aucun guichet à moins de vingt minutes.",
                "Faire passer un bus des droits dans chaque commune volontaire, un jour connu d’avance.",
                "Les habitants des cantons ruraux.",
                "Le Département, avec les communes.",
                "Un bus aménagé et deux agents.",
                "Le nombre de personnes reçues par tournée.",
                "Accès aux droits",
            ),
            (
                "Un transport solidaire d’intérêt départemental",
                "Le transport à la demande s’arrête aux limites des communes.",
                "Relier entre eux les transports solidaires, avec un seul numéro et un tarif unique.",
                "Les personnes qui ne conduisent pas ou plus.",
                "Le Département et la Région.",
                "Une centrale d’appels et l’aide aux associations de chauffeurs.",
                "Le nombre de trajets par canton.",
                "Mobilités",
            ),
        ),
    ),
    (
        "habiter",
        ("Neuf personnes sur dix veulent vieillir chez elles. Les travaux viennent souvent après la chute.",),
        (
            (
                "Une aide à l’adaptation du logement avant 70 ans",
                "On adapte le logement après l’accident, quand il est trop tard.",
                "Proposer une visite et une aide aux travaux dès 60 ans, sans attendre la perte d’autonomie.",
                "Les propriétaires et les locataires de plus de 60 ans.",
                "Le Département, avec l’Anah et les bailleurs.",
                "Deux mille visites par an.",
                "Le nombre de logements adaptés avant 70 ans.",
                "Logement",
            ),
        ),
    ),
    (
        "prevention",
        ("Quatre personnes sur dix qui ont droit à l’allocation personnalisée d’autonomie ne la demandent pas.",),
        (
            (
                "Une information facile à lire sur l’allocation personnalisée d’autonomie",
                "Les dossiers sont écrits dans une langue que personne ne parle.",
                "Réécrire les dossiers et les lettres en facile à lire, avec des personnes concernées.",
                "Les personnes âgées et leurs aidants.",
                "Le Département.",
                "Un atelier de réécriture avec dix habitants.",
                "Le nombre de dossiers complets du premier coup.",
                "Accès aux droits",
            ),
        ),
    ),
    (
        "lien-social",
        ("Le plus dur, nous a-t-on dit à Luchon comme à Colomiers, c’est le silence à l’heure des repas.",),
        (
            (
                "Un observatoire citoyen de l’isolement",
                "Personne ne sait combien d’habitants ne parlent à personne de la semaine.",
                "Réunir deux fois par an facteurs, pharmaciens, associations et habitants pour repérer et agir.",
                "Les personnes isolées, quel que soit leur âge.",
                "Le Département, avec les communes.",
                "Un animateur par territoire.",
                "Le nombre de personnes repérées puis accompagnées.",
                "Lien social",
            ),
            (
                "Des repas partagés entre générations dans les collèges",
                "Des personnes âgées mangent seules près de collèges qui ont des places libres.",
                "Ouvrir le restaurant des collèges volontaires deux midis par semaine, au prix d’un repas d’élève.",
                "Les personnes de plus de 70 ans qui vivent seules, et les élèves.",
                "Le Département et les collèges.",
                "Le transport aller et retour, un accueil à l’entrée.",
                "Trente collèges ouverts en 2028.",
                "Lien social",
            ),
        ),
    ),
    (
        "aidants",
        (
            "La moitié des aides à domicile quittent leur métier avant cinq ans. Les aidants familiaux s’épuisent "
            "sans le dire.",
        ),
        (
            (
                "Une charte du répit pour les aidants",
                "Un aidant sur trois n’a pas pris un jour de repos depuis un an.",
                "Garantir à chaque aidant quinze jours de répit par an, avec une solution trouvée pour lui.",
                "Les personnes qui aident un proche.",
                "Le Département.",
                "Des places d’accueil temporaire et des relais à domicile.",
                "Le nombre d’aidants qui ont pris leurs jours.",
                "Aidants",
            ),
            (
                "Revaloriser et loger les aides à domicile",
                "On ne trouve plus d’aides à domicile là où les loyers sont chers.",
                "Payer les trajets comme du travail et réserver des logements aux aides à domicile.",
                "Les aides à domicile.",
                "L’État pour les salaires, le Département pour le logement.",
                "Une part des logements des bailleurs partenaires.",
                "Le nombre de départs dans l’année.",
                "Métiers",
            ),
        ),
    ),
    (
        "vieillir-2050",
        ("Ceux qui auront 80 ans en 2050 ont aujourd’hui 56 ans : c’est maintenant que l’on décide avec eux.",),
        (
            (
                "Un budget participatif « seniors »",
                "On décide pour les personnes âgées plus souvent qu’avec elles.",
                "Confier chaque année à des habitants de plus de 60 ans le choix de projets à financer.",
                "Tous les habitants.",
                "Le Département.",
                "Trois cent mille euros par an.",
                "Le nombre de votants et de projets réalisés.",
                "Participation",
            ),
            (
                "Un transport pour aller chez le médecin",
                "On annule un rendez-vous faute de voiture.",
                "Organiser des trajets solidaires vers les cabinets et les hôpitaux.",
                "Les patients sans voiture.",
                "Le Département et la Région.",
                "Des bénévoles assurés et remboursés.",
                "Le nombre de rendez-vous tenus.",
                "Mobilités",
            ),
        ),
    ),
)
TWICE: Final = ("Un transport pour aller chez le médecin", "Un transport solidaire d’intérêt départemental")
EASY_READ: Final = (
    "L’Assemblée citoyenne a écrit un avis. Son titre est « Bien vieillir en Haute-Garonne ».\n\n"
    "Elle fait dix propositions.\n\n"
    "Elle demande des guichets près de chez soi, où l’on parle à quelqu’un.\nElle demande un transport pour ceux qui "
    "ne conduisent pas.\nElle demande d’aider les aidants à se reposer.\nElle demande de ne laisser personne seul.\n\n"
    "Le Conseil départemental doit répondre à chaque proposition."
)
# Directorate: its note where it is concerned (theme → competence, feasibility, what exists, cost, text).
NOTES: Final = {
    "autonomie": {
        "Accès aux droits": (
            "yes",
            "as_is",
            "Onze Maisons de proximité.",
            "under_1m",
            "Le recrutement prend six mois.",
        ),
        "Logement": ("partly", "conditions", "Aide de 4 000 € pour la salle de bains.", "under_1m", "Avec l’Anah."),
        "Aidants": (
            "yes",
            "conditions",
            "Deux cents places d’accueil.",
            "over_1m",
            "Quinze jours supposent 300 places.",
        ),
        "Métiers": ("partly", "not_ours", "", "unknown", "Les salaires relèvent de la convention nationale."),
        "Lien social": ("yes", "as_is", "Un numéro d’appel.", "under_100k", "À rattacher aux réunions de canton."),
        "Participation": ("yes", "as_is", "", "under_1m", "Le règlement serait à écrire."),
    },
    "habitat": {
        "Logement": ("partly", "conditions", "Six habitats partagés.", "under_1m", "Les bailleurs sont demandeurs."),
        "Métiers": ("partly", "conditions", "", "under_100k", "Une convention avec deux bailleurs est possible."),
    },
    "mobilites": {
        "Mobilités": ("partly", "conditions", "Douze communes desservies.", "under_1m", "Les cars sont à la Région."),
        "Accès aux droits": (
            "yes",
            "as_is",
            "Deux bus des solidarités.",
            "under_100k",
            "Une tournée de plus par mois.",
        ),
    },
    "insertion": {
        "Lien social": ("yes", "as_is", "Trente Maisons des solidarités.", "under_100k", "Les équipes sont prêtes."),
    },
}
AMENDMENTS: Final = (
    # Author (rank of the account), title of the recommendation, text to replace, new text, reason.
    (1, "Une charte du répit pour les aidants", "quinze jours de répit", "trois semaines de répit",
     "Quinze jours ne suffisent pas à se reposer, les familles nous l’ont dit."),
    (2, "Une charte du répit pour les aidants", "quinze jours", "dix jours",
     "Mieux vaut promettre ce que l’on peut tenir."),
    (3, "Un budget participatif « seniors »", "Trois cent mille euros", "Cinq cent mille euros",
     "Avec trois cent mille euros, quatre cantons seulement auraient un projet."),
    (4, "Un bus itinérant des droits dans les cantons ruraux", "un jour connu d’avance", "deux jours connus d’avance",
     "Un seul jour, c’est trop peu pour qui travaille."),
)  # fmt: skip
MINORITY: Final = (
    "Le logement des aides à domicile ne doit pas attendre",
    "Nous avons voté l’avis. Mais nous regrettons que le logement des aides à domicile vienne après la question de "
    "leur salaire, qui ne dépend pas de nous. Là où les loyers sont chers, le Département peut agir dès cette année, "
    "avec les bailleurs. Nous aurions voulu une date.",
)
