"""What the tests of « Vérifier un document » send and look at."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly.documents.models import Check, Revision


def sealed():
    return Revision.objects.filter(purpose="seal").order_by("number")


def send(client, content):
    return client.post("/verifier/", {"file": SimpleUploadedFile("recu.pdf", content)}, follow=True)


def by_hash(client, sha256):
    return client.get(f"/verifier/?empreinte={sha256}").content.decode()


def incoming(settings):
    folder = settings.BLOB_DIR / ".incoming"
    return list(folder.iterdir()) if folder.exists() else []


def age(minutes):
    Check.objects.update(sent_at=timezone.now() - timedelta(minutes=minutes))
