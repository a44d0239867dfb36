"""Services on other hosts: systemd units, brought there and driven over ssh."""
import hashlib
import io
import json
import shlex
import subprocess
import tarfile
import time

from . import Failure
from .topology import service_config

BINARIES = "opt/chancery/bin"
SETTINGS = "etc/chancery"
UNITS = "etc/systemd/system"
SSH_SECONDS = 15


def unit_name(node):
    return f"chancery-{node.name}.service"


def unit(topology, node):
    """The systemd unit of the node."""
    return f"""[Unit]
Description=Chancery {node.name} ({topology.cluster})
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=60
StartLimitBurst=20

[Service]
User={topology.user}
Group={topology.user}
ExecStart=/{BINARIES}/{node.binary} --config /{SETTINGS}/{node.name}.json
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


def files(topology, node, with_secrets=True):
    """What the node's host needs, by path from its root: contents and mode."""
    config = service_config(topology, node, f"/{SETTINGS}/certificates", f"/var/lib/chancery/{node.name}")
    result = {
        f"{UNITS}/{unit_name(node)}": (unit(topology, node).encode(), 0o644),
        f"{SETTINGS}/{node.name}.json": ((json.dumps(config, indent=2) + "\n").encode(), 0o644),
    }
    if with_secrets:
        for name, mode in ((f"{node.name}.pem", 0o644), (f"{node.name}.key", 0o640), ("ca.pem", 0o644)):
            result[f"{SETTINGS}/certificates/{name}"] = ((topology.certificates / name).read_bytes(), mode)
    return result


def write_units(topology, nodes, directory):
    """Writes units and configuration of `nodes` below `directory`/HOST; gives the paths."""
    written = []
    for node in nodes:
        for name, (contents, mode) in files(topology, node, with_secrets=False).items():
            path = directory / node.address / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents)
            path.chmod(mode)
            written.append(path)
    return written


def ssh(topology, host, command, data=None, capture=True, check=True):
    """Runs `command` in a shell on `host`."""
    line = ["ssh", "-o", "BatchMode=yes", "-o", f"ConnectTimeout={SSH_SECONDS}", *topology.ssh_options, "--", host, command]
    try:
        done = subprocess.run(line, input=data, capture_output=capture)
    except FileNotFoundError:
        raise Failure("the ssh command is missing: install openssh-client")
    if check and done.returncode != 0:
        complaint = (done.stderr or b"").decode(errors="replace").strip()
        raise Failure(f"{host}: {complaint or f'a command there ended with exit code {done.returncode}'}")
    return done


def sudo(topology, script):
    """`script` as root on the other side."""
    return f"{topology.sudo} sh -ec {shlex.quote(script)}".strip()


def bring(topology, node, again=False):
    """Copies what the node needs to its host and starts it anew. Unless `again`, a node that runs with just these files is left alone."""
    contents = files(topology, node)
    binary = topology.binaries / node.binary
    try:
        contents[f"{BINARIES}/{node.binary}"] = (binary.read_bytes(), 0o755)
    except OSError:
        raise Failure(f"{binary} is missing: build first with `make build`, or set binaries in {topology.path}")
    stated = digest(contents)
    note, unit_file, user = f"/{SETTINGS}/{node.name}.installed", unit_name(node), topology.user
    installed = ssh(topology, node.host, f"cat {note} 2>/dev/null && systemctl is-active --quiet {unit_file}", check=False)
    if installed.returncode == 0 and installed.stdout.decode().strip() == stated and not again:
        return False
    script = f"""
id -u {user} >/dev/null 2>&1 || useradd --system --home-dir /var/lib/chancery --shell /usr/sbin/nologin {user}
rm -f {note}
tar -x -C / --no-same-owner --no-overwrite-dir -p -f -
chown root:{user} /{SETTINGS}/certificates/{node.name}.key
systemctl daemon-reload
systemctl enable --quiet {unit_file}
systemctl restart {unit_file}
echo {stated} > {note}
"""
    ssh(topology, node.host, sudo(topology, script), data=archive(contents))
    return True


def digest(contents):
    """SHA-256 over names, modes and bytes: which state of the files a host has."""
    total = hashlib.sha256()
    for name, (data, mode) in sorted(contents.items()):
        total.update(f"{name} {mode:o} {hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def archive(contents):
    """A tar file of `contents`. Files are put beside the old ones and renamed by tar (it unlinks first), so running programs go on."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, (data, mode) in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(data), mode, time.time()
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def stop(topology, node):
    """Stops the node and keeps it from starting with the host; says whether it ran."""
    ran = ssh(topology, node.host, f"systemctl is-active --quiet {unit_name(node)}", check=False).returncode == 0
    ssh(topology, node.host, sudo(topology, f"if systemctl cat {unit_name(node)} >/dev/null 2>&1; then systemctl disable --now --quiet {unit_name(node)}; fi"))
    if ssh(topology, node.host, f"systemctl is-active --quiet {unit_name(node)}", check=False).returncode == 0:
        raise Failure(f"{node.name} still runs on {node.host}")
    return ran


HEALTH = """bash -c 'exec 3<>/dev/tcp/127.0.0.1/PORT && printf "GET /health HTTP/1.0\\r\\n\\r\\n" >&3 && timeout 5 cat <&3'"""


def health(topology, node):
    """What /health says on its host: a dictionary, or None when nobody answers. Needs bash there and nothing else."""
    done = ssh(topology, node.host, HEALTH.replace("PORT", str(node.metrics)), check=False)
    if done.returncode == 255:
        raise Failure(f"{node.host}: {done.stderr.decode(errors='replace').strip() or 'ssh failed'}")
    try:
        return json.loads(done.stdout.partition(b"\r\n\r\n")[2])
    except ValueError:
        return None


def logs(topology, node, lines, follow):
    """Starts printing the node's log; gives the process."""
    command = f"journalctl --unit {unit_name(node)} --lines {lines} --output cat" + (" --follow" if follow else "")
    prefix = f"{topology.sudo} " if topology.sudo else ""
    return subprocess.Popen(["ssh", "-o", "BatchMode=yes", *topology.ssh_options, "--", node.host, prefix + command], stdout=subprocess.PIPE)
