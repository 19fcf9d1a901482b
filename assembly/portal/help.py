"""Pages of /aide/: one short page per role and task. A new one needs a line here and a template of that name."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class HelpPage:
    """Page of the help. `slug` names the address and the template portal/help/<slug>.html."""

    slug: str
    audience: Any
    title: Any


MEMBER, TEAM, DIRECTORATE, ALL = _("Membres"), _("Équipe de la mission"), _("Directions et élus"), _("Tout le monde")

PAGES = (
    HelpPage("se-connecter", ALL, _("Se connecter")),
    HelpPage("chercher", ALL, _("Chercher un texte, une séance, une personne")),
    HelpPage("verifier-un-document", ALL, _("Vérifier un document")),
    HelpPage("suivre-une-proposition", ALL, _("Savoir ce que devient une proposition")),
    HelpPage("demander-une-subvention", ALL, _("Demander une subvention")),
    HelpPage("repondre-a-une-convocation", MEMBER, _("Répondre à une convocation")),
    HelpPage("relire-un-compte-rendu", MEMBER, _("Relire un compte rendu et demander une correction")),
    HelpPage("proposer-un-sujet", MEMBER, _("Proposer un sujet et soutenir ceux des autres")),
    HelpPage("amender-un-avis", MEMBER, _("Amender un avis")),
    HelpPage("lire-un-dossier", MEMBER, _("Lire le dossier d’une saisine")),
    HelpPage("ecrire-un-avis", MEMBER, _("Écrire un avis avec son groupe")),
    HelpPage("mes-informations", MEMBER, _("Voir et corriger mes informations")),
    HelpPage("demander-un-remboursement", MEMBER, _("Demander le remboursement de mes frais")),
    HelpPage("sans-ordinateur", MEMBER, _("Participer sans ordinateur ni courriel")),
    HelpPage("noter-une-tache", TEAM, _("Noter une tâche ou une note, et suivre ce qui reste à faire")),
    HelpPage("convoquer-une-seance", TEAM, _("Préparer et convoquer une séance")),
    HelpPage("suivre-une-saisine", TEAM, _("Préparer, faire émettre et suivre une saisine")),
    HelpPage("conduire-un-avis", TEAM, _("Conduire un avis, du plan à la remise")),
    HelpPage("sceller-un-avis", TEAM, _("Imprimer, sceller et publier un avis")),
    HelpPage("suivre-les-reponses", TEAM, _("Suivre les réponses du Conseil départemental")),
    HelpPage("suivre-les-suites", TEAM, _("Suivre ce que deviennent les réponses")),
    HelpPage("faire-l-appel", TEAM, _("Faire l’appel et suivre le quorum")),
    HelpPage("suivre-les-absences", TEAM, _("Décider après des absences répétées")),
    HelpPage("rembourser-les-frais", TEAM, _("Contrôler les frais et les transmettre aux finances")),
    HelpPage("rediger-un-compte-rendu", TEAM, _("Rédiger, faire approuver et sceller un compte rendu")),
    HelpPage("conduire-une-auto-saisine", TEAM, _("Conduire une auto-saisine jusqu’au vote")),
    HelpPage("conduire-les-amendements", TEAM, _("Conduire les amendements jusqu’au vote")),
    HelpPage("suivre-un-envoi", TEAM, _("Suivre un envoi et imprimer les courriers")),
    HelpPage("ouvrir-un-tableau", TEAM, _("Ouvrir une liste exportée (CSV) dans un tableur")),
    HelpPage("recevoir-des-candidatures", TEAM, _("Recevoir et examiner des candidatures")),
    HelpPage("importer-des-membres", TEAM, _("Importer la liste des membres")),
    HelpPage("inviter-et-donner-un-role", TEAM, _("Inviter une personne et donner un rôle")),
    HelpPage("proteger-les-donnees", TEAM, _("Répondre à une demande sur les données personnelles")),
    HelpPage("tirer-au-sort", TEAM, _("Préparer et conduire le tirage au sort")),
    HelpPage("etat-du-service", TEAM, _("Surveiller le service et ses sauvegardes")),
    HelpPage("preparer-un-dossier", TEAM, _("Préparer le dossier documentaire et les auditions")),
    HelpPage("consulter-les-directions", TEAM, _("Consulter les directions et composer la note de cadrage")),
    HelpPage("tenir-un-registre", TEAM, _("Tenir un registre de la mission")),
    HelpPage("suivre-les-indicateurs", TEAM, _("Lire, saisir et comparer les indicateurs")),
    HelpPage("tenir-le-budget", TEAM, _("Tenir le budget, les contrats, les salles, l’équipe")),
    HelpPage("instruire-une-subvention", TEAM, _("Instruire les demandes de subvention")),
    HelpPage("suivre-partenaires-et-listes", TEAM, _("Suivre les partenaires et leur écrire")),
    HelpPage("faire-la-veille", TEAM, _("Faire la veille et composer sa lettre")),
    HelpPage("appuyer-une-direction", TEAM, _("Appuyer une direction ou une commune")),
    HelpPage("rendre-un-avis", DIRECTORATE, _("Rendre une contribution, la viser, la passer à une autre direction")),
    HelpPage("repondre-a-une-preconisation", DIRECTORATE, _("Répondre à une préconisation, viser, arbitrer, décider")),
    HelpPage("emettre-une-saisine", DIRECTORATE, _("Émettre une saisine (cabinet du président)")),
    HelpPage("noter-des-preconisations", DIRECTORATE, _("Noter les préconisations de l’assemblée")),
    HelpPage("demander-un-appui", DIRECTORATE, _("Demander un appui à la mission")),
    HelpPage("premiers-pas-direction", DIRECTORATE, _("Premiers pas pour les directions et les élus")),
)
BY_SLUG = {page.slug: page for page in PAGES}
