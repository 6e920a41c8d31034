# SPDX-License-Identifier: GPL-3.0-or-later
"""A FastCGI client that sends records one by one, whole or broken."""

import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR = range(1, 8)
GET_VALUES = 9
KEEP_CONN = 1


def connect(address, timeout=120):
    """A path, or (host, port)."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(timeout)
    try:
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def record(kind, content=b"", request=1):
    return struct.pack("!BBHHBx", 1, kind, request, len(content), 0) + content


def records(kind, content, request=1):
    """The records of a stream, including the empty last one."""
    pieces = [record(kind, content[i:i + 65528], request)
              for i in range(0, len(content), 65528)]
    return b"".join(pieces) + record(kind, b"", request)


def begin(flags=0, role=1, request=1):
    return record(BEGIN, struct.pack("!HB5x", role, flags), request)


def length(n):
    return struct.pack("!B", n) if n < 128 else struct.pack("!I", n | 1 << 31)


def pairs(values):
    out = b""
    for name, value in values:
        name, value = name.encode(), value.encode()
        out += length(len(name)) + length(len(value)) + name + value
    return out


def environment(path="/v2/nonsense", method="GET", body=b"", **more):
    path, _, query = path.partition("?")
    values = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "REQUEST_URI": path + ("?" + query if query else ""),
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "CONTENT_TYPE": "application/json" if body else "",
        "REMOTE_ADDR": "192.0.2.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    values.update(more)
    return values


def request(flags=0, body=b"", **how):
    """All the bytes of a request."""
    return (begin(flags) +
            records(PARAMS, pairs(environment(body=body, **how).items())) +
            records(STDIN, body))


class Answer:
    """The bytes received, until the end of the request or of the connection."""

    def __init__(self):
        self.stdout = b""
        self.ended = False    # by END_REQUEST
        self.kinds = []       # of all records
        self.closed = False   # by the other side
        self.trailing = b""

    @property
    def status(self):
        """The HTTP status, None when there was no answer."""
        head = self.stdout.split(b"\r\n\r\n")[0]
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"status":
                return int(value.split()[0])
        return None

    @property
    def body(self):
        return self.stdout.partition(b"\r\n\r\n")[2]


def read_answer(sock, until_closed=False):
    answer = Answer()
    data = b""
    while until_closed or not answer.ended:
        try:
            block = sock.recv(65536)
        except ConnectionResetError:
            block = b""
        if not block:
            answer.closed = True
            break
        data += block
        while len(data) >= 8:
            _, kind, _, size, padding = struct.unpack("!BBHHBx", data[:8])
            if len(data) < 8 + size + padding:
                break
            content = data[8:8 + size]
            data = data[8 + size + padding:]
            answer.kinds.append(kind)
            if kind == STDOUT:
                answer.stdout += content
            elif kind == END:
                answer.ended = True
    answer.trailing = data
    return answer


def ask(address, timeout=120, **how):
    """One whole request."""
    with connect(address, timeout) as sock:
        sock.sendall(request(**how))
        return read_answer(sock)
