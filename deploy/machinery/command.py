"""The command line of deploy/chancery."""
import argparse
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import Failure, certificates, local, remote
from .topology import Topology, client_config, write_json

READY_SECONDS = 60
ASKED_AT_ONCE = 8  # nodes by `status`; a host refuses more than 10 that are logging in
EPILOGUE = """examples:
  deploy/chancery up                     certificates, configuration, all services; again: nothing that runs is touched
  deploy/chancery status --json
  deploy/chancery scale query 2
  deploy/chancery restart query          one node at a time, each drained first
  deploy/chancery logs ingest -f
  deploy/chancery down

exit codes: 0 done; 1 something failed (the reason is on standard error); 2 wrong arguments; 3 `status` found a service that is not ready"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    options = parser().parse_args()
    if options.action in (status, logs, units):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # they only print: a reader who has enough ends them
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # not so under nohup
            signal.signal(number, signal.default_int_handler)
    try:
        topology = Topology(options.topology)
        return options.action(topology, options) or 0
    except Failure as failure:
        say(f"chancery: {failure}")
        return 1
    except KeyboardInterrupt:
        say("chancery: interrupted")
        return 130
    except OSError as error:
        say(f"chancery: {error.filename or ''}: {error.strerror}")
        return 1


def parser():
    standard = Path(__file__).resolve().parent.parent / "topology.toml"
    outer = argparse.ArgumentParser(
        prog="deploy/chancery", description="Starts, stops and watches Chancery from one topology file.", epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    outer.add_argument("--topology", default=os.environ.get("CHANCERY_TOPOLOGY", standard), metavar="FILE",
                       help="what runs where [CHANCERY_TOPOLOGY; deploy/topology.toml]")
    actions = outer.add_subparsers(required=True, metavar="COMMAND")

    def add(name, action, text):
        one = actions.add_parser(name, help=text, description=text)
        one.set_defaults(action=action)
        return one

    def waits(one):
        one.add_argument(
            "--wait", type=float, default=READY_SECONDS, metavar="SECONDS", help="how long each service has to get ready [%(default)s]")

    one = add("up", up, "Starts everything that does not run, and waits until it is ready.")
    waits(one)
    add("down", down, "Stops everything, and checks that no process is left.")
    one = add("status", status, "Says what runs, and whether it is ready.")
    one.add_argument("--json", action="store_true", help="for programs")
    one = add("logs", logs, "Prints the logs of one service or all.")
    one.add_argument("service", nargs="?", help="a service, e.g. ingest, query-1; all if left out")
    one.add_argument("-f", "--follow", action="store_true", help="go on printing")
    one.add_argument("-n", "--lines", type=int, default=50, help="lines of each to begin with [%(default)s]")
    one.add_argument("--raw", action="store_true", help="the JSON lines as they are")
    one = add("scale", scale, "Runs this many query nodes from now on.")
    one.add_argument("service", choices=["query"])
    one.add_argument("count", type=int)
    waits(one)
    one = add("restart", restart, "Stops a service when its work is done and starts it anew; of several nodes one at a time.")
    one.add_argument("service", help="a service, e.g. ingest, query, query-1, all")
    waits(one)
    one = add("certs", certs, "Makes the authority and all certificates that are missing, out of date or about to end, and brings them to their hosts.")
    one.add_argument("--renew", action="store_true", help="make every certificate anew (the authority stays)")
    one = add("units", units, "Writes the systemd units and configuration, as `up` brings them to other hosts.")
    one.add_argument("--out", required=True, metavar="DIR", help="where to, in a folder for each host")
    return outer


@contextlib.contextmanager
def alone(topology):
    """Keeps a second command from changing the same run directory meanwhile."""
    topology.run.mkdir(parents=True, exist_ok=True)
    with open(topology.run / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another command that works on {topology.run} …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def uninterrupted():
    """Puts an interruption off until the end of the block."""
    came = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    old = [signal.signal(number, lambda *_: came.append(True)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, old):
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt


# ---- Commands ----

def up(topology, options):
    with alone(topology):
        announce_certificates(certificates.ensure(topology))
        write_json(topology.client_file, client_config(topology))
        bring_up(topology, topology.nodes, options.wait)
    say(f"up: {', '.join(f'{n.name} {n.endpoint}' for n in topology.nodes)}")


def bring_up(topology, nodes, wait):
    """Starts `nodes`, role by role, and waits for each. What runs already is left alone.

    When this fails or is interrupted, what it started on this machine is stopped again. Units on other hosts stay with systemd there.
    """
    check_binaries(topology, nodes)
    changed = local.prepare(topology)
    missing = [n for n in nodes if n.local and local.find(topology, n) is None]
    for node in missing:
        local.check_ports(topology, node)
    started = []
    try:
        for role in dict.fromkeys(n.role for n in nodes):
            members = [n for n in nodes if n.role == role]
            for node in (n for n in members if n.local):
                if node in missing:
                    started.append(node)
                    with uninterrupted():
                        local.start(topology, node)
                elif node.name in changed:
                    say(f"{node.name} runs with an older configuration: `deploy/chancery restart {node.name}` puts the new one in force")
            for node in members:
                if not node.local:
                    remote.bring(topology, node)
                wait_ready(topology, node, wait)
    except BaseException:
        with uninterrupted():
            if started:
                say(f"stopping again what was started: {', '.join(n.name for n in started)}")
            for node in reversed(started):
                local.stop(topology, node, say)
        raise


def check_binaries(topology, nodes):
    for node in nodes:
        binary = topology.binaries / node.binary
        if not os.access(binary, os.X_OK):
            raise Failure(f"{binary} is missing: build first with `make build`, or set binaries in {topology.path}")


def wait_ready(topology, node, seconds):
    return (local if node.local else remote).wait_ready(topology, node, seconds)


def stop(topology, node):
    return local.stop(topology, node, say) if node.local else remote.stop(topology, node)


def down(topology, _):
    with alone(topology):
        stopped, failures = [], []
        for node in reversed(topology.nodes):
            try:
                if stop(topology, node):
                    stopped.append(node.name)
            except Failure as failure:
                failures.append(str(failure))  # the others are stopped all the same
        for pid, name in local.strays(topology):
            say(f"stopping {name} (process {pid}), which the topology does not name")
            end_stray(topology, pid)
            stopped.append(name)
        for host in dict.fromkeys(n.host for n in topology.nodes if not n.local):
            try:
                for unit in remote.strays(topology, host):
                    say(f"stopping {unit} on {host}, which the topology does not name there")
                    remote.stop_unit(topology, host, unit)
                    stopped.append(unit)
            except Failure as failure:
                failures.append(str(failure))
        left = [n.name for n in topology.nodes if n.local and local.find(topology, n)] + [name for _, name in local.strays(topology)]
        if left:
            failures.append(f"still running: {', '.join(left)}")
        if failures:
            raise Failure("\n".join(dict.fromkeys(failures)))
    say(f"down: {', '.join(stopped) if stopped else 'nothing ran'}")


def end_stray(topology, pid):
    local.send(pid, signal.SIGTERM)
    deadline = time.monotonic() + local.STOP_SECONDS
    while local.arguments_of(pid):
        if time.monotonic() > deadline:
            local.send(pid, signal.SIGKILL)
        time.sleep(0.05)


def describe(topology, node):
    """One row of `status`."""
    row = {"service": node.name, "host": node.address, "endpoint": node.endpoint, "metrics": node.metrics}
    try:
        pid, answer, figures = (local if node.local else remote).observe(topology, node)
    except Failure as failure:
        return row | {"state": "unknown", "reason": str(failure)}
    if pid is None:
        return row | {"state": "down", "reason": "no process"}
    row |= {"pid": pid} | figures
    if answer is None:
        return row | {"state": "unready", "reason": "does not answer"}
    state = "ready" if answer.get("ready") else "unready"
    return row | {"version": answer.get("version"), "state": state, "reason": answer.get("reason", "")}


def status(topology, options):
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        rows = list(pool.map(lambda node: describe(topology, node), topology.nodes))
    if options.json:
        print(json.dumps({"cluster": topology.cluster, "services": rows}, indent=2))
    else:
        print(f"{'SERVICE':<10} {'STATE':<8} {'ENDPOINT':<24} {'PID':>8} {'MEMORY':>9} {'PEAK':>9} {'UPTIME':>9}  NOTE")
        for row in rows:
            print(f"{row['service']:<10} {row['state']:<8} {row['endpoint']:<24} {row.get('pid', ''):>8} "
                  f"{size(row.get('resident_bytes')):>9} {size(row.get('peak_resident_bytes')):>9} "
                  f"{duration(row.get('uptime_seconds')):>9}  {row['reason']}".rstrip())
    return 0 if all(row["state"] == "ready" for row in rows) else 3


def size(count):
    return "" if count is None else f"{count / 1048576:.1f} MiB"


def duration(seconds):
    if seconds is None:
        return ""
    seconds = int(seconds)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def logs(topology, options):
    lock, readers = threading.Lock(), []
    for node in topology.select(options.service):
        if node.local:
            log = topology.log_file(node)
            if not log.exists():
                say(f"{node.name} has no log yet")
                continue
            follow = ["--follow=name", "--retry"] if options.follow else []
            readers.append(subprocess.Popen(["tail", "-n", str(max(0, options.lines)), *follow, str(log)], stdout=subprocess.PIPE))
        else:
            readers.append(remote.logs(topology, node, max(0, options.lines), options.follow))

    def copy(stream):
        for line in stream:
            text = line.decode(errors="replace").rstrip("\n")
            with lock:
                print(text if options.raw else local.readable(text), flush=True)

    threads = [threading.Thread(target=copy, args=(r.stdout,), daemon=True) for r in readers]
    try:
        for thread in threads:
            thread.start()
            if not options.follow:
                thread.join()
        for thread in threads:
            thread.join()
    finally:
        for reader in readers:
            reader.terminate()
            reader.wait()
    return 1 if any(reader.returncode > 0 for reader in readers) else 0


def scale(topology, options):
    with alone(topology):
        old = topology
        topology = old.with_scale(options.count)
        if topology.query_count >= old.query_count:
            announce_certificates(certificates.ensure(topology))
        kept = {n.name for n in topology.nodes}
        bring_up(topology, [n for n in topology.nodes if n.role == "query"], options.wait)
        topology.keep_scale()
        write_json(topology.client_file, client_config(topology))
        for node in reversed([n for n in old.nodes if n.name not in kept]):
            stop(old, node)
            say(f"{node.name} stopped")
    say(f"query: {topology.query_count} {'node' if topology.query_count == 1 else 'nodes'}: {', '.join(topology.endpoints('query'))}")


def restart(topology, options):
    with alone(topology):
        nodes = topology.select(options.service)
        check_binaries(topology, nodes)
        announce_certificates(certificates.ensure(topology))
        local.prepare(topology)
        write_json(topology.client_file, client_config(topology))
        for node in nodes:
            if node.local:
                local.stop(topology, node, say)
                local.check_ports(topology, node)
                local.start(topology, node)
            else:
                remote.bring(topology, node, again=True)
            wait_ready(topology, node, options.wait)
            say(f"{node.name} restarted")


def certs(topology, options):
    failures = []
    with alone(topology):
        made = certificates.ensure(topology, renew=options.renew)
        announce_certificates(made)
        if not made:
            say(f"all certificates in {topology.certificates} are good")
        for node in topology.nodes:
            try:
                if not node.local and remote.bring_certificates(topology, node):
                    say(f"{node.name} on {node.host} has the new ones")
            except Failure as failure:
                failures.append(str(failure))  # the others get theirs all the same
    if failures:
        raise Failure("\n".join(dict.fromkeys(failures)))
    if made:
        say("services that run take them within 10 seconds")


def announce_certificates(made):
    if made:
        say(f"certificates made: {', '.join(made)}")


def units(topology, options):
    for path in remote.write_units(topology, topology.nodes, Path(options.out)):
        print(path)
