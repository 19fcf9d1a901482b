"""Mail relays that are slow or say nothing, on a real port."""

import socket
import threading
import time
from contextlib import suppress


class Relay:
    """Accept each connection and hold the conversation of `converse` in a thread; keep the lines and the mails."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.accepted: list[socket.socket] = []
        self.recipients: list[str] = []
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                line = self.listener.accept()[0]
                self.accepted.append(line)
                threading.Thread(target=self.converse, args=[line], daemon=True).start()

    def converse(self, line: socket.socket) -> None:
        """Say nothing."""

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self.thread.join(5)
        self.listener.close()
        for line in self.accepted:
            line.close()


class SilentRelay(Relay):
    """Accepts every connection and never says a word."""


class SlowRelay(Relay):
    """Takes every message, `seconds` after each command."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()

    def converse(self, line: socket.socket) -> None:
        with suppress(OSError, ValueError), line.makefile("rwb", buffering=0) as stream:
            self.reply(stream, "220 relay")
            while command := stream.readline().strip().upper():
                if command.startswith(b"RCPT TO:"):
                    self.recipients.append(command.decode().partition(":")[2].strip("<> ").lower())
                self.reply(stream, "354 go" if command == b"DATA" else "250 ok")
                if command == b"DATA":
                    while stream.readline().strip() != b".":
                        pass
                    self.reply(stream, "250 taken")

    def reply(self, stream: object, words: str) -> None:
        time.sleep(self.seconds)
        stream.write(words.encode() + b"\r\n")
