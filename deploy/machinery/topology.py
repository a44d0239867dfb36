"""The topology file: which service runs on which host, with which ports and files."""
import ipaddress
import json
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from . import Failure

ROLES = ("ingest", "index", "query")  # in the order in which they start
CLIENT_ROLES = ("operator", "submitter", "reader")
CLEARANCES = ("general", "limited", "restricted", "confidential", "strictly-confidential")
MAXIMUM_NODES = 64
LOG_LEVELS = ("trace", "debug", "info", "notice", "warning", "error", "critical")

# The keys of a service's own configuration that come from elsewhere in the topology.
OWN_OPTIONS = {"listen", "metrics", "data", "certificate", "key", "ca", "crl", "cluster", "log-level", "ingest", "index"}
SERVICE_KEYS = {"host", "port", "metrics", "bind", "log-level", "options"}
KEYS = {
    "": {"cluster", "run", "binaries", "local", "ingest", "index", "query", "certificates", "ssh"},
    "ingest": SERVICE_KEYS,
    "index": SERVICE_KEYS,
    "query": (SERVICE_KEYS - {"host"}) | {"hosts", "nodes"},
    "certificates": {"directory", "days", "clearance"},
    "ssh": {"options", "sudo", "user"},
}


@dataclass(frozen=True)
class Node:
    """One process of one service."""

    name: str  # ingest, index, query-1 …
    role: str
    host: str  # as in the topology, perhaps with user@
    address: str  # what other hosts call it
    local: bool
    bind: str
    port: int
    metrics: int
    log_level: str
    options: dict = field(default_factory=dict, hash=False)

    @property
    def binary(self):
        return f"chancery-{self.role}"

    @property
    def endpoint(self):
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    @property
    def listen(self):
        return f"[{self.bind}]:{self.port}" if ":" in self.bind else f"{self.bind}:{self.port}"


class Topology:
    """A topology file that was read and found right; with `query_count` nodes of query, if given, instead of what is in force."""

    def __init__(self, path, query_count=None):
        self.path = Path(path).resolve()
        try:
            raw = tomllib.loads(self.path.read_text())
        except OSError as error:
            raise Failure(f"cannot read the topology {path}: {error.strerror}; name another with --topology")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Failure(f"{path}: {error}")
        self._check_keys(raw)
        base = self.path.parent
        self.cluster = self._text(raw, "", "cluster", "chancery")
        self.run = Path(os.path.normpath(base / self._text(raw, "", "run", "../run")))
        self.binaries = Path(os.path.normpath(base / self._text(raw, "", "binaries", "../.build/release")))
        self.local = self._text(raw, "", "local", "localhost")
        certificates = raw.get("certificates", {})
        own = self._text(certificates, "certificates", "directory", "")
        self.own_certificates = Path(os.path.normpath(base / own)) if own else None
        self.certificate_days = self._number(certificates, "certificates", "days", 397, 1, 3650)
        self.clearance = self._text(certificates, "certificates", "clearance", "general")
        if self.clearance not in CLEARANCES:
            raise self._wrong("certificates", "clearance", self.clearance, f"one of {', '.join(CLEARANCES)}")
        ssh = raw.get("ssh", {})
        self.ssh_options = ssh.get("options", [])
        if not isinstance(self.ssh_options, list) or not all(isinstance(o, str) for o in self.ssh_options):
            raise self._wrong("ssh", "options", self.ssh_options, "a list of texts")
        self.sudo = self._text(ssh, "ssh", "sudo", "sudo -n")
        self.user = self._text(ssh, "ssh", "user", "chancery")
        if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", self.user):
            raise self._wrong("ssh", "user", self.user, "the name of a user: small letters, digits, - and _")
        self.raw = raw
        self.query_count = query_count or self._query_count()
        self.nodes = self._nodes()

    # ---- Places ----

    @property
    def certificates(self):
        return self.own_certificates or self.run / "certificates"

    def config_file(self, node):
        return self.run / "config" / f"{node.name}.json"

    def log_file(self, node):
        return self.run / "logs" / f"{node.name}.log"

    def pid_file(self, node):
        return self.run / "pids" / f"{node.name}.json"

    @property
    def client_file(self):
        return self.run / "client.json"

    @property
    def scale_file(self):
        return self.run / "scale.json"

    # ---- Nodes ----

    def with_scale(self, count):
        """This topology with `count` query nodes; it holds from now on once `keep_scale` was called."""
        if not 1 <= count <= MAXIMUM_NODES:
            raise Failure(f"query can have 1 to {MAXIMUM_NODES} nodes, not {count}")
        return Topology(self.path, count)

    def keep_scale(self):
        write_json(self.scale_file, {"query": self.query_count})

    def _query_count(self):
        standard = self._number(self.raw.get("query", {}), "query", "nodes", 1, 1, MAXIMUM_NODES)
        try:
            count = json.loads(self.scale_file.read_text())["query"]
        except FileNotFoundError:
            return standard
        except (OSError, ValueError, KeyError, TypeError):
            raise Failure(f"{self.scale_file} cannot be read: remove it, and the topology's number of query nodes holds")
        if not isinstance(count, int) or not 1 <= count <= MAXIMUM_NODES:
            raise Failure(f"{self.scale_file} asks for {count} query nodes: remove it, and the topology's number holds")
        return count

    def select(self, name):
        """The nodes that `name` means: a node's name, a role, or all."""
        if name is None or name == "all":
            return self.nodes
        found = [n for n in self.nodes if name in (n.name, n.role, n.binary)]
        if not found:
            names = ", ".join([n.name for n in self.nodes] + ["query", "all"])
            raise Failure(f"there is no service {name}; there are {names}")
        return found

    def endpoints(self, role):
        return [n.endpoint for n in self.nodes if n.role == role]

    def _nodes(self):
        hosts = {role: [self._text(self.raw.get(role, {}), role, "host", self.local)] for role in ("ingest", "index")}
        query_hosts = self.raw.get("query", {}).get("hosts", [self.local])
        if not isinstance(query_hosts, list) or not query_hosts or not all(isinstance(h, str) and h for h in query_hosts):
            raise self._wrong("query", "hosts", query_hosts, "a list of host names")
        hosts["query"] = query_hosts
        named = [h for hs in hosts.values() for h in hs]
        for host in named + [self.local]:
            if not re.fullmatch(r"([A-Za-z0-9._-]+@)?[A-Za-z0-9.:_-]+", host) or host.startswith("-"):
                raise Failure(f"{self.path}: {host!r} is no host: a name or an address is, without a port, perhaps with USER@ before it")
        if any(h != self.local for h in named) and any(is_loopback(address_of(h)) for h in named):
            raise Failure(f'{self.path}: services on this machine and on others: set local = "NAME", the name by which the others reach '
                          "it, and name this machine so wherever a service runs on it")
        nodes = [self._node(role, role, hosts[role][0], 0) for role in ("ingest", "index")]
        used = {}
        for number in range(self.query_count):
            host = query_hosts[number % len(query_hosts)]
            before = used.get(address_of(host), 0)
            nodes.append(self._node(f"query-{number + 1}", "query", host, before))
            used[address_of(host)] = before + 1
        taken = {}
        for node in nodes:
            for port in (node.port, node.metrics):
                other = taken.setdefault((node.address, port), node.name)
                if other != node.name or node.port == node.metrics:
                    raise Failure(f"{self.path}: {other} and {node.name} both want port {port} of {node.address}")
        return nodes

    def _node(self, name, role, host, offset):
        section = self.raw.get(role, {})
        first = {"ingest": (7410, 8410), "index": (7420, 8420), "query": (7430, 8430)}[role]
        level = self._text(section, role, "log-level", "info")
        if level not in LOG_LEVELS:
            raise self._wrong(role, "log-level", level, "one of " + ", ".join(LOG_LEVELS))
        options = section.get("options", {})
        if not isinstance(options, dict):
            raise self._wrong(role, "options", options, "a table")
        for key in options:
            if key in OWN_OPTIONS:
                raise Failure(f"{self.path}: {role}.options.{key} is set by this script; options are for the other keys of chancery-{role}")
        address = address_of(host)
        return Node(
            name=name,
            role=role,
            host=host,
            address=address,
            local=host == self.local,
            bind=self._text(section, role, "bind", standard_bind(address)),
            port=self._number(section, role, "port", first[0], 1, 65535 - MAXIMUM_NODES) + offset,
            metrics=self._number(section, role, "metrics", first[1], 1, 65535 - MAXIMUM_NODES) + offset,
            log_level=level,
            options=options,
        )

    # ---- Checks ----

    def _check_keys(self, raw):
        for section, known in KEYS.items():
            table = raw.get(section, {}) if section else raw
            if not isinstance(table, dict):
                raise Failure(f"{self.path}: {section} must be a section, [{section}]")
            for key in table:
                if key not in known:
                    place = f"[{section}]" if section else "the top"
                    raise Failure(f'{self.path}: unknown key "{key}" at {place}; known are {", ".join(sorted(known))}')

    def _wrong(self, section, key, value, allowed):
        return Failure(f"{self.path}: {section + '.' if section else ''}{key} is {value!r}; it must be {allowed}")

    def _text(self, table, section, key, standard):
        value = table.get(key, standard)
        if not isinstance(value, str) or any(ord(c) < 32 for c in value):
            raise self._wrong(section, key, value, "text")
        return value

    def _number(self, table, section, key, standard, lowest, highest):
        value = table.get(key, standard)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise self._wrong(section, key, value, f"a whole number from {lowest} to {highest}")
        return value


def service_config(topology, node, certificates, data):
    """The configuration that `node` reads, with certificates and data in these directories."""
    config = {
        "listen": node.listen,
        "metrics": node.metrics,
        "data": str(data),
        "certificate": f"{certificates}/{node.name}.pem",
        "key": f"{certificates}/{node.name}.key",
        "ca": f"{certificates}/ca.pem",
        "cluster": topology.cluster,
        "log-level": node.log_level,
    }
    if has_revocations(topology):
        config["crl"] = f"{certificates}/crl.pem"
    if node.role != "ingest":
        config["ingest"] = topology.endpoints("ingest")
    if node.role == "query":
        config["index"] = topology.endpoints("index")
    return config | node.options


def has_revocations(topology):
    """Whether services look up what is revoked: with our own authority always, with the operator's when he keeps a list."""
    return topology.own_certificates is None or (topology.own_certificates / "crl.pem").exists()


def client_config(topology):
    """What the `chancery` command reads: all endpoints and the operator's certificate."""
    config = {role: topology.endpoints(role) for role in ROLES} | {
        "certificate": f"{topology.certificates}/operator.pem",
        "key": f"{topology.certificates}/operator.key",
        "ca": f"{topology.certificates}/ca.pem",
        "cluster": topology.cluster,
    }
    if has_revocations(topology):
        config["crl"] = f"{topology.certificates}/crl.pem"
    return config


def address_of(host):
    """What other hosts call `host`: without the user that ssh is told."""
    return host.rpartition("@")[2]


def is_loopback(address):
    return address == "localhost" or is_ip(address) and ipaddress.ip_address(address).is_loopback


def standard_bind(address):
    """What a service at `address` listens on: loopback only if that is its address, else every interface."""
    if is_loopback(address):
        return "127.0.0.1" if address == "localhost" else address
    return "::" if ":" in address else "0.0.0.0"


def is_ip(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False


def write_json(path, value):
    """Writes `value` at `path` in one step; says whether that changed anything."""
    text = (json.dumps(value, indent=2) + "\n").encode()
    try:
        if path.read_bytes() == text:
            return False
    except FileNotFoundError:
        pass
    new = path.with_name(path.name + ".new")
    new.write_bytes(text)
    new.replace(path)
    return True
