"""A process that may write only where it is told, as in a container of docker-compose.yml without its image.

A mount namespace of its own where every mount is read-only, the declared volumes writable, each declared tmpfs fresh;
no capability, no new privilege; as the image's user when the tests run as root, else as whoever runs them.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

IMAGE_USER = "10001"
# Every container gets a /dev/shm of its own, read_only or not.
ALWAYS_TMPFS = ("/dev/shm",)
SCRIPT = """
set -e
mount --make-rprivate /
cut -d' ' -f5 /proc/self/mountinfo | sort -u | while read -r point; do
    mount -o remount,bind,ro "$point" 2>/dev/null || true
done
for folder in $WRITABLE; do mount --bind "$folder" "$folder"; mount -o remount,bind,rw "$folder"; done
for folder in $FRESH; do mount -t tmpfs -o mode=1777 tmpfs "$folder"; done
unset WRITABLE FRESH
cd "$1"; shift
exec setpriv $IDENTITY --bounding-set=-all --inh-caps=-all --no-new-privs --pdeathsig=TERM -- "$@"
"""


def _prefix() -> list[str]:
    return ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


def is_possible() -> bool:
    """Tell whether this machine lets us make mount namespaces."""
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    trial = [*_prefix(), "mount", "--make-rprivate", "/"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def give(folder: Path) -> None:
    """Give a volume to the image's user, as the image does."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, int(IMAGE_USER), int(IMAGE_USER))


def command(words: Sequence[str], cwd: Path, *, volumes: Sequence[Path], tmpfs: Sequence[str]) -> list[str]:
    """Return the command that runs `words` confined; paths hold no space."""
    root = os.geteuid() == 0
    identity = f"--reuid={IMAGE_USER} --regid={IMAGE_USER} --clear-groups" if root else ""
    given = {
        "WRITABLE": " ".join(map(str, volumes)),
        "FRESH": " ".join((*ALWAYS_TMPFS, *tmpfs)),
        "IDENTITY": identity,
    }
    environ = [f"{name}={value}" for name, value in given.items()]
    return [*_prefix(), "env", *environ, "sh", "-c", SCRIPT, "confined", str(cwd), *words]
