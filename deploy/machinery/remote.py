"""Services on other hosts: systemd units, brought there and driven over ssh."""
import hashlib
import io
import json
import re
import shlex
import subprocess
import tarfile
import time

from . import Failure
from .local import readable
from .topology import has_revocations, service_config

BINARIES = "opt/chancery/bin"
SETTINGS = "etc/chancery"
UNITS = "etc/systemd/system"
SSH_SECONDS = 15
SSH_FAILED = 255  # the exit code of ssh itself
ENDS = 5  # of a unit in a row, after which waiting for it is over
TAIL_LINES = 15


def unit_name(node):
    return f"chancery-{node.name}.service"


def unit(topology, node):
    """The systemd unit of the node."""
    return f"""[Unit]
Description=Chancery {node.name} ({topology.cluster.replace("%", "%%")})
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=60
StartLimitBurst=20

[Service]
User={topology.user}
ExecStart=/{BINARIES}/{node.binary} --config /{SETTINGS}/{node.name}.json
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=1
KillSignal=SIGTERM
TimeoutStopSec=40
LimitNOFILE=65536
StateDirectory=chancery/{node.name}
StateDirectoryMode=0750
UMask=0027
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
RestrictSUIDSGID=yes
LockPersonality=yes

[Install]
WantedBy=multi-user.target
"""


def files(topology, node):
    """The unit and the configuration that the node's host needs, by path from its root: contents and mode."""
    config = service_config(topology, node, f"/{SETTINGS}/certificates", f"/var/lib/chancery/{node.name}")
    return {
        f"{UNITS}/{unit_name(node)}": (unit(topology, node).encode(), 0o644),
        f"{SETTINGS}/{node.name}.json": ((json.dumps(config, indent=2) + "\n").encode(), 0o644),
    }


def certificate_files(topology, node):
    """The certificates that the node's host needs, likewise."""
    names = [(f"{node.name}.pem", 0o644), (f"{node.name}.key", 0o640), ("ca.pem", 0o644)]
    names += [("crl.pem", 0o644)] if has_revocations(topology) else []
    return {f"{SETTINGS}/certificates/{name}": ((topology.certificates / name).read_bytes(), mode) for name, mode in names}


def write_units(topology, nodes, directory):
    """Writes units and configuration of `nodes` below `directory`/HOST; gives the paths."""
    written = []
    for node in nodes:
        for name, (contents, mode) in files(topology, node).items():
            path = directory / node.address / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents)
            path.chmod(mode)
            written.append(path)
    return written


def ssh_line(topology, host, command):
    """What runs `command` in a POSIX shell on `host`, whatever the login shell there is."""
    ours = ["BatchMode=yes", f"ConnectTimeout={SSH_SECONDS}", f"ServerAliveInterval={SSH_SECONDS}"]
    options = topology.ssh_options + [word for option in ours for word in ("-o", option)]  # of two that differ ssh takes the first
    return ["ssh", *options, "--", host, f"sh -ec {shlex.quote(command)}"]


def ssh(topology, host, command, data=b"", check=True):
    """Runs `command` on `host` with `data` as its standard input. Throws when ssh fails, and when the command does unless not `check`."""
    try:
        done = subprocess.run(ssh_line(topology, host, command), input=data, capture_output=True)
    except FileNotFoundError:
        raise Failure("the ssh command is missing: install openssh-client")
    if done.returncode == SSH_FAILED or check and done.returncode != 0:
        complaint = done.stderr.decode(errors="replace").strip()
        raise Failure(f"{host}: {complaint or f'a command there ended with exit code {done.returncode}'}")
    return done


def sudo(topology, script):
    """`script` as root on the other side."""
    return f"{topology.sudo} sh -ec {shlex.quote(script)}".strip()


def bring(topology, node, again=False):
    """Copies what the node needs to its host and starts it anew. Unless `again`, a node that runs with just these files is left alone, and one that needs new
    certificates only goes on and takes them."""
    program, contents, secrets = f"{BINARIES}/{node.binary}", files(topology, node), certificate_files(topology, node)
    contents[program] = ((topology.binaries / node.binary).read_bytes(), 0o755)
    note, unit_file, user = f"/{SETTINGS}/{node.name}.installed", unit_name(node), topology.user
    installed = ssh(topology, node.host, f"cat {note} && systemctl is-active --quiet {unit_file}", check=False)
    known = installed.stdout.decode().split() if installed.returncode == 0 and not again else []
    stated = [digest(contents), digest(secrets)]
    if known == stated:
        return
    if known[:1] == stated[:1]:
        return bring_certificates(topology, node)
    contents |= secrets
    # Everything is there whole before anything is put in its place: a copy that breaks off leaves what runs, and what it would be
    # restarted with, as it was.
    script = f"""
id -u {user} >/dev/null 2>&1 || useradd --system --home-dir /var/lib/chancery --shell /usr/sbin/nologin {user}
rm -f {note}
tar -x -C / --no-same-owner --no-overwrite-dir -p -f -
{NEEDS.replace("PROGRAM", f"/{program}.new")}
{NEEDS_OF_INGEST if node.role == "ingest" else ""}
chown root:"$(id -gn {user})" /{SETTINGS}/certificates/{node.name}.key.new
for file in {" ".join(contents)}; do mv -f "/$file.new" "/$file"; done
systemctl daemon-reload
systemctl enable --quiet {unit_file}
systemctl reset-failed {unit_file} 2>/dev/null || true
systemctl restart {unit_file}
echo {" ".join(stated)} > {note}
"""
    ssh(topology, node.host, sudo(topology, script), data=archive(contents))


def bring_certificates(topology, node):
    """Copies new certificates to the node's host, where the node takes them and goes on; says whether they were new. One that was never brought is left alone."""
    note, unit_file = f"/{SETTINGS}/{node.name}.installed", unit_name(node)
    secrets = certificate_files(topology, node)
    known, stated = ssh(topology, node.host, f"cat {note} || true").stdout.decode().split(), digest(secrets)
    if len(known) != 2 or known[1] == stated:
        return False
    script = f"""
tar -x -C / --no-same-owner --no-overwrite-dir -p -f -
chown root:"$(id -gn {topology.user})" /{SETTINGS}/certificates/{node.name}.key.new
for file in {" ".join(secrets)}; do mv -f "/$file.new" "/$file"; done
if systemctl is-active --quiet {unit_file}; then systemctl reload {unit_file}; fi
echo {known[0]} {stated} > {note}
"""
    ssh(topology, node.host, sudo(topology, script), data=archive(secrets))
    return True


# That the host has what the programs need is found out before anything is replaced.
NEEDS = """
libraries=$(ldd PROGRAM 2>&1) || true
case "$libraries" in
  *"not found"*|*"not a dynamic executable"*)
    echo "the programs do not run on this host; it needs the same release of Debian or Ubuntu as where they were built, and what" \
      "\\`deploy/install-dependencies --runtime\\` installs:" >&2
    echo "$libraries" | grep "not " >&2
    exit 1 ;;
esac
"""
NEEDS_OF_INGEST = """
for helper in /usr/bin/pdftotext /usr/bin/bsdtar; do
  [ -x "$helper" ] || { echo "$helper is missing on this host: run \\`deploy/install-dependencies --runtime\\` there" >&2; exit 1; }
done
"""


def digest(contents):
    """SHA-256 over names, modes and bytes: which state of the files a host has."""
    total = hashlib.sha256()
    for name, (data, mode) in sorted(contents.items()):
        total.update(f"{name} {mode:o} {hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def archive(contents):
    """A tar file of `contents`, each under its name with .new after it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, (data, mode) in contents.items():
            entry = tarfile.TarInfo(name + ".new")
            entry.size, entry.mode, entry.mtime = len(data), mode, time.time()
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def stop(topology, node):
    """Stops the node and keeps it from starting with the host; says whether it ran."""
    return stop_unit(topology, node.host, unit_name(node))


def stop_unit(topology, host, unit_file):
    ran = is_active(topology, host, unit_file)
    script = f"""
if systemctl cat {unit_file} >/dev/null 2>&1; then
  systemctl disable --now --quiet {unit_file}
  systemctl reset-failed {unit_file} 2>/dev/null || true
fi
"""
    ssh(topology, host, sudo(topology, script))
    if is_active(topology, host, unit_file):
        raise Failure(f"{unit_file} still runs on {host}")
    return ran


def is_active(topology, host, unit_file):
    return ssh(topology, host, f"systemctl is-active --quiet {unit_file}", check=False).returncode == 0


def strays(topology, host):
    """Units of Chancery that run on `host` and that the topology does not name there, e.g. of a node that was moved by hand."""
    done = ssh(topology, host, "systemctl list-units --plain --no-legend --state=active,activating 'chancery-*.service'")
    known = {unit_name(n) for n in topology.nodes if n.host == host}
    return [line.split()[0] for line in done.stdout.decode().splitlines() if line.split()[0] not in known]


# Needs bash on the host for the connection, and nothing else.
OBSERVE = r"""
systemctl show --property ActiveState,MainPID,NRestarts UNIT
for page in health metrics; do
  printf '\n=== %s\n' "$page"
  timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/PORT && printf "GET /%s HTTP/1.0\r\n\r\n" "$0" >&3 && cat <&3' "$page" 2>/dev/null || true
done
"""


def ask(topology, node):
    """What systemd says about the unit (its properties), and its /health (None when nobody answers) and /metrics."""
    script = OBSERVE.replace("UNIT", unit_name(node)).replace("PORT", str(node.metrics))
    shown, health, metrics = re.split(r"\n=== \w+\n", ssh(topology, node.host, script).stdout.decode(errors="replace"))
    properties = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    try:
        answer = json.loads(health.partition("\r\n\r\n")[2])
    except ValueError:
        answer = None
    return properties, answer, dict(re.findall(r"^(\w+) ([0-9.eE+-]+)$", metrics, re.MULTILINE))


def observe(topology, node):
    """The node's process id, None when it does not run; what its /health says; its figures."""
    properties, answer, metrics = ask(topology, node)
    pid = int(properties.get("MainPID", 0))
    if pid == 0:
        return None, None, {}
    figures = {}
    if "process_uptime_seconds" in metrics:
        figures = {
            "resident_bytes": int(float(metrics["process_resident_memory_bytes"])),
            "peak_resident_bytes": int(float(metrics["process_resident_memory_peak_bytes"])),
            "uptime_seconds": round(float(metrics["process_uptime_seconds"]), 1)}
    return pid, answer, figures


def wait_ready(topology, node, seconds):
    """Waits until the node says that it is ready. A Failure tells why it is not, with the end of its log."""
    deadline = time.monotonic() + seconds
    while True:
        properties, answer, _ = ask(topology, node)
        if answer is not None and answer.get("service") not in (None, node.binary):
            raise Failure(f"{node.name}: {answer.get('service')} answers on metrics port {node.metrics} of {node.host}")
        if answer is not None and answer.get("ready"):
            return
        ends = int(properties.get("NRestarts", 0))
        if properties.get("ActiveState") == "failed" or ends >= ENDS:
            raise Failure(f"{node.name} on {node.host} ends whenever systemd starts it\n{tail(topology, node)}")
        if time.monotonic() > deadline:
            reason = "it does not answer" if answer is None else answer.get("reason") or "it gives no reason"
            raise Failure(f"{node.name} on {node.host} is not ready after {seconds:g} s: {reason}\n{tail(topology, node)}")
        time.sleep(0.5)


def log_command(topology, node, lines):
    return f"{topology.sudo} journalctl --unit {unit_name(node)} --lines {lines} --output cat --no-pager".strip()


def tail(topology, node):
    """The last lines of the node's log, for an error."""
    done = ssh(topology, node.host, log_command(topology, node, TAIL_LINES), check=False)
    return "\n".join(f"  | {readable(line)}" for line in done.stdout.decode(errors="replace").splitlines())


def logs(topology, node, lines, follow):
    """Starts printing the node's log; gives the process."""
    command = "exec " + log_command(topology, node, lines) + (" --follow" if follow else "")
    return subprocess.Popen(ssh_line(topology, node.host, command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
