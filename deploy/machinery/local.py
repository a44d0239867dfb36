"""Services that run on this machine as processes of their own session."""
import errno
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import Failure
from .topology import service_config, write_json

STOP_SECONDS = 40  # more than the services' own limit for finishing their work
KILL_SECONDS = 10
MAXIMUM_LOG_BYTES = 64 << 20


def prepare(topology):
    """Makes the run directory and the configuration files. Gives the names of nodes whose configuration changed."""
    for name in ("config", "logs", "pids", "data"):
        (topology.run / name).mkdir(parents=True, exist_ok=True)
    changed = set()
    for node in topology.nodes:
        if node.local:
            config = service_config(topology, node, topology.certificates, topology.run / "data" / node.name)
            if write_json(topology.config_file(node), config):
                changed.add(node.name)
    return changed


# ---- Whose process is it ----

def arguments_of(pid):
    """The command line of a living process; [] when there is none."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return []
    return [] if state in "ZX" else [os.fsdecode(w) for w in words]


def is_node(topology, node, pid):
    """Whether `pid` is this node of this run directory: a process id may belong to somebody else by now."""
    words = arguments_of(pid)
    return len(words) > 2 and os.path.basename(words[0]) == node.binary and words[1:3] == ["--config", str(topology.config_file(node))]


def find(topology, node):
    """The node's process id: the one written down if it is really this node, else one found in /proc; None when it does not run."""
    file = topology.pid_file(node)
    try:
        pid = json.loads(file.read_text())["pid"]
        if is_node(topology, node, pid):
            return pid
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError):
        pass  # half written or of a machine that stopped: /proc knows
    for entry in os.listdir("/proc"):
        if entry.isdigit() and is_node(topology, node, int(entry)):
            topology.pid_file(node).parent.mkdir(parents=True, exist_ok=True)
            write_json(file, {"pid": int(entry), "service": node.name})
            return int(entry)
    file.unlink(missing_ok=True)
    return None


def session_members(pid):
    """Living processes of the session that `pid` leads: the node and its helpers."""
    members = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if len(fields) > 3 and int(fields[3]) == pid and fields[0] not in "ZX":
            members.append(int(entry))
    return members


# ---- Starting and stopping ----

def check_ports(topology, node):
    """Whether the node can listen where it should, when it does not run yet."""
    for host, port, what in ((node.bind, node.port, "the protocol"), ("127.0.0.1", node.metrics, "metrics")):
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Failure(f"{node.name}: port {port} for {what} is used by another program: stop that, or change the port in "
                              f"{topology.path}")
            raise Failure(f"{node.name}: cannot listen on {host} port {port} for {what}: {error.strerror}; {topology.path} names it")


def start(topology, node):
    """Starts the node, which does not run."""
    log = topology.log_file(node)
    if log.exists() and log.stat().st_size > MAXIMUM_LOG_BYTES:
        log.replace(log.with_name(log.name + ".1"))
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(topology.binaries / node.binary), "--config", str(topology.config_file(node))],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, cwd=topology.run,
            env={k: v for k, v in os.environ.items() if not k.startswith("CHANCERY_")})
    write_json(topology.pid_file(node), {"pid": process.pid, "service": node.name})
    node_processes[node.name] = process


node_processes = {}  # those started by this command, so that one that ends at once is noticed


def stop(topology, node, say):
    """Lets the node finish its work and stop; kills it when that takes too long. Says whether it ran."""
    pid = find(topology, node)
    if pid is None:
        return False
    send(pid, signal.SIGTERM)
    if not ended(topology, node, pid, STOP_SECONDS):
        say(f"{node.name} did not stop within {STOP_SECONDS} s: killing it (nothing acknowledged is lost)")
        send(pid, signal.SIGKILL)
        if not ended(topology, node, pid, KILL_SECONDS):
            raise Failure(f"{node.name} (process {pid}) cannot be ended")
    for helper in session_members(pid):
        send(helper, signal.SIGKILL)
    topology.pid_file(node).unlink(missing_ok=True)
    return True


def ended(topology, node, pid, seconds):
    deadline = time.monotonic() + seconds
    while is_node(topology, node, pid):
        if time.monotonic() > deadline:
            return False
        process = node_processes.get(node.name)
        if process is not None:
            process.poll()
        time.sleep(0.05)
    return True


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def strays(topology):
    """Processes of this run directory that no node of the topology accounts for, e.g. of a node that was scaled away by hand."""
    known = {str(topology.config_file(n)) for n in topology.nodes}
    prefix = str(topology.run / "config") + "/"
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        words = arguments_of(int(entry))
        if len(words) > 2 and os.path.basename(words[0]).startswith("chancery-") and words[1] == "--config":
            if words[2].startswith(prefix) and words[2] not in known:
                found.append((int(entry), Path(words[2]).stem))
    return found


# ---- Watching ----

def health(node):
    """What /health says: a dictionary, or None when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", node.metrics, timeout=3)
    try:
        connection.request("GET", "/health")
        return json.loads(connection.getresponse().read(1 << 16))
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def observe(topology, node):
    """The node's process id, None when it does not run; what its /health says; its figures."""
    pid = find(topology, node)
    return (None, None, {}) if pid is None else (pid, health(node), figures(pid))


def figures(pid):
    """Memory in bytes, now and at most, and seconds since the start."""
    status = {}
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in ("VmRSS", "VmHWM"):
                status[name] = int(value.split()[0]) * 1024
        ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return {}
    return {"resident_bytes": status.get("VmRSS"), "peak_resident_bytes": status.get("VmHWM"), "uptime_seconds": round(uptime, 1)}


def wait_ready(topology, node, seconds):
    """Waits until the node says that it is ready. A Failure tells why it is not, with the end of its log."""
    deadline = time.monotonic() + seconds
    while True:
        process = node_processes.get(node.name)
        if process is not None and process.poll() is not None:
            topology.pid_file(node).unlink(missing_ok=True)
            raise Failure(f"{node.name} ended at once, {ending(process.returncode)}\n{tail(topology.log_file(node))}")
        answer = health(node)
        if answer is not None and answer.get("service") not in (None, node.binary):
            raise Failure(f"{node.name}: {answer.get('service')} answers on metrics port {node.metrics}")
        if answer is not None and answer.get("ready"):
            return
        if time.monotonic() > deadline:
            reason = "it does not answer" if answer is None else answer.get("reason") or "it gives no reason"
            raise Failure(f"{node.name} is not ready after {seconds:g} s: {reason}\n{tail(topology.log_file(node))}")
        time.sleep(0.05)


def ending(code):
    return f"by signal {-code}" if code < 0 else f"with exit code {code}"


def tail(path, lines=15):
    """The last lines of a log, for an error."""
    try:
        text = path.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return ""
    return "\n".join(f"  | {readable(line)}" for line in text)


def readable(line):
    """A log line for people: time, level, message, then the rest as name=value. Other lines stay as they are."""
    try:
        entry = json.loads(line)
        rest = {k: v for k, v in entry.items() if k not in ("time", "level", "service", "message")}
        pairs = "".join(f" {k}={v if isinstance(v, str) and ' ' not in v else json.dumps(v, ensure_ascii=False)}" for k, v in rest.items())
        return f"{entry['time']} {entry['level']:<8} {entry['service']}: {entry['message']}{pairs}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return line
