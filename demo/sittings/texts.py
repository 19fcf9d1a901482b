"""Agendas and summaries of the demonstration: a real subject (S-2025-01, « Bien vieillir »), invented debates."""

from typing import Final

QUESTION: Final = "Comment vieillir en Haute-Garonne dans des conditions choisies et adaptées aux personnes ?"

INSTALLATION: Final = (
    ("Ouverture par le président du Conseil départemental", "opening", 30),
    ("Missions et méthode de travail", "information", 60),
    ("La question posée : bien vieillir", "discussion", 90),
    ("Questions au président", "discussion", 45),
    ("Calendrier et groupes", "information", 30),
)
INSTALLATION_TEXT: Final = (
    "<p>Le président du Conseil départemental accueille les membres tirés au sort le 15 septembre 2025.</p>",
    "<p>La mission présente les étapes : apprendre, écrire, voter, remettre.</p>",
    f"<p>La question est lue : « {QUESTION} »</p>",
    "<p>Plusieurs membres demandent ce que deviendront leurs préconisations. Le président s’engage à répondre à "
    "chacune, avec un motif.</p>",
    "<p>Six groupes sont proposés. Chacun choisit le sien avant le 15 décembre.</p>",
)

LEARNING: Final = (
    ("Ouverture", "opening", 15),
    ("Vieillir en Haute-Garonne : les chiffres", "information", 60),
    ("Auditions de trois experts", "discussion", 120),
    ("Règles de travail des groupes", "vote", 30),
    ("Questions diverses", "other", 15),
)
LEARNING_TEXT: Final = (
    "<p>La séance est ouverte par Odile Labatut, vice-présidente chargée du Dialogue citoyen.</p>",
    "<p>La direction de l’Autonomie présente la situation :</p><ul><li>22 % des habitants ont plus de 60 ans ;</li>"
    "<li>trois cantons de montagne dépassent 35 % ;</li><li>la moitié des aides à domicile partent avant cinq ans."
    "</li></ul>",
    "<p>Trois personnes sont entendues : une gériatre, un bailleur social, une association d’aidants. Les échanges "
    "portent sur le reste à charge et sur les trajets.</p>",
    "<p>La règle proposée : un texte de groupe n’avance que si personne n’a d’objection expliquée.</p>",
    "<p>Des membres demandent un covoiturage pour les séances.</p>",
)

MIDTERM: Final = (
    ("Ouverture", "opening", 15),
    ("Le schéma Autonomie", "information", 45),
    ("Restitution des six groupes", "discussion", 120),
    ("Adoption du carnet de mi-parcours", "vote", 40),
    ("De l’idée à la préconisation", "discussion", 60),
    ("Questions diverses", "other", 15),
)
MIDTERM_TEXT: Final = (
    "<p>La séance est ouverte à l’heure dite.</p>",
    "<p>Le schéma Autonomie sera voté en novembre 2026. L’avis de l’Assemblée doit donc être remis avant l’été.</p>",
    "<p>Chaque groupe présente ses idées en dix minutes. Le groupe « Habiter » propose l’habitat partagé et la "
    "colocation entre générations.</p>",
    "<p>Le rapporteur présente le carnet : 34 idées, réparties entre six groupes. Trois questions reviennent dans la "
    "salle :</p><ul><li>le reste à charge des familles ;</li><li>la place des aidants ;</li><li>les cantons de "
    "montagne, où les trajets dépassent une heure.</li></ul>",
    "<p>Un atelier montre comment une idée devient une préconisation : qui décide, avec quels moyens, comment on "
    "saura si cela marche.</p>",
    "<p>La séance de juin commencera à 9 h 30.</p>",
)

ADOPTION: Final = (
    ("Ouverture", "opening", 15),
    ("Lecture du projet d’avis « Bien vieillir »", "information", 60),
    ("Débat et amendements", "discussion", 150),
    ("Vote de l’avis", "vote", 45),
    ("Désignation des porte-parole", "other", 20),
)
ADOPTION_TEXT: Final = (
    "<p>La séance est ouverte par Odile Labatut.</p>",
    "<p>Le projet compte dix préconisations, de l’adaptation du logement au transport solidaire.</p>",
    "<p>Quatre amendements avaient été déposés. L’un est retiré, un autre adopté, un troisième tombe avec lui, le "
    "dernier est rejeté. Le débat porte surtout sur le répit des aidants.</p>",
    "<p>L’avis est mis aux voix dans son ensemble.</p>",
    "<p>Six porte-parole sont tirés au sort pour présenter l’avis aux conseillers.</p>",
)

AUTUMN: Final = (
    ("Ouverture", "opening", 15),
    ("Premières réponses du Conseil départemental", "information", 75),
    ("Choix d’un sujet par l’Assemblée", "vote", 60),
    ("Organisation de la fin de la mandature", "discussion", 45),
    ("Questions diverses", "other", 15),
)
AUTUMN_TEXT: Final = (
    "<p>La vice-présidente rappelle que cette seconde réunion se tient sans condition de quorum, celle du "
    "12 septembre n’ayant pas réuni assez de membres.</p>",
    "<p>Le Conseil a répondu à quatre préconisations sur dix. Le guichet unique sera essayé dans trois Maisons de "
    "proximité dès janvier.</p>",
    "<p>Deux sujets sont en présence : l’accès aux soins dans les cantons ruraux, et l’eau. Le premier est retenu, "
    "le Conseil ayant donné son avis.</p>",
    "<p>Les membres souhaitent une séance de plus à Saint-Gaudens.</p>",
    "<p>Un membre remercie l’équipe pour la navette.</p>",
)

NEXT: Final = (
    ("Ouverture", "opening", 15),
    ("Réponse du Conseil sur les préconisations 5 à 10", "information", 60),
    ("Accès aux soins : ce que nous savons", "information", 60),
    ("Accès aux soins : premières questions", "discussion", 90),
    ("Questions diverses", "other", 15),
)
EVENING: Final = (("Ouverture", "opening", 5), ("Avancement du groupe", "discussion", 60), ("Suite", "other", 20))
EVENING_TEXT: Final = (
    "<p>Le groupe se retrouve à l’heure.</p>",
    "<p>Le groupe relit ses propositions une par une et garde les plus précises.</p>",
    "<p>La prochaine réunion portera sur la manière de savoir si cela marche.</p>",
)
STEERING: Final = (("Avancement", "information", 30), ("Moyens et calendrier", "vote", 40), ("Divers", "other", 10))
STEERING_TEXT: Final = (
    "<p>La mission présente l’avancement des six groupes.</p>",
    "<p>Le comité retient une séance à Saint-Gaudens et une navette depuis Luchon.</p>",
    "<p>Le prochain comité se tient trois semaines avant la plénière.</p>",
)
