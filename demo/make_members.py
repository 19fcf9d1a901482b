"""Write membres.csv: 108 fictitious members of the second assembly, 4 per canton, in the format of the import.

Real geography, invented people (domain.md D1, D5). Always the same file: `python demo/make_members.py`.
The file may be imported as it is once the 27 cantons, their seats (2 women, 2 men) and the groups below exist.
"""

import csv
import random
import unicodedata
from pathlib import Path

SEED = 31
GROUPS = (
    "Habiter",
    "Se déplacer et accéder aux services",
    "Prévention, santé et perte d’autonomie",
    "Lien social et lutte contre l’isolement",
    "Aidants et métiers du grand âge",
)
CROSS_CUTTING = "Vieillir en 2050"
TOULOUSE = [("Toulouse", code) for code in ("31000", "31100", "31200", "31300", "31400", "31500")]
CANTONS = (
    ("Auterive", [("Auterive", "31190"), ("Cintegabelle", "31550")]),
    ("Bagnères-de-Luchon", [("Bagnères-de-Luchon", "31110"), ("Montréjeau", "31210")]),
    ("Blagnac", [("Blagnac", "31700")]),
    ("Castanet-Tolosan", [("Castanet-Tolosan", "31320")]),
    ("Castelginest", [("Castelginest", "31780")]),
    ("Cazères", [("Cazères", "31220"), ("Carbonne", "31390")]),
    ("Escalquens", [("Escalquens", "31750")]),
    ("Léguevin", [("Léguevin", "31490")]),
    ("Muret", [("Muret", "31600")]),
    ("Pechbonnieu", [("Pechbonnieu", "31140")]),
    ("Plaisance-du-Touch", [("Plaisance-du-Touch", "31830"), ("Fontenilles", "31470")]),
    ("Portet-sur-Garonne", [("Portet-sur-Garonne", "31120")]),
    ("Revel", [("Revel", "31250"), ("Nailloux", "31560")]),
    ("Saint-Gaudens", [("Saint-Gaudens", "31800")]),
    ("Toulouse-1", TOULOUSE[:2]),
    ("Toulouse-2", TOULOUSE[1:3]),
    ("Toulouse-3", TOULOUSE[2:4]),
    ("Toulouse-4", TOULOUSE[3:5]),
    ("Toulouse-5", TOULOUSE[4:6]),
    ("Toulouse-6", TOULOUSE[:3]),
    ("Toulouse-7", [("Toulouse", "31300"), ("Colomiers", "31770"), ("Pibrac", "31820")]),
    ("Toulouse-8", [("Toulouse", "31200"), ("Launaguet", "31140")]),
    ("Toulouse-9", [("Toulouse", "31500"), ("Saint-Jean", "31240"), ("L’Union", "31240")]),
    ("Toulouse-10", [("Toulouse", "31500"), ("Balma", "31130"), ("Quint-Fonsegrives", "31130")]),
    ("Toulouse-11", [("Toulouse", "31400"), ("Ramonville-Saint-Agne", "31520")]),
    ("Tournefeuille", [("Tournefeuille", "31170"), ("Cugnaux", "31270"), ("Villeneuve-Tolosane", "31270")]),
    ("Villemur-sur-Tarn", [("Villemur-sur-Tarn", "31340"), ("Bouloc", "31620")]),
)
WOMEN = "Amina Célia Elsa Gisèle Inès Karima Maëlys Nadia Odile Rosa Thérèse Viviane Yvette Zélie".split()
MEN = "Baptiste David Farid Hugo Jean-Luc Léo Pierrick Quentin Samuel Ugo Wassim".split()
SURNAMES = (
    "Abadie Barthès Cazaux Dupuy Espinasse Fauré Gasc Izard Labatut Lafforgue Mounié Nogaro Pujol Rouquette "
    "Sarrazin Tournier Vidal Benali Diallo Nguyen Pereira Rossi"
).split()
STREETS = (
    "rue des Tilleuls",
    "rue du Moulin",
    "chemin de la Fontaine",
    "place de la Halle",
    "avenue des Pyrénées",
    "rue de l’Église",
    "impasse des Lilas",
    "route de la Forêt",
    "rue des Écoles",
    "allée des Platanes",
)
# Age classes and their weight: more people of 55 to 70 than in the population, an assumption (domain.md D5).
AGES = ((18, 29, 10), (30, 44, 19), (45, 54, 21), (55, 70, 36), (71, 85, 14))
PAPER = {7, 22, 53, 90}
NEEDS = {
    3: "LSF",
    11: "garde d’enfants : deux enfants",
    27: "accès sans marche",
    41: "documents en gros caractères",
    53: "transport",
    66: "boucle magnétique",
    79: "FALC",
    97: "repas végétarien",
}
HEADER = (
    "civilité;prénom;nom;genre;année de naissance;canton;commune;adresse;code postal;courriel;téléphone;canal;siège;"
    "besoins;groupe"
).split(";")


def plain(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in flat if character.isalnum() or character == "-")


def people() -> list[list[str]]:
    chance = random.Random(SEED)  # noqa: S311 -- invented people, no secret
    pairs = {"F": [(a, b) for a in WOMEN for b in SURNAMES], "M": [(a, b) for a in MEN for b in SURNAMES]}
    for names in pairs.values():
        chance.shuffle(names)
    rows: list[list[str]] = []
    for canton, communes in CANTONS:
        for seat in ("F1", "F2", "M1", "M2"):
            rows.append(person(len(rows), canton, communes, seat, pairs[seat[0]].pop(), chance))
    return rows


def person(
    index: int,
    canton: str,
    communes: list[tuple[str, str]],
    seat: str,
    name: tuple[str, str],
    chance: random.Random,
) -> list[str]:
    first, last = name
    low, high, _weight = chance.choices(AGES, [weight for _low, _high, weight in AGES])[0]
    commune, postcode = chance.choice(communes)
    street = f"{chance.randint(1, 98)} {chance.choice(STREETS)}"
    email = "" if index in PAPER else f"{plain(first)}.{plain(last)}@example.org"
    groups = [GROUPS[index % len(GROUPS)]] + ([CROSS_CUTTING] if index % 7 == 0 else [])
    return [
        "Mme" if seat[0] == "F" else "M.",
        first,
        last,
        seat[0],
        str(2025 - chance.randint(low, high)),
        canton,
        commune,
        street,
        postcode,
        email,
        f"06 39 98 {index // 100 + 10:02} {index % 100:02}",
        "courriel" if email else "courrier",
        seat,
        NEEDS.get(index, ""),
        "|".join(groups),
    ]


if __name__ == "__main__":
    with (Path(__file__).parent / "membres.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, delimiter=";", lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(people())
