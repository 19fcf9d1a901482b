"""A worker in a process of its own, for tests that kill it: makes one rendition, saying when each step begins."""

import os
import sys

import django

django.setup()

from assembly.documents import registry  # noqa: E402 -- after setup
from assembly.documents.models import Rendition  # noqa: E402 -- after setup
from assembly.documents.tasks import render  # noqa: E402 -- after setup
from tests.assembly.documents.kinds import TermSheet  # noqa: E402 -- after setup

if __name__ == "__main__":
    registry.add_documents(TermSheet)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    render(Rendition.objects.get(pk=int(sys.argv[1])).pk)
    os._exit(0)
