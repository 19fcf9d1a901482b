"""Schedulers that are late by hand: `python -m tests.consultations.digest.late_scheduler <start> <hours> <late>…`.

One process for each `late`, in seconds; they are forked from one, which has read the product's code for
all, and write how often each sent its task. The schedule is the product’s own (the entry of the desk alone), the
scheduler is Celery's; a task runs in its process, since no worker stands behind a test. Only this launcher knows how
to move the clock: the product does not.
"""

import os
import sys
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings_test")
DAYS = 3


def load() -> Any:
    """Load the product with the desk's job alone; open no connection, so that processes can be forked."""
    django.setup()
    from assembly.config.celery import app

    app.loader.import_default_modules()
    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True
    app.conf.beat_schedule = {"desk": app.conf.beat_schedule["desk"]}
    return app


def run(app: Any, start: datetime, step: timedelta, ticks: Any) -> None:
    """Run three days step by step, with the delays of this process."""
    from celery.beat import Scheduler

    with time_machine.travel(start, tick=False) as clock:
        scheduler = Scheduler(app=app, lazy=True)
        scheduler.setup_schedule()
        scheduler.merge_inplace(app.conf.beat_schedule)
        done = 0
        for _ in range(int(timedelta(days=DAYS) / step)):
            clock.shift(step)
            before = scheduler.schedule["desk"].total_run_count
            scheduler._heap = None
            scheduler.tick()
            done += scheduler.schedule["desk"].total_run_count - before
    ticks.put(done)


def main(start: datetime, step: timedelta, shifts: list[timedelta]) -> None:
    app, fork = load(), get_context("fork")
    ticks = fork.SimpleQueue()
    born = [fork.Process(target=run, args=(app, start + shift, step, ticks)) for shift in shifts]
    for process in born:
        process.start()
    for process in born:
        process.join()
    if any(process.exitcode for process in born):
        sys.exit("A scheduler failed.")
    sys.stdout.write(" ".join(str(ticks.get()) for _ in born))


if __name__ == "__main__":
    main(
        datetime.fromisoformat(sys.argv[1]),
        timedelta(hours=int(sys.argv[2])),
        [timedelta(seconds=int(shift)) for shift in sys.argv[3:]],
    )
