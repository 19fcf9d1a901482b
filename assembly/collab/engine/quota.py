"""How much one connection may send: what a person types is far below."""

import time

FRAMES_A_SECOND, FRAMES_AT_ONCE = 40.0, 300.0
BYTES_A_SECOND, BYTES_AT_ONCE = 100_000.0, 6_000_000.0
MOST_FRAME_BYTES = 1_500_000


class Quota:
    """Two buckets that fill with time: frames and bytes."""

    def __init__(self) -> None:
        self.frames, self.bytes, self.at = FRAMES_AT_ONCE, BYTES_AT_ONCE, time.monotonic()

    def allows(self, size: int) -> bool:
        """Count one frame; False when there were too many or too much."""
        now = time.monotonic()
        gone, self.at = now - self.at, now
        self.frames = min(FRAMES_AT_ONCE, self.frames + gone * FRAMES_A_SECOND) - 1
        self.bytes = min(BYTES_AT_ONCE, self.bytes + gone * BYTES_A_SECOND) - size
        return self.frames >= 0 and self.bytes >= 0
