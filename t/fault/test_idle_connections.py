# SPDX-License-Identifier: GPL-3.0-or-later
"""The server ends connections that were idle for wait_timeout: the next
request still works."""

import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, StackTest, free_port,  # noqa: E402
                         require, wait_until)

WORKERS = 4
ROUNDS = 3


class Idle:
    """GET and PUT of every worker, each round after all connections ended."""

    def request_in_parallel(self, request):
        """The statuses of as many requests at a time as there are workers."""
        statuses = []
        threads = [threading.Thread(
            target=lambda: statuses.append(request().status))
            for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    def assert_unnoticed(self, request, status):
        account = self.stack.create_account()
        for _ in range(ROUNDS):
            self.request_in_parallel(lambda: request(account))
            wait_until(lambda: not self.stack.connections(), pause=0.1)
            self.assertEqual([status] * WORKERS,
                             self.request_in_parallel(lambda: request(account)),
                             self.stack.pool_log()[-1000:])

    def test_reads_do_not_notice(self):
        self.assert_unnoticed(self.stack.summary, 200)

    def test_writes_do_not_notice(self):
        self.assert_unnoticed(lambda account: self.stack.request(
            "PUT", "/v2/accounts/%s/devices" % account, self.stack.token,
            {"name": "Desk phone"}), 201)


@require(REEVE, REEVECTL)
class IdleAtSocket(Idle, StackTest):
    pool = True
    options = {"workers": str(WORKERS),
               "server_options": ("--wait-timeout=2",)}


@require(REEVE, REEVECTL)
class IdleOverTcp(Idle, StackTest):
    """MySQL writes error 4031 before it hangs up; at a socket the client
    library may see the hanging up first."""

    pool = True
    port = free_port()
    options = {"workers": str(WORKERS), "db_socket": None,
               "db_hosts": "127.0.0.1:%d" % port,
               "server_options": ("--wait-timeout=2", "--port=%d" % port,
                                  "--bind-address=127.0.0.1")}


if __name__ == "__main__":
    unittest.main()
