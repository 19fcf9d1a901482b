"""Addresses of the reviews: the back office's, then those of the directorates' area."""

from django.urls import URLPattern, path

from consultations.reviews.views import directorate, team, thread, visas

REFERRAL = "bureau/saisines/<int:pk>"
INSTRUCTION = "instructions/avis/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(f"{REFERRAL}/instruction/", team.reviews, name="reviews"),
    path(f"{REFERRAL}/instruction/demander/", team.review_ask, name="review-ask"),
    path(f"{REFERRAL}/instruction/comparer/", team.compare, name="compare"),
    path(f"{REFERRAL}/instruction/comparer.csv", team.compare_csv, name="compare-csv"),
    path(f"{REFERRAL}/note-de-cadrage/", team.scoping_note, name="scoping-note"),
    path(f"{REFERRAL}/note-de-cadrage/composer/", team.scoping_note_generate, name="scoping-note-generate"),
    path(f"{REFERRAL}/fil/", thread.thread, name="thread"),
    path("bureau/avis/<int:pk>/", team.review, name="review"),
    team.STEPS.path("bureau/avis/<int:pk>/"),
    path(f"{INSTRUCTION}/", directorate.instruction, name="instruction"),
    path(f"{INSTRUCTION}/presence/", directorate.instruction_presence, name="instruction-presence"),
    path(f"{INSTRUCTION}/fil/", thread.instruction_inside, name="instruction-inside"),
    path(f"{INSTRUCTION}/commenter/", directorate.instruction_comment, name="instruction-comment"),
    path(f"{INSTRUCTION}/copie/", directorate.instruction_readers, name="instruction-readers"),
    path(
        f"{INSTRUCTION}/copie/<int:user_pk>/retirer/",
        directorate.instruction_reader_remove,
        name="instruction-reader-remove",
    ),
    path(f"{INSTRUCTION}/avis.docx", directorate.instruction_word, name="instruction-word"),
    path(f"{INSTRUCTION}/word/", directorate.instruction_word_in, name="instruction-word-in"),
    path(f"{INSTRUCTION}/relire/", directorate.instruction_check, name="instruction-check"),
    path(f"{INSTRUCTION}/visa/", directorate.instruction_visa, name="instruction-visa"),
    directorate.STEPS.path(f"{INSTRUCTION}/etapes/"),
    path(f"{INSTRUCTION}/fichiers/", directorate.instruction_file_add, name="instruction-file-add"),
    path(
        f"{INSTRUCTION}/fichiers/<int:file_pk>/retirer/",
        directorate.instruction_file_remove,
        name="instruction-file-remove",
    ),
    path("instructions/saisines/<int:pk>/fil/", thread.instruction_thread, name="instruction-thread"),
    path("instructions/fil/<int:pk>/retirer/", thread.thread_withdraw, name="thread-withdraw"),
    path("instructions/circuit/", visas.visa_levels, name="visa-levels"),
    path("instructions/circuit/<int:pk>/ajouter/", visas.visa_level_add, name="visa-level-add"),
    path("instructions/circuit/<int:pk>/monter/", visas.visa_level_up, name="visa-level-up"),
    path("instructions/circuit/<int:pk>/retirer/", visas.visa_level_remove, name="visa-level-remove"),
    path("instructions/delegations/", visas.delegations, name="delegations"),
    path("instructions/delegations/<int:pk>/fin/", visas.delegation_end, name="delegation-end"),
]
