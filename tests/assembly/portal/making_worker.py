"""A worker in a process of its own, for a test that kills it while it makes a backup."""

import sys

import django

django.setup()

from assembly.portal.tasks import make_backup  # noqa: E402 -- after setup

if __name__ == "__main__":
    make_backup(int(sys.argv[1]))
