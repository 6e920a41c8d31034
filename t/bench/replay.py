# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: workers that repeat the statements of a request to Reeve
(replay.c)."""

import os
import re

from lab import Case

STATEMENT = re.compile(rb"^(?:[^\t\n]*\t+|[^\t\n]*Z\t?)\s*(\d+) (Query|Execute)\t(.*)$")
LITERAL = re.compile(rb"'((?:[^'\\]|\\.|'')*)'")
ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
ESCAPES = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"Z": b"\x1a", b"t": b"\t",
           b"b": b"\b"}


def recorded(stack, act):
    """The statements of the request that act makes, from the log."""
    log = stack.dir + "/general.log"
    stack.sql("SET GLOBAL general_log_file = '%s'; SET GLOBAL log_output = "
              "'FILE'; SET GLOBAL general_log = 1" % log)
    # Statements prepared earlier would be logged without parameters.
    end_connections(stack)
    act()
    stack.sql("SET GLOBAL general_log = 0")
    with open(log, "rb") as f:
        entries = [m.groups() for m in map(STATEMENT.match, f.read().split(b"\n"))
                   if m]
    os.unlink(log)
    # A request starts with the token.
    first = next(i for i, (_, _, text) in enumerate(entries)
                 if text.startswith(b"CALL session_find("))
    return [text for connection, _, text in entries[first:]
            if connection == entries[first][0]]


def end_connections(stack):
    """Ends the connections of Reeve's workers, which then connect and prepare
    again."""
    numbers = stack.sql("SELECT id FROM information_schema.processlist "
                        "WHERE user = 'reeve'").split()
    stack.sql("".join("KILL %s;" % number for number in numbers))


def as_statement(text):
    """A logged statement as one line of SQL that can be repeated."""
    def hexadecimal(match):
        try:
            match.group(1).decode("utf-8")
            return match.group(0)
        except UnicodeDecodeError:
            raw = ESCAPED.sub(lambda m: ESCAPES.get(m.group(1), m.group(1))
                              if m.group(1) else b"'", match.group(1))
            return b"X'" + raw.hex().encode() + b"'"
    text = LITERAL.sub(hexadecimal, text)
    # Created objects need new ids.
    text = re.sub(rb"^(CALL quote_create\()'[^']*'",
                  rb"\1REPLACE(UUID(),'-','')", text)
    text = re.sub(rb"^(CALL object_save\('[^']*','[^']*',)'[^']*'",
                  rb"\1REPLACE(UUID(),'-','')", text)
    return re.sub(rb"^(CALL (?:audit_entry_write|outbox_add)\('[^']*',)'(\d+-)[^']*'",
                  rb"\1CONCAT('\2',REPLACE(UUID(),'-',''))", text)


def spawn_limits(stack, name, answer, *requests):
    """Starts workers: /NAME-constant sends this answer; /NAME-calls also
    executes the statements of the requests in turn."""
    statements = b"\n".join(b"".join(as_statement(s) + b"\n" for s in request)
                            for request in requests)
    environment = {"REPLAY_DB": stack.demo["REEVE_DB_SOCKET"],
                   "REPLAY_ANSWER": stack.keep(name + ".answer", answer)}
    stack.spawn_workers(name + "-constant", "replay", environment)
    stack.spawn_workers(name + "-calls", "replay", dict(
        environment, REPLAY_STATEMENTS=stack.keep(name + ".sql", statements)))


def limits(name, requests=()):
    return [Case("constant", "/%s-constant" % name, name + "-constant",
                 requests=requests),
            Case("calls", "/%s-calls" % name, name + "-calls",
                 requests=requests)]


def called(statements):
    """The procedures' names, for people."""
    calls = [re.match(rb"CALL (\w+)", s) for s in statements]
    return ", ".join(c.group(1).decode() for c in calls if c)
