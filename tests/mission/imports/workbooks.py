"""Workbooks as officers keep them, built cell by cell: a title, a blank column, their own headers, a total, notes."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.comments import Comment

from tests.factories.mission import siret_of


@dataclass
class OfficerWorkbook:
    """A sheet as somebody keeps it. `rows`: its lines; `last`: what stands below; `choose`: clicks of the page of the
    columns, header and field; `lines`: rows expected; `leave_out`: lines that the preview leaves out."""

    title: str
    header: list[str]
    rows: list[list[Any]]
    last: list[list[Any]] = field(default_factory=list)
    choose: dict[str, str] = field(default_factory=dict)
    indent: int = 1

    def file(self) -> SimpleUploadedFile:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Suivi 2026"
        sheet["A1"] = self.title
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(self.header))
        sheet["A2"] = "Mis à jour le 12/11/2026, ne pas diffuser"
        for line, cells in enumerate([self.header, *self.rows, [], *self.last], start=4):
            for column, value in enumerate(cells, start=1 + self.indent):
                if value not in ("", None):
                    cell = sheet.cell(line, column, value)
                    if isinstance(value, datetime):
                        cell.number_format = "dd/mm/yyyy hh:mm"
                    elif isinstance(value, date):
                        cell.number_format = "dd/mm/yy"
                    elif isinstance(value, float):
                        cell.number_format = '#,##0.00\\ "€"'
        sheet.cell(5, 1 + self.indent).comment = Comment("à vérifier avec Paul", "Paul")
        sheet.auto_filter.ref = sheet.dimensions
        lists = book.create_sheet("Listes")
        lists.append(["Choix"])
        lists.append(["oui"])
        lists.sheet_state = "hidden"
        for line in range(200, 400):
            sheet.cell(line, 1).number_format = "0.00"
        target = io.BytesIO()
        book.save(target)
        return SimpleUploadedFile("suivi.xlsx", target.getvalue())


WORKBOOKS: dict[str, OfficerWorkbook] = {
    "partners": OfficerWorkbook(
        "ANNUAIRE DES PARTENAIRES",
        ["Structure", "Catégorie", "Acronyme", "Mail", "Tél", "Thématiques", "Relance", "Observations"],
        [
            ["Réseau des aînés", "asso", "RDA", "rda@exemple.fr", 561234567, "Logement ; Santé", "3/12/2026", ""],
            ["Muretain Agglo", "Intercommunalité", "", "", "05.34.46.30.30", "eau", date(2027, 1, 15), "M. Roux"],
        ],
        [["TOTAL", "", 2]],
        {"Relance": "due_on"},
    ),
    "contracts": OfficerWorkbook(
        "Marchés de la mission",
        ["N°", "Objet", "Type", "Prestataire", "Montant max", "Date de début", "Date de fin", "Remarques"],
        [
            [
                1,
                "Repas des plénières",
                "Traiteur",
                "Traiteur du Lauragais",
                "12 450,00 €",
                "1er janvier 2026",
                "31/12/2026",
                "",
            ],
            [2, "Interprètes LSF", "interpr", "Signes 31", 8000.0, "01.03.26", date(2027, 2, 28), "reconductible"],
        ],
        [["", "Total", "", "", 20450.0], ["", "Fait par la mission"]],
        {"Prestataire": "holder_name"},
    ),
    "budget": OfficerWorkbook(
        "Budget prévisionnel",
        ["Exercice", "Libellé", "Crédits votés", "Engagé"],
        [[2026, "Communication", "12.450,00", 400.0], ["2026", "Traiteur", "9 000", 0]],
        [["", "Total général", 21450.0, 400.0]],
    ),
    "trips": OfficerWorkbook(
        "Déplacements de l’équipe",
        ["Objet", "Destination", "Transport", "Date", "Départ", "Retour"],
        [
            ["Visite de la Maison de Luchon", "Luchon", "train", "jeudi 3 déc. 2026", "7h30", "18 h 00"],
            ["Réunion à Revel", "Revel", "véhicule de s", date(2026, 12, 9), "14 h", "17:15"],
        ],
    ),
    "resources": OfficerWorkbook(
        "Salles et matériel",
        ["Salle", "Type", "Endroit", "Capacité", "PMR", "Gardien"],
        [
            ["Salle Garonne", "salle", "Hôtel du département", 40, "Oui", ""],
            ["Sono", "matériel", "Réserve", "", "non", "Mme Gil"],
        ],
        [["Total", "", "", 40]],
        {"Salle": "name"},
    ),
    "bookings": OfficerWorkbook(
        "Réservations",
        ["Réunion", "Salle", "Jour", "De", "À"],
        [
            ["Plénière", "Salle Pyrène", "5/12/2026", "9h", "17 h"],
            ["Groupe Habiter", "salle pyr", "12.12.26", "14:00", "16h30"],
        ],
        choose={"Réunion": "name"},
    ),
    "watch": OfficerWorkbook(
        "Veille",
        ["Titre", "Type", "URL", "Résumé", "Secteur", "Thèmes", "Parution"],
        [
            [
                "Loi sur le bien vieillir",
                "jurid",
                "https://exemple.fr/loi",
                "Ce qui change.",
                "France",
                "âge;santé",
                "8 avril 2024",
            ],
            ["Un budget participatif", "territ", "", "", "Gironde", "budget", "03/12/25"],
        ],
    ),
    "sources": OfficerWorkbook(
        "Sites suivis",
        ["Site", "Adresse web", "Forme", "Nature"],
        [
            ["Vie publique", "https://exemple.fr/rss.xml", "flux", "juridique"],
            ["Banque des territoires", "", "relevée", "juridique"],
        ],
        choose={"Site": "name", "Adresse web": "address"},
    ),
    "digests": OfficerWorkbook(
        "Lettres", ["Titre", "Texte"], [["Veille, mars 2026", "## Juridique"], ["Veille, avril 2026", "## Local"]]
    ),
    "legal": OfficerWorkbook(
        "Actes et conventions",
        ["Intitulé", "Catégorie", "N° de l’acte", "Date d’effet", "Service", "Suite"],
        [["Assurance des membres", "assurance", "2026-114", "01/01/2026", "Direction de l’Autonomie", ""]],
    ),
    "methods": OfficerWorkbook(
        "Fiches méthode",
        ["Titre", "À quoi elle sert", "Déroulé", "Effort", "Groupe, au moins", "Groupe, au plus", "Coût indicatif"],
        [["Marche exploratoire", "Regarder un lieu", "Un parcours.", "moyen", 6, 12, "150,50 €"]],
    ),
    "support": OfficerWorkbook(
        "Demandes d’appui",
        ["Objet", "Service demandeur", "Reçu le", "Besoin", "Politique", "Échéance"],
        [
            [
                "Aires de covoiturage",
                "Direction de l’Autonomie",
                "2/3/2026",
                "Savoir où les placer.",
                "mobilit",
                "30 avril 2026",
            ]
        ],
    ),
    "schemes": OfficerWorkbook(
        "Dispositifs",
        [
            "Nom",
            "Ce qui est soutenu",
            "Ouvert à partir du",
            "Ouvert jusqu’au",
            "Montant minimum",
            "Montant maximum",
            "Enveloppe",
            "Écart",
        ],
        [["Vie sportive", "Ce qui relie.", "05/01/2026", "31/12/2026", "500 €", "30 000 €", "90 000 €", 20]],
        choose={"Écart": "discussion_gap"},
    ),
    "grants": OfficerWorkbook(
        "Subventions 2026",
        [
            "Association",
            "SIRET",
            "Objet",
            "Mail",
            "Tél",
            "Dispositif",
            "Du",
            "Au",
            "Budget du projet",
            "Montant demandé",
        ],
        [
            [
                "Les Ateliers du Volvestre",
                siret_of(412_000_007),
                "Un jardin partagé",
                "a@exemple.fr",
                612345678,
                "vie assoc",
                "1/3/2026",
                "1/10/2026",
                "9 000,00 €",
                4000.0,
            ],
            [
                "Ciné-club de Revel",
                int(siret_of(412_000_008)),
                "Des films",
                "",
                "06 11 22 33 44",
                "Vie associative",
                date(2026, 4, 1),
                "30 juin 2026",
                3000,
                "1 500 €",
            ],
        ],
        [["Total", "", "", "", "", "", "", "", 12000.0, 5500.0]],
    ),
    "lists": OfficerWorkbook(
        "Listes", ["Nom", "Ce que reçoivent ses abonnés"], [["Lettre d’été", "Quatre lettres par an."]]
    ),
    "messages": OfficerWorkbook(
        "Messages",
        ["Objet", "Liste", "Texte"],
        [["Cet automne", "Lettre", "Bonjour."]],
        choose={"Liste": "mailing_list"},
    ),
    "people": OfficerWorkbook(
        "Équipe",
        ["Poste", "Quotité", "Arrivée", "Départ"],
        [["Chargée de mission", "80 %", "avril 2026", ""], ["Stagiaire", 100, "01/04/2026", "09/2026"]],
        choose={"Quotité": "capacity"},
    ),
}
