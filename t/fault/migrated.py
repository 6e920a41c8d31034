# SPDX-License-Identifier: GPL-3.0-or-later
"""The data directory of a migrated database, made once, kept and copied: to start a
server and to migrate takes longer than most tests.

Kept in REEVE_PREPARED (var/prepared), for the newest files only.
"""

import contextlib
import fcntl
import glob
import hashlib
import os
import shutil
import subprocess

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PREPARED = os.environ.get("REEVE_PREPARED") or os.path.join(
    TOP, "var", "prepared")


def digest_of(files):
    digest = hashlib.sha256()
    for name in sorted(files):
        with open(name, "rb") as f:
            digest.update(name.encode() + b"\n" + f.read())
    return digest.hexdigest()[:16]


def copy(source, target):
    # Most of a new server's log is zeros.
    subprocess.run(["cp", "-a", "--reflink=auto", "--sparse=always", source,
                    target], check=True)


@contextlib.contextmanager
def locked():
    os.makedirs(PREPARED, exist_ok=True)
    with open(os.path.join(PREPARED, "lock-migrated"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take(files, kind, directory, make):
    """Copies the kept directory of this kind, a text, to a new one. If none is kept
    that was made with these files, make() makes it there and leaves no server
    running."""
    made_with = os.path.join(PREPARED, "migrated-" + digest_of(files))
    kept = os.path.join(made_with, hashlib.sha256(kind.encode()).hexdigest())
    with locked():
        if os.path.isdir(kept):
            copy(kept, directory)
            return
        make()
        for old in glob.glob(os.path.join(PREPARED, "migrated-*")):
            if old != made_with:
                shutil.rmtree(old)
        os.makedirs(made_with, exist_ok=True)
        copy(directory, kept + ".new")
        # Each copy must generate an identity of its own.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(kept + ".new", "auto.cnf"))
        os.rename(kept + ".new", kept)
