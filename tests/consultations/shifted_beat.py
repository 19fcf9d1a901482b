"""One beat process whose clock is moved by hand: `python -m tests.consultations.shifted_beat <start> <seconds>`.

The schedule is the product's own (only the entry of the desk is kept), the scheduler is Celery's; a task runs in this
process, since no worker stands behind a test. Only this launcher knows how to move the clock: the product does not.
"""

import os
import sys
from datetime import datetime, timedelta

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings_test")
STEP, DAYS = timedelta(hours=1), 3


def run(start: datetime, shift: timedelta) -> None:
    """Three days, an hour at a time, with this process's own way of being late."""
    django.setup()
    from celery.beat import Scheduler

    from assembly.config.celery import app

    app.loader.import_default_modules()
    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True
    app.conf.beat_schedule = {"desk": app.conf.beat_schedule["desk"]}
    with time_machine.travel(start + shift, tick=False) as clock:
        scheduler = Scheduler(app=app, lazy=True)
        scheduler.setup_schedule()
        scheduler.merge_inplace(app.conf.beat_schedule)
        done = 0
        for _ in range(int(timedelta(days=DAYS) / STEP)):
            clock.shift(STEP)
            before = scheduler.schedule["desk"].total_run_count
            scheduler._heap = None
            scheduler.tick()
            done += scheduler.schedule["desk"].total_run_count - before
    sys.stdout.write(f"{done}\n")


if __name__ == "__main__":
    run(datetime.fromisoformat(sys.argv[1]), timedelta(seconds=int(sys.argv[2])))
