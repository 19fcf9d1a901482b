"""The quota of one connection, far above what a person types."""

import time

FRAMES_A_SECOND, FRAMES_AT_ONCE = 40.0, 300.0
BYTES_A_SECOND, BYTES_AT_ONCE = 100_000.0, 6_000_000.0
MOST_FRAME_BYTES = 1_500_000


class Quota:
    """Two token buckets that fill with time: frames and bytes."""

    def __init__(self) -> None:
        self.frames, self.bytes, self.at = FRAMES_AT_ONCE, BYTES_AT_ONCE, time.monotonic()

    def allows(self, size: int) -> bool:
        """Count one frame; return False when there were too many or too much."""
        now = time.monotonic()
        elapsed, self.at = now - self.at, now
        self.frames = min(FRAMES_AT_ONCE, self.frames + elapsed * FRAMES_A_SECOND) - 1
        self.bytes = min(BYTES_AT_ONCE, self.bytes + elapsed * BYTES_A_SECOND) - size
        return self.frames >= 0 and self.bytes >= 0
