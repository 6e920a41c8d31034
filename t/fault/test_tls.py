# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS to the database, and caching_sha2_password with and without it."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (ONE_USER, REEVE, REEVECTL, SERVER, Stack,  # noqa: E402
                         StackTest, free_port, is_mysql, require)

IS_MYSQL = SERVER is not None and is_mysql()
NO_TLS = "--tls-version=" if IS_MYSQL else "--loose-skip-ssl"
USER = "reeve" if ONE_USER else "reevectl"


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_authority(folder, name):
    """An authority that signs certificates: NAME.pem, NAME.key."""
    path = os.path.join(folder, name)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
            "/CN=" + name, "-keyout", path + ".key", "-out", path + ".pem")
    return path + ".pem"


def make_certificate(folder, authority, address):
    path = os.path.join(folder, "server")
    with open(path + ".ext", "w") as f:
        f.write("subjectAltName = IP:%s\n" % address)
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-subj", "/CN=server", "-keyout", path + ".key", "-out",
            path + ".csr")
    openssl("x509", "-req", "-in", path + ".csr", "-CA", authority, "-CAkey",
            authority[:-3] + "key", "-CAcreateserial", "-days", "2",
            "-extfile", path + ".ext", "-out", path + ".pem")
    return path + ".pem"


@unittest.skipUnless(shutil.which("openssl"), "no openssl here")
class TlsTest(StackTest):
    server_options = ()
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="reeve-tls-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.authority = make_authority(cls.folder, "authority")
        make_certificate(cls.folder, cls.authority, "127.0.0.1")
        cls.port = free_port()
        cls.stack = Stack(
            server_options=["--bind-address=127.0.0.1,127.0.0.2",
                            "--port=%d" % cls.port, "--skip-name-resolve",
                            *[option % {"d": cls.folder}
                              for option in cls.server_options]],
            db_socket=None, db_hosts="127.0.0.1:%d" % cls.port, migrate=False,
            **cls.settings)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.migrate_over_tcp()
        cls.stack.create_master()

    def list_accounts(self, **settings):
        """A command, with these settings."""
        self.addCleanup(self.stack.configure, **dict.fromkeys(settings))
        self.stack.configure(**settings)
        return self.stack.reevectl("account", "list", check=False)

    def assert_well(self, **settings):
        done = self.list_accounts(**settings)
        self.assertEqual(0, done.returncode, done.stderr)

    def assert_refused(self, text, **settings):
        done = self.list_accounts(**settings)
        self.assertEqual(69, done.returncode, done.stderr)
        self.assertIn(text, done.stderr)


@require(REEVECTL, REEVE)
class WithTls(TlsTest):
    server_options = ("--ssl-cert=%(d)s/server.pem",
                      "--ssl-key=%(d)s/server.key")

    def setUp(self):
        self.stack.sql("ALTER USER %s@'%%' REQUIRE SSL" % USER)

    def test_it_is_used_unless_it_is_off(self):
        self.assert_refused("denied", db_tls="off")
        self.assert_well(db_tls="required")
        self.assert_well(db_tls="verify", db_tls_ca=self.authority)

    def test_another_authority_is_refused(self):
        other = make_authority(self.folder, "other")
        self.assert_refused("is db_tls_ca the authority", db_tls="verify",
                            db_tls_ca=other)

    def test_another_name_is_refused(self):
        self.addCleanup(self.stack.configure,
                        db_hosts=self.stack.settings["db_hosts"])
        self.stack.configure(db_hosts="127.0.0.2:%d" % self.port)
        self.assert_well(db_tls="required")
        self.assert_refused("the name in that", db_tls="verify",
                            db_tls_ca=self.authority)

    def test_a_missing_authority_is_refused(self):
        self.assert_refused("db_tls_ca", db_tls="verify",
                            db_tls_ca="/nowhere/authority.pem")

    def test_the_pool_and_migrate_use_it(self):
        self.stack.sql("ALTER USER reeve@'%' REQUIRE SSL;"
                       "ALTER USER keeper@'127.0.0.1' REQUIRE SSL")
        self.stack.start_pool(db_tls="verify", db_tls_ca=self.authority)
        self.addCleanup(self.stack.stop_pool)
        self.addCleanup(self.stack.configure, db_tls=None, db_tls_ca=None)
        self.assertEqual(200, self.stack.summary(self.stack.master).status)
        self.stack.reevectl("migrate")


@require(REEVECTL)
class WithoutTls(TlsTest):
    server_options = (NO_TLS,)

    def test_only_what_asks_for_it_is_refused(self):
        self.assert_well(db_tls=None)
        self.assert_well(db_tls="off")
        self.assert_refused("TLS", db_tls="required")
        self.assert_refused("TLS", db_tls="verify", db_tls_ca=self.authority)


# A server's greeting: no TLS, and caching_sha2_password.
GREETING = (b"\x0a8.0.0\0" + struct.pack("<I", 1) + b"12345678\0" +
            struct.pack("<HBHHB", 0x8209, 45, 2, 0x000a, 21) + bytes(10) +
            b"abcdefghijkl\0caching_sha2_password\0")


class Listener:
    """Greets one client and keeps what that sends."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.said = b""
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self):
        client, _ = self.socket.accept()
        with client, self.socket:
            client.sendall(struct.pack("<I", len(GREETING)) + GREETING)
            client.settimeout(10)
            answers = 0
            while True:
                got = client.recv(4096)
                if not got:
                    return
                self.said += got
                answers += 1
                # "Send the whole password", which only TLS allows.
                client.sendall(b"\2\0\0" + bytes([2 * answers]) + b"\1\4")


@require(REEVECTL)
class Password(unittest.TestCase):
    """The clear password is not told to a server that has no TLS."""

    def said(self, **settings):
        listener = Listener()
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
            settings = {"db_hosts": "127.0.0.1:%d" % listener.port,
                        "db_password": "a password in clear", **settings}
            conf.write("".join("%s = %s\n" % row for row in settings.items()))
            conf.flush()
            done = subprocess.run(
                [REEVECTL, "-c", conf.name, "account", "list"],
                capture_output=True, text=True)
        listener.thread.join()
        self.assertEqual(69, done.returncode, done.stderr)
        self.assertNotIn(b"in clear", listener.said)
        return listener.said

    def test_nothing_is_sent_where_tls_is_required(self):
        self.assertEqual(b"", self.said(db_tls="required"))
        self.assertEqual(b"", self.said(db_tls="verify"))

    def test_only_a_digest_is_sent_without_tls(self):
        self.assertIn(b"reeve", self.said(db_tls="off"))
        self.assertIn(b"reeve", self.said())


class CachingSha2:
    """The server keeps who logged in well before; then it needs no key."""

    def setUp(self):
        self.assertEqual([["caching_sha2_password"]], self.stack.sql(
            "SELECT plugin FROM mysql.user WHERE user = '%s' AND host = '%%'"
            % USER))
        self.stack.sql("FLUSH PRIVILEGES")


@unittest.skipUnless(IS_MYSQL, "not on MySQL")
@require(REEVECTL)
class CachingSha2WithTls(CachingSha2, TlsTest):
    server_options = WithTls.server_options

    def test_the_password_goes_through_it(self):
        self.assert_well(db_tls="required")
        self.stack.sql("FLUSH PRIVILEGES")
        self.assert_well(db_tls="verify", db_tls_ca=self.authority)


@unittest.skipUnless(IS_MYSQL, "not on MySQL")
@require(REEVECTL)
class CachingSha2WithoutTls(CachingSha2, TlsTest):
    server_options = (NO_TLS,)
    settings = {"db_public_key_ask": "1"}

    def test_the_key_is_read_from_a_file(self):
        self.assert_well(db_tls="off", db_public_key_ask="0",
                         db_public_key_file=(
                             self.stack.dir + "/data/public_key.pem"))

    def test_another_key_is_of_no_use(self):
        path = self.folder + "/other.pub"
        openssl("genrsa", "-out", path + ".key", "2048")
        openssl("rsa", "-in", path + ".key", "-pubout", "-out", path)
        self.assert_refused("", db_tls="off", db_public_key_ask="0",
                            db_public_key_file=path)

    def test_the_server_is_asked_for_it(self):
        self.assert_well(db_tls="off", db_public_key_ask="1")


if __name__ == "__main__":
    unittest.main()
