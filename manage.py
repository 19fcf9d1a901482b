#!/usr/bin/env python
"""Entry point. Without DATABASE_URL it speaks to the engines that ./run started in .local/."""

import os
import sys

from assembly.local.addresses import NO_CONNECTION, NOT_RUNNING, engines_answer, use_local_engines


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")
    use_local_engines(os.environ)
    # One thread that may ask long questions: a pool, and the short patience of pages, are for the web processes.
    os.environ["DATABASE_POOL"] = "0"
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- settings come first
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- settings come first
    from django.db import OperationalError, connection  # noqa: PLC0415 -- settings come first

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OperationalError as error:
        if not engines_answer(os.environ):
            sys.exit(NOT_RUNNING)
        if connection.connection is not None:
            raise
        sys.exit(NO_CONNECTION.format(error=" ".join(str(error).split())))


if __name__ == "__main__":
    main()
