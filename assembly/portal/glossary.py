"""Glossary of the assembly, in plain French (domain.md A), shown at /glossaire/."""

from django.utils.translation import gettext_lazy as _

GLOSSARY = (
    (
        "assemblee",
        _("Assemblée citoyenne"),
        _("Des habitantes et habitants tirés au sort qui donnent leur avis au Conseil départemental, lequel est élu."),
    ),
    ("amendement", _("Amendement"), _("Une proposition pour changer un passage d’un texte avant le vote.")),
    (
        "avis",
        _("Avis"),
        _("Le texte que l’Assemblée adopte en réponse à une question. Il contient des préconisations."),
    ),
    ("canton", _("Canton"), _("Une partie du département. La Haute-Garonne en a 27.")),
    ("compte-rendu", _("Compte rendu"), _("Le résumé de ce qui s’est dit et décidé pendant une séance.")),
    (
        "contribution",
        _("Contribution d’une direction"),
        _("Ce qu’un service du Département répond, avec le visa de qui le dirige, avant que l’Assemblée travaille."),
    ),
    (
        "convocation",
        _("Convocation"),
        _("La lettre ou le courriel qui dit quand et où se tient une séance, et ce qu’on y fera."),
    ),
    (
        "depot",
        _("Dépôt"),
        _("Le jour où un texte est montré à tous les membres. Il peut alors être amendé, et n’est plus réécrit."),
    ),
    ("direction", _("Direction"), _("Un service du Département, par exemple la direction des Routes.")),
    ("emargement", _("Émargement"), _("La feuille que chacun signe pour prouver sa présence.")),
    (
        "alinea",
        _("Alinéa"),
        _("Un paragraphe, un titre ou une ligne de liste. Chacun a un numéro dans un texte déposé."),
    ),
    ("fige", _("Figé"), _("Se dit d’un texte auquel on ne change plus rien avant le vote.")),
    ("liasse", _("Liasse"), _("La liste imprimée des amendements, dans l’ordre où ils seront votés.")),
    ("mandat", _("Mandat"), _("Le temps pendant lequel une personne tirée au sort siège à l’Assemblée.")),
    ("mandature", _("Mandature"), _("La durée de vie d’une Assemblée, du tirage au sort à la clôture.")),
    ("ordre-du-jour", _("Ordre du jour"), _("La liste des points dont on parle pendant une séance, dans l’ordre.")),
    ("pleniere", _("Séance plénière"), _("Une réunion de tous les membres.")),
    (
        "porte-parole",
        _("Porte-parole"),
        _("Une ou un membre tiré au sort pour présenter l’avis de l’Assemblée aux élus."),
    ),
    (
        "position-minoritaire",
        _("Position minoritaire"),
        _("Ce que des membres qui ne partagent pas un avis écrivent pour le dire. Elle est imprimée avec l’avis."),
    ),
    (
        "position-du-president",
        _("Position du président"),
        _("Ce que le président du Conseil départemental dit d’une auto-saisine avant que l’Assemblée la vote."),
    ),
    (
        "preconisation",
        _("Préconisation"),
        _("Une proposition précise faite au Conseil départemental. Chacune reçoit une réponse."),
    ),
    (
        "proces-verbal",
        _("Procès-verbal"),
        _("Le compte rendu officiel d’une plénière. Il est approuvé à la séance suivante, puis scellé."),
    ),
    ("quorum", _("Quorum"), _("Le nombre de membres qui doivent être présents pour que l’Assemblée puisse décider.")),
    (
        "rapporteur",
        _("Rapporteure, rapporteur"),
        _("La personne qui présente un texte et dit ce qu’elle pense des amendements."),
    ),
    ("saisine", _("Saisine"), _("La question que le président du Conseil départemental pose à l’Assemblée.")),
    ("auto-saisine", _("Auto-saisine"), _("Une question que l’Assemblée choisit elle-même.")),
    (
        "sans-objection",
        _("Sans objection"),
        _("Une façon de décider sans voter : on demande si quelqu’un s’y oppose, et pourquoi."),
    ),
    ("sceller", _("Sceller"), _("Poser sur un document un cachet électronique : s’il change ensuite, cela se voit.")),
    ("scrutin", _("Scrutin"), _("Un vote. On peut voter pour, contre, s’abstenir ou ne pas se prononcer.")),
    (
        "sous-amendement",
        _("Sous-amendement"),
        _("Une proposition pour changer un amendement. Elle se vote avant lui."),
    ),
    ("suppleant", _("Suppléante, suppléant"), _("Une personne tirée au sort qui remplace un membre qui s’en va.")),
)
