"""Keys of records: 16 bytes that ascend with time, so that an index grows at its end."""

from __future__ import annotations

import os
import struct
import threading
import time
import uuid


class KeyMaker:
    """Makes UUIDv7: 48 bits of milliseconds, then a counter, so that keys of one process ascend."""

    def __init__(self) -> None:
        """Begin with nothing made."""
        self._lock = threading.Lock()
        self._last = 0
        self._counter = 0
        self._waiting: list[int] = []

    def __call__(self) -> uuid.UUID:
        """Return a new key."""
        with self._lock:
            now = max(time.time_ns() // 1_000_000, self._last)
            if now == self._last:
                self._counter += 1
                if self._counter >= 1 << 12:
                    now += 1
                    self._counter = 0
            else:
                self._counter = int.from_bytes(os.urandom(1), "big")
            self._last = now
            counter = self._counter
            random = self._random()
        key = _bare(uuid.UUID)  # its own constructor asks for six spellings first
        _fill(key, "int", (now << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random)
        _fill(key, "is_safe", uuid.SafeUUID.unknown)
        return key

    def _random(self) -> int:
        """Return 62 random bits; the system is asked for those of many keys at a time."""
        if not self._waiting:
            self._waiting = [*struct.unpack(">64Q", os.urandom(512))]
        return self._waiting.pop() >> 2

    def forget(self) -> None:
        """Begin anew in a process that was split off, whose keys must not be the parent's."""
        self._lock = threading.Lock()
        self._waiting = []


_bare, _fill = object.__new__, object.__setattr__
new_key = KeyMaker()
os.register_at_fork(after_in_child=new_key.forget)
