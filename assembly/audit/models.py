"""Models of the journal: append-only entries, linked in a hash chain at commit by a database trigger.

The hashed text is `Entry.canonical`, stored as it was hashed. It holds no personal data: the actor is a pseudonym
(`identity` stores the names) and free text is in `EntryDetail`, of which the chain has only a salted digest, so that
erasing a detail or a name leaves the chain intact (domain.md H1).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.speed.queries import ScreenQuerySet


class Entry(models.Model):
    """Fact: who did what to what, when. Written once by `actions.record`, never changed."""

    at = models.DateTimeField(_("moment"))
    event_type = models.CharField(_("verbe"), max_length=80)
    actor = models.UUIDField(_("auteur"), null=True, help_text=_("Pseudonyme ; vide pour le système."))
    on_behalf_of = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    dossier_type = models.CharField(max_length=80, blank=True)
    dossier_id = models.CharField(max_length=40, blank=True)
    term_id = models.BigIntegerField(null=True)
    assembly_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    canonical = models.TextField()

    objects = ScreenQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_entry_subject"),
            models.Index(fields=["dossier_type", "dossier_id", "-id"], name="audit_entry_dossier"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["event_type", "-id"], name="audit_entry_event_type"),
            models.Index(fields=["term_id", "-id"], name="audit_entry_term"),
            models.Index(fields=["assembly_id", "-id"], name="audit_entry_assembly"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.subject_type} {self.subject_id}"


class EntryDetail(models.Model):
    """Free text of an entry (a reason, a former value). It may be erased; the chain retains its digest."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="detail", primary_key=True)
    nonce = models.CharField(max_length=32)
    text = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"


class Link(models.Model):
    """Link of the chain, written by the trigger at commit: hash = sha256(previous hash || canonical text)."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class Head(models.Model):
    """Published head of the chain: a third party that stored it can detect a cut tail."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-published_at"], name="audit_head_latest")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
