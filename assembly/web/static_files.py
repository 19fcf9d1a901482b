"""Static files under ASGI, read whole: Django would read a synchronous stream to its end anyway (and warn)."""

from contextlib import closing
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise that returns the bytes of the file instead of a stream. Our largest file is a script of 200 KB."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        file_response: Any = static_file.get_response(request.method, request.META)
        body = b""
        if file_response.file is not None:
            with closing(file_response.file):
                body = file_response.file.read()
        response = HttpResponse(body, status=int(file_response.status))
        del response["content-type"]
        for name, value in file_response.headers:
            response[name] = value
        return response
