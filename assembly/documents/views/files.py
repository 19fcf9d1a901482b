"""Files from people: visible to those to whom an app grants them, saved and never shown by the browser."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from assembly.documents import rules
from assembly.documents.models import Upload
from assembly.documents.views.responses import bytes_response
from assembly.web import errors


@login_not_required
@require_safe
def upload_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    upload = get_object_or_404(Upload.objects.select_related("blob"), public_id=public_id)
    if rules.can_await_upload(request.user, upload):
        return errors.page(request, 503, "documents/upload_waiting.html")
    if not rules.can_read_upload(request.user, upload):
        raise Http404
    return bytes_response(request, upload.blob.open(), name=upload.name, media_type=upload.blob.media_type)
