"""A scanner that speaks clamd's protocol on a port of its own: what it finds dangerous holds DANGER."""

import contextlib
import socket
import struct
import threading

DANGER = b"X5O!-a-test-string-that-no-program-runs"


def received(line: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size and (piece := line.recv(size - len(content))):
        content += piece
    return content


class Scanner:
    """`address` for CLAMD_ADDRESS; `asked` counts files; `answer` replaces the verdict when set."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.asked, self.answer = 0, b""
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _place = self.server.accept()
                with line, contextlib.suppress(OSError, struct.error):
                    self.reply(line)

    def reply(self, line: socket.socket) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += line.recv(1)
        if command == b"zPING\0":
            line.sendall(b"PONG\0")
            return
        self.asked += 1
        content = b""
        while size := struct.unpack(">I", received(line, 4))[0]:
            content += received(line, size)
        found = b"stream: Test.Danger FOUND" if DANGER in content else b"stream: OK"
        line.sendall((self.answer or found) + b"\0")

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(5)
