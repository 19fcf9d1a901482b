"""The child process that renders, started by `render`: no settings, no secret, no database.

It caches fonts and style sheets. Memory is capped for its whole life, processor time for each document: a bomb ends
this process and nothing else, and the next document gets a new one. (Forking for each document deadlocks: Pango runs
threads.)
"""

import gc
import os
import resource
import sys
from typing import IO

from assembly.documents.pdf import wire
from assembly.documents.pdf.engine import Engine, RefusedAddress
from assembly.files import child_process

MEMORY = 1_536 * 1024 * 1024
CPU_SECONDS = 60


def limit_memory() -> None:
    """Cap the memory of this process, which ends when its parent's end of the pipe closes.

    (PR_SET_PDEATHSIG would kill it when the *thread* that started it ends: a web request has its own.)
    """
    child_process.limit(MEMORY)


def limit_time() -> None:
    """Give the next document its own seconds of processor, counted from now."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + 1 + CPU_SECONDS, resource.RLIM_INFINITY))


def reply_to(engine: Engine, message: bytes) -> bytes:
    """Return the file, or the reason why there is none."""
    try:
        return wire.DONE + engine.render(wire.source_from_json(message))
    except RefusedAddress as error:
        reason = f"refused {error}"
    except MemoryError:
        reason = "memory"
    except RecursionError:
        reason = "depth"
    except BaseException as error:  # FatalURLFetchingError derives from BaseException.
        reason = f"error {type(error).__name__}: {error}"
    return wire.FAILED + reason.encode()


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer sources one after the other until the pipe closes."""
    engine = Engine()
    gc.collect()
    gc.freeze()  # Modules, fonts and sheets stay for the whole life: a collection reads the document alone.
    while True:
        try:
            message = wire.receive_message(requests)
        except EOFError:
            return
        limit_time()
        wire.send_message(replies, reply_to(engine, message))


if __name__ == "__main__":
    limit_memory()
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, pipe)
