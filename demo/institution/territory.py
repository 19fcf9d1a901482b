"""Real geography (decree 2014-152, INSEE) and sample names of bodies (domain.md D1 to D3)."""

from typing import Any, Final

CANTONS: Final = (
    (1, "Auterive", "31033", "31190", "périurbain, rural"),
    (2, "Bagnères-de-Luchon", "31042", "31110", "montagne"),
    (3, "Blagnac", "31069", "31700", "urbain"),
    (4, "Castanet-Tolosan", "31113", "31320", "urbain"),
    (5, "Castelginest", "31116", "31780", "périurbain"),
    (6, "Cazères", "31135", "31220", "rural"),
    (7, "Escalquens", "31169", "31750", "périurbain"),
    (8, "Léguevin", "31291", "31490", "périurbain"),
    (9, "Muret", "31395", "31600", "urbain"),
    (10, "Pechbonnieu", "31410", "31140", "périurbain"),
    (11, "Plaisance-du-Touch", "31424", "31830", "périurbain"),
    (12, "Portet-sur-Garonne", "31433", "31120", "urbain"),
    (13, "Revel", "31451", "31250", "rural"),
    (14, "Saint-Gaudens", "31483", "31800", "Comminges"),
    *((14 + n, f"Toulouse-{n}", "31555", "31000", "urbain") for n in range(1, 12)),
    (26, "Tournefeuille", "31557", "31170", "urbain"),
    (27, "Villemur-sur-Tarn", "31584", "31340", "rural"),
)

DIRECTORATES: Final = (
    ("QRUDP", "Direction Qualité de la Relation aux Usager·ère·s et Démocratie Participative"),
    ("AUTONOMIE", "Direction de l’Autonomie"),
    ("ENFANCE", "Direction Enfance et Famille"),
    ("INSERTION", "Direction de l’Insertion et de l’Action sociale"),
    ("EDUCATION", "Direction de l’Éducation"),
    ("ROUTES", "Direction des Routes"),
    ("MOBILITES", "Direction des Mobilités"),
    ("ECOLOGIE", "Direction pour la Transition écologique"),
    ("AGRICULTURE", "Direction de l’Agriculture, du Développement rural et de l’Environnement"),
    ("HABITAT", "Direction de l’Habitat et du Logement"),
    ("CULTURE", "Direction de la Culture"),
    ("SPORTS", "Direction des Sports et de la Jeunesse"),
    ("NUMERIQUE", "Direction des Systèmes numériques"),
    ("FINANCES", "Direction des Finances"),
    ("COMMUNICATION", "Direction de la Communication"),
)

GROUPS: Final = (
    ("working_group", "Habiter", "habiter", "Domicile, habitat partagé, établissements."),
    ("working_group", "Se déplacer et accéder aux services", "se-deplacer", "Trajets, guichets, démarches."),
    (
        "working_group",
        "Prévention, santé et perte d’autonomie",
        "prevention",
        "Rester en forme, être soigné, être aidé.",
    ),
    ("working_group", "Lien social et lutte contre l’isolement", "lien-social", "Ne laisser personne seul."),
    ("working_group", "Aidants et métiers du grand âge", "aidants", "Ceux qui aident, par amour ou par métier."),
    ("cross_cutting", "Vieillir en 2050", "vieillir-2050", "Ce que les cinq groupes ne voient pas."),
    ("steering", "Comité de pilotage", "copil", "Élus, directions et mission : calendrier et moyens."),
    ("technical", "Comité technique", "cotech", "Directions et mission : préparation des séances."),
    ("follow_up", "Comité de suivi", "suivi", "Membres qui suivent les réponses du Conseil."),
)
HEADQUARTERS: Final[dict[str, Any]] = {
    "place_name": "Hôtel du Département, Pavillon République",
    "place_address": "1, boulevard de la Marquette, 31090 Toulouse",
    "access_note": "Métro ligne B, station Canal du Midi. Entrée de plain-pied.",
}
VIDEO: Final[dict[str, Any]] = {"video_link": "https://visio.example.org/assemblee"}
