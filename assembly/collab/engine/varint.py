"""Numbers and strings as lib0 writes them: seven bits a byte, the lowest first."""


class Malformed(ValueError):
    """Bytes that no editor of this product sends."""


MOST_BITS = 63


def write_uint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(0x80 | (number & 0x7F))
        number >>= 7
    out.append(number)
    return bytes(out)


def write_bytes(data: bytes) -> bytes:
    """Return bytes with their length before them."""
    return write_uint(len(data)) + data


def write_text(text: str) -> bytes:
    """Return a string with its length in UTF-8 bytes before it."""
    return write_bytes(text.encode())


class ByteReader:
    """Forward reader of foreign bytes; it raises Malformed and nothing else."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.end = len(data)

    def byte(self) -> int:
        at = self.at
        if at >= self.end:
            raise Malformed("cut short")
        self.at = at + 1
        return self.data[at]

    def uint(self) -> int:
        """Read an unsigned number of at most 53 bits, which is all that a browser can count."""
        at, data = self.at, self.data
        try:
            number = data[at]
            at += 1
            if number > 0x7F:
                number &= 0x7F
                shift = 7
                while True:
                    part = data[at]
                    at += 1
                    number |= (part & 0x7F) << shift
                    if part <= 0x7F:
                        break
                    shift += 7
                    if shift > MOST_BITS:
                        raise Malformed("number too long")
        except IndexError:
            raise Malformed("cut short") from None
        self.at = at
        return number

    def skip(self, length: int) -> None:
        self.at += length
        if self.at > self.end:
            raise Malformed("cut short")

    def bytes(self) -> bytes:
        """Read bytes with their length before them."""
        length = self.uint()
        start = self.at
        self.skip(length)
        return self.data[start : self.at]

    def text(self) -> str:
        try:
            return self.bytes().decode()
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None

    def finish(self) -> None:
        """Raise Malformed when anything follows."""
        if self.at != self.end:
            raise Malformed("more than was announced")
