"""What officers write above a column: one table for all lists. Each line holds headers that may mean the same."""

from assembly.imports.cells import folded_text

MINOR_TOKENS = set("a n au aux d de des du en et l la le les n no nos o par pour sa sur un une".split())
UNITS = set("date eur euro euros ht ttc".split())  # « Date de début », « Plafond (€ TTC) »
SAME = (
    ("nom", "intitulé", "libellé", "désignation", "objet", "titre", "action", "sujet", "poste", "opération"),
    ("nom", "association", "dénomination", "raison sociale", "structure", "organisme", "partenaire", "organisation"),
    ("association", "nom de l’association", "bénéficiaire", "porteur", "porteur du projet", "demandeur"),
    ("projet", "objet", "action", "intitulé", "intitulé du projet", "objet de la demande"),
    ("nom", "nom de famille", "nom d’usage", "nom de naissance"),
    ("prénom", "prénoms"),
    ("référence", "réf", "dossier", "n° de dossier", "numéro"),
    ("courriel", "mail", "e-mail", "email", "adresse mail", "adresse électronique", "adresse courriel", "mél"),
    ("téléphone", "tél", "tel", "portable", "mobile", "n° de téléphone", "téléphone portable", "tél fixe", "gsm"),
    ("numéro SIRET", "siret", "n° siret", "siret siren"),
    ("numéro RNA", "rna", "n° rna", "w"),
    ("direction", "service", "pôle", "direction concernée", "service demandeur", "direction pilote"),
    ("montant demandé", "montant sollicité", "subvention demandée", "aide demandée", "demande"),
    ("coût du projet", "budget du projet", "coût total", "budget total", "coût", "budget prévisionnel"),
    ("montant", "prix", "coût", "dépense", "somme", "total"),
    ("prévu", "budget", "budget prévu", "montant prévu", "crédits", "bp", "crédits votés", "enveloppe"),
    ("plafond", "montant maximum", "montant max", "maximum", "montant plafond", "montant"),
    ("début", "du", "à partir du", "démarrage", "commence le", "départ", "premier jour", "début du projet", "arrivée"),
    ("fin", "au", "jusqu’au", "terme", "expire le", "retour", "dernier jour", "fin du projet", "départ"),
    ("début", "heure de début", "de", "horaire de début", "arrivée"),
    ("fin", "heure de fin", "à", "horaire de fin"),
    ("échéance", "date limite", "à faire avant", "rappel", "délai", "échéance de reconduction"),
    ("titulaire", "prestataire", "fournisseur", "attributaire", "entreprise"),
    ("titulaire hors registre", "prestataire", "fournisseur", "entreprise", "titulaire"),
    ("contrat", "marché", "marché public", "convention"),
    ("opération du budget", "opération", "ligne budgétaire", "budget"),
    ("nature", "type", "catégorie", "forme", "famille", "domaine"),
    ("lieu", "endroit", "adresse", "site", "localisation"),
    ("destination", "lieu", "ville", "où"),
    ("salle ou matériel", "salle", "ressource", "matériel", "lieu", "véhicule"),
    ("notes", "observations", "observation", "commentaire", "commentaires", "remarques", "remarque", "note", "divers"),
    ("suivi par", "responsable", "référent", "référente", "chargé de dossier", "en charge", "agent", "qui"),
    ("canton", "canton de rattachement"),
    ("commune", "ville", "localité"),
    ("code postal", "cp"),
    ("adresse", "adresse postale", "rue", "voie"),
    ("année", "exercice", "millésime", "an"),
    ("places", "capacité", "nombre de places", "jauge", "nb de places"),
    ("thèmes", "thème", "thématique", "thématiques", "sujets", "mots clés", "domaines"),
    ("site", "site web", "site internet", "url", "page web", "adresse web"),
    ("lien", "url", "adresse web", "site", "source"),
    ("adresse", "url", "lien", "adresse du flux", "site"),
    ("fonction", "qualité", "rôle", "titre", "poste"),
    ("moyen de transport", "transport", "mode", "moyen", "mode de transport"),
    ("personne à joindre", "contact", "interlocuteur", "interlocutrice", "correspondant"),
    ("reçue le", "date de réception", "date de dépôt", "arrivée le", "reçu le", "date"),
    ("date", "jour", "le", "jour de la rencontre"),
    ("résumé", "description", "contenu", "synthèse", "résumé court"),
    ("besoin", "demande", "description", "ce qui est demandé"),
    ("ce qui s’est dit", "compte rendu", "échange", "résumé", "contenu"),
    ("forme", "type", "canal", "moyen"),
    ("accessible en fauteuil", "pmr", "accès pmr", "accessible pmr", "accessibilité"),
    ("gardien ou accueil", "gardien", "accueil", "régisseur"),
    ("sigle", "acronyme", "abréviation"),
    ("territoire", "secteur", "zone", "périmètre"),
    ("commandée le", "date de commande", "date", "commande du"),
    ("livraison attendue le", "date de livraison", "livraison", "livraison prévue"),
    ("publiée le", "date de publication", "parution", "date"),
    ("en vigueur le", "date d’effet", "entrée en vigueur", "signé le", "date"),
    ("date de naissance", "né le", "née le", "naissance", "ddn"),
    ("profession", "csp", "métier", "catégorie socioprofessionnelle"),
    ("genre", "sexe"),
    ("civilité", "civ", "m/mme"),
    ("trajet en voiture, kilomètres", "km", "kilomètres", "kilométrage", "distance", "nombre de km", "nb km"),
    ("repas, repas", "nombre de repas", "nb repas", "nb de repas"),
    ("repas, payé", "repas", "montant repas", "prix du repas", "frais de repas", "restaurant"),
    ("billet ou titre de transport, payé", "train", "bus", "transport", "billet", "billet de train"),
    ("garde d’enfants ou d’un proche, payé", "garde", "garde d’enfants", "frais de garde"),
    ("nuit d’hôtel, payé", "hôtel", "hébergement", "nuitée", "prix de l’hôtel"),
    ("justificatifs vus", "vu", "vus", "justificatifs", "pièces", "pièces vues"),
)  # fmt: skip


def header_tokens(header: str) -> tuple[str, ...]:
    """Return what tells a header from others: in the singular, without units and small words, unless it is one."""
    tokens = folded_text(header).split()
    specific = [token for token in tokens if token not in MINOR_TOKENS and token not in UNITS] or tokens
    return tuple(token[:-1] if len(token) > 3 and token[-1] in "sx" else token for token in specific)


GROUPS = [{header_tokens(header) for header in group} for group in SAME]


def are_synonyms(header: tuple[str, ...], title: tuple[str, ...]) -> bool:
    return any(header in group and title in group for group in GROUPS)
