"""Columns of a file of members: the headers that people write, and what a cell may contain."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import ContactChannel
from assembly.identity.names import check_person_name
from assembly.imports.plan import MIDNIGHT, ImportColumn, InvalidCell, choice_of, folded_text, text_cell
from members.enums import Civility, Gender, NeedKind

NAME = re.compile(r"[^\W\d_][\w .'’\-]*")
SEAT = re.compile(r"[FMX][1-9]\d?")


def name(text: str) -> str:
    if not text:
        raise InvalidCell(_("Cette case est vide."))
    if len(text) > 80:
        raise InvalidCell(_("Ce nom est trop long."))
    if not NAME.fullmatch(text):
        raise InvalidCell(_("Ce nom contient des signes inattendus."))
    try:
        check_person_name(text)
    except ValidationError as refused:
        raise InvalidCell(refused.message) from refused
    return text


def civility(text: str) -> str:
    known = {"": "", "mme": Civility.MADAM, "madame": Civility.MADAM, "m": Civility.SIR, "monsieur": Civility.SIR}
    return choice_of(known, text, _("Écrivez Mme ou M."))


def gender(text: str) -> str:
    known = {"f": Gender.FEMALE, "femme": Gender.FEMALE, "m": Gender.MALE, "h": Gender.MALE, "homme": Gender.MALE}
    known |= {"x": Gender.OTHER, "autre": Gender.OTHER, "non precise": Gender.OTHER}
    return choice_of(known, text, _("Écrivez F, M ou X."))


def channel(text: str) -> str:
    known = {"": ""} | dict.fromkeys(("courriel", "email", "e mail", "mail", "par courriel"), ContactChannel.EMAIL)
    known |= dict.fromkeys(
        ("courrier", "papier", "postal", "poste", "courrier postal", "par courrier postal"), ContactChannel.PAPER
    )
    return choice_of(known, text, _("Écrivez « courriel » ou « courrier »."))


def year(text: str) -> int | None:
    if not text:
        return None
    match = re.fullmatch(r"(?:\d{1,2}/\d{1,2}/)?(\d{4})", MIDNIGHT.sub("", text))
    if not match or not 1900 <= int(match[1]) <= date.today().year - 15:  # noqa: DTZ011 -- a year of birth has no time zone
        raise InvalidCell(_("Écrivez une année de naissance en quatre chiffres, par exemple 1968."))
    return int(match[1])


def email_cell(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise InvalidCell(_("Cette adresse électronique n’est pas complète.")) from None
    return text.lower()


def phone(text: str) -> str:
    digits = re.sub(r"[ .()\-]", "", text)
    if not digits:
        return ""
    if not re.fullmatch(r"\+?\d{9,15}", digits):
        raise InvalidCell(_("Ce numéro de téléphone n’est pas complet."))
    if len(digits) == 9 and not digits.startswith(("+", "0")):
        digits = f"0{digits}"  # A spreadsheet read the phone number as a number and dropped its zero.
    return " ".join(re.findall("..", digits)) if len(digits) == 10 else digits


def postcode(text: str) -> str:
    text = text.replace(" ", "")
    if text and re.fullmatch(r"\d{4}", text):
        text = f"0{text}"
    if text and not re.fullmatch(r"\d{5}", text):
        raise InvalidCell(_("Écrivez cinq chiffres, par exemple 31000."))
    return text


def seat_cell(text: str) -> str:
    """Return F1, M2…; « S » for an alternate; empty for the first vacant seat."""
    code = folded_text(text).replace(" ", "").upper()
    if code in ("", "S") or code.startswith("SUPPL"):
        return "S" if code else ""
    if not SEAT.fullmatch(code):
        raise InvalidCell(_("Écrivez F1, F2, M1, M2, ou « S » pour une suppléance."))
    return code


NEED_TERMS: dict[str, NeedKind] = {
    "lsf": NeedKind.SIGN_LANGUAGE,
    "langue des signes": NeedKind.SIGN_LANGUAGE,
    "sans marche": NeedKind.STEP_FREE,
    "fauteuil": NeedKind.STEP_FREE,
    "plain pied": NeedKind.STEP_FREE,
    "boucle": NeedKind.HEARING_LOOP,
    "transcription": NeedKind.HEARING_LOOP,
    "gros caracteres": NeedKind.LARGE_PRINT,
    "falc": NeedKind.EASY_READ,
    "facile a lire": NeedKind.EASY_READ,
    "garde d enfant": NeedKind.CHILDCARE,
    "transport": NeedKind.TRANSPORT,
    "accompagn": NeedKind.COMPANION,
    "repas": NeedKind.MEAL,
}


def needs(text: str) -> list[list[str]]:
    """Return measures split at `|`; « autre : … » retains its text. Refuse an unknown one: it may name an illness."""
    measures = []
    for part in filter(None, (piece.strip() for piece in text.split("|"))):
        if folded_text(part).startswith("autre"):
            measures.append([str(NeedKind.OTHER), text_cell(200)(part.partition(":")[2].strip())])
            continue
        kind = next((kind for word, kind in NEED_TERMS.items() if word in folded_text(part)), None)
        if kind is None:
            raise InvalidCell(
                _("Mesure inconnue. Écrivez une mesure du modèle (LSF, garde d’enfants…), jamais un diagnostic.")
            )
        measures.append([str(kind), part.partition(":")[2].strip()[:200]])
    return measures


def committees(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in text.split("|")) if piece]


COLUMNS = (
    ImportColumn("civility", gettext_lazy("civilité"), ("civilite", "titre"), civility),
    ImportColumn("first_name", gettext_lazy("prénom"), ("prenom",), name, required=True),
    ImportColumn("last_name", gettext_lazy("nom"), ("nom", "nom de famille", "nom d usage"), name, required=True),
    ImportColumn("gender", gettext_lazy("genre"), ("genre", "sexe"), gender, required=True),
    ImportColumn("birth_year", gettext_lazy("année de naissance"), ("annee de naissance", "annee", "naissance"), year),
    ImportColumn("canton", gettext_lazy("canton"), ("canton",), text_cell(80), required=True),
    ImportColumn("city", gettext_lazy("commune"), ("commune", "ville"), text_cell(80)),
    ImportColumn("address", gettext_lazy("adresse"), ("adresse", "adresse postale", "rue"), text_cell(300)),
    ImportColumn("postcode", gettext_lazy("code postal"), ("code postal", "cp"), postcode),
    ImportColumn(
        "email", gettext_lazy("courriel"), ("courriel", "email", "e mail", "mail", "adresse electronique"), email_cell
    ),
    ImportColumn("phone", gettext_lazy("téléphone"), ("telephone", "tel", "portable", "mobile"), phone),
    ImportColumn("channel", gettext_lazy("canal"), ("canal", "moyen de contact", "contact"), channel),
    ImportColumn("seat", gettext_lazy("siège"), ("siege",), seat_cell),
    ImportColumn("needs", gettext_lazy("besoins"), ("besoins", "mesures", "mesures a prevoir"), needs),
    ImportColumn("committees", gettext_lazy("groupe"), ("groupe", "groupes", "commission", "commissions"), committees),
)
EXAMPLE = (
    "Mme", "Amina", "Diallo", "F", "1968", "Auterive", "Auterive", "3 rue du Moulin", "31190",
    "amina.diallo@example.org", "06 39 98 00 00", "courriel", "F1", "garde d’enfants : deux enfants", "",
)  # fmt: skip
