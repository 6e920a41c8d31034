# SPDX-License-Identifier: GPL-3.0-or-later
"""Rivals: PHP-FPM and Node, which do the same work with the scripts of rivals/,
where they are installed (t/bench/README)."""

import glob
import json
import os
import re
import shutil
import subprocess
import urllib.request

from lab import PORT, TOP, WORKERS, output, say, wrk

FOLDER = TOP + "/t/bench/rivals"
PHP_POOL = """[global]
pid = {path}.pid
error_log = {path}.said
daemonize = yes
[bench]
listen = {path}.sock
listen.backlog = 1024
listen.mode = 0666
{user}
pm = static
pm.max_children = {workers}
clear_env = no
catch_workers_output = yes
php_admin_value[memory_limit] = 256M
php_admin_value[error_log] = {path}.said
php_admin_flag[log_errors] = on
php_admin_flag[display_errors] = off
"""


def php_program():
    """The newest PHP-FPM, which Debian names by its version."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    names = [os.path.basename(p) for folder in path.split(":")
             for p in glob.glob(folder + "/php-fpm*")]
    names.sort(key=lambda name: [int(n) for n in re.findall(r"\d+", name)])
    return shutil.which(names[-1], path=path) if names else None


def php_lack():
    """Why PHP cannot be compared, or None."""
    program = php_program()
    if program is None:
        return "php-fpm is not installed"
    modules = output([program, "-m"]).split()
    return None if "pdo_mysql" in modules else "PHP has no pdo_mysql"


def node_lack():
    """Why Node cannot be compared, or None."""
    if shutil.which("node") is None:
        return "node is not installed"
    found = subprocess.run(["node", "-e", "require('mysql2')"],
                           capture_output=True, env=node_environment())
    return "Node has no mysql2" if found.returncode else None


def node_environment(**more):
    paths = [os.environ.get("NODE_PATH"), "/usr/local/lib/node_modules",
             "/usr/lib/node_modules", "/usr/share/nodejs"]
    return dict(os.environ, NODE_PATH=":".join(p for p in paths if p), **more)


def start_php(stack, place, script, environment):
    root = os.geteuid() == 0
    conf = stack.keep(place + ".conf", PHP_POOL.format(
        path="%s/%s" % (stack.dir, place), workers=WORKERS,
        user="user = root\ngroup = root" if root else ""))
    output([php_program(), "-y", conf] + ["-R"] * root,
           env=dict(os.environ, **environment), stdin=subprocess.DEVNULL)
    stack.locations.append("""
                    location = /{1} {{ fastcgi_pass unix:{0}/{1}.sock;
                        include reeve_params;
                        fastcgi_param SCRIPT_FILENAME {2};
                        fastcgi_buffers 16 64k; fastcgi_buffer_size 64k; }}"""
                           .format(stack.dir, place, script))


def start_node(stack, place, script, environment):
    listen = "%s/%s.sock" % (stack.dir, place)
    with open("%s/%s.said" % (stack.dir, place), "wb") as said:
        process = subprocess.Popen(
            ["node", script], stdin=subprocess.DEVNULL, stdout=said,
            stderr=said, start_new_session=True,
            env=node_environment(BENCH_LISTEN=listen, **environment))
    stack.keep(place + ".pid", str(process.pid))
    stack.locations.append("""
                    location = /{1} {{ proxy_pass http://unix:{0}:/;
                        proxy_buffers 16 64k; proxy_buffer_size 64k; }}"""
                           .format(listen, place))


RIVALS = (("php-fpm", "php", php_lack, start_php),
          ("node", "js", node_lack, start_node))


def start_rivals(stack, script, environment):
    """Starts those of a script in rivals/ that can run here. Returns
    {name: place}; each serves /PLACE. environment: as bare.c takes it."""
    places = {}
    environment = dict(environment, BENCH_WORKERS=str(WORKERS),
                       BENCH_DB=stack.demo["REEVE_DB_SOCKET"])
    for name, ending, find_lack, start in RIVALS:
        path = "%s/%s.%s" % (FOLDER, script, ending)
        if not os.path.exists(path):
            continue
        lack = find_lack()
        if lack is not None:
            say("%s is left out of %s: %s" % (name, script, lack))
            continue
        place = "%s-%s" % (name, script)
        start(stack, place, path, environment)
        stack.started(place, place + ".pid")
        places[name] = place
    return places


def check_answers(places):
    """Rivals answer with the rows that the bare worker answers with. Compilers
    that learn while they run get the time to do so."""
    def rows(path):
        with urllib.request.urlopen(
                "http://127.0.0.1:%d/%s" % (PORT + 1, path)) as answer:
            return sorted(json.dumps(row, sort_keys=True)
                          for row in json.load(answer))
    bare = rows("bare")
    for name, place in places.items():
        if not bare or rows(place) != bare:
            raise SystemExit("bench: %s answers with other rows" % name)
        wrk("/" + place, seconds=15)
