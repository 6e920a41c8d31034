# SPDX-License-Identifier: GPL-3.0-or-later
"""The smarthost of the tests: an SMTP server that keeps what it is sent. It says
what its attribute says for each step, so a test may make it refuse, wait or
break off: smarthost.says["RCPT"] = "450 later"; None: it says nothing and
waits."""

import collections
import email
import email.policy
import socketserver
import ssl
import subprocess
import threading

Mail = collections.namedtuple("Mail", "sender receivers bytes secure user")


def make_certificate(folder, name="localhost"):
    """A certificate of our own for that name: paths of it and of its key."""
    certificate, key = folder + "/smtp.pem", folder + "/smtp.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=" + name, "-addext", "subjectAltName=DNS:" + name,
         "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key


class Handler(socketserver.StreamRequestHandler):
    def setup(self):
        self.secure = self.server.smarthost.wrapped
        if self.secure:
            self.request = self.server.smarthost.tls.wrap_socket(
                self.request, server_side=True)
        super().setup()

    def say(self, step, otherwise):
        """False: the client is refused, or left."""
        reply = self.server.smarthost.says.get(step, otherwise)
        if reply is None:
            self.server.smarthost.release.wait(600)
            return False
        self.wfile.write(reply.replace("\n", "\r\n").encode() + b"\r\n")
        return reply[0] in "23"

    def finish(self):
        super().finish()
        self.request.close()

    def handle(self):
        smarthost = self.server.smarthost
        self.sender, self.receivers, self.user = None, [], None
        with smarthost.lock:
            smarthost.greeted += 1
        try:
            if self.say("greeting", "220 smarthost of the tests"):
                while self.command(self.rfile.readline()):
                    pass
        except (ConnectionError, ssl.SSLError):
            pass

    def command(self, line):
        smarthost = self.server.smarthost
        word, _, rest = line.decode().rstrip("\r\n").partition(" ")
        word = word.upper()
        with smarthost.lock:
            smarthost.commands.append((word, rest))
        return getattr(self, "do_" + word.lower(), self.do_other)(rest)

    def do_other(self, _):
        self.say("other", "502 what?")
        return False

    def do_ehlo(self, _):
        offers = ["250-smarthost", "250-8BITMIME"]
        if self.server.smarthost.tls and not self.secure:
            offers.append("250-STARTTLS")
        self.say("EHLO", "\n".join(offers + ["250 AUTH PLAIN"]))
        return True

    def do_starttls(self, _):
        if not self.say("STARTTLS", "220 go on"):
            return True
        self.request = self.server.smarthost.tls.wrap_socket(
            self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", 0)
        self.secure = True
        return True

    def do_auth(self, rest):
        self.wfile.write(b"334 \r\n")
        self.user = self.rfile.readline().decode().strip()
        self.say("AUTH", "235 welcome")
        return True

    def do_mail(self, rest):
        self.sender = rest.partition(":")[2].split()[0]
        self.say("MAIL", "250 from")
        return True

    def do_rcpt(self, rest):
        if self.say("RCPT", "250 to"):
            self.receivers.append(rest.partition(":")[2])
        return True

    def do_data(self, _):
        if not self.say("DATA", "354 go on"):
            return True
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        with self.server.smarthost.lock:
            self.server.smarthost.mails.append(Mail(
                self.sender, self.receivers, b"".join(lines), self.secure,
                self.user))
        self.say("text", "250 taken")
        return True

    def do_quit(self, _):
        self.say("QUIT", "221 bye")
        return False


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


class Smarthost:
    def __init__(self, certificate=None, wrapped=False):
        self.lock = threading.Lock()
        self.mails = []    # also those that were refused after their text
        self.commands = []
        self.greeted = 0   # connections
        self.says = {}
        self.release = threading.Event()
        self.wrapped = wrapped  # TLS from the start
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.smarthost = self
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    @property
    def url(self):
        return "%s://localhost:%d" % ("smtps" if self.wrapped else "smtp",
                                      self.server.server_address[1])

    def letters(self):
        """The mails, parsed as their readers do."""
        with self.lock:
            return [email.message_from_bytes(
                mail.bytes, policy=email.policy.default)
                for mail in self.mails]

    def close(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
