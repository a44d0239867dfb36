"""Certificates: an authority of our own and what it signs, made by `chancery certs`; or the operator's."""
import ipaddress
import json
import os
import subprocess
from datetime import datetime

from . import Failure
from .topology import CLIENT_ROLES, is_ip

RENEW_SECONDS = 30 * 86400


def openssl(*arguments):
    """Runs openssl; its complaint becomes a Failure."""
    try:
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise Failure("the openssl command is missing: run deploy/install-dependencies")
    if done.returncode != 0:
        complaint = done.stderr.strip().splitlines()
        raise Failure(f"openssl {arguments[0]} failed: {complaint[0] if complaint else 'no reason given'}")
    return done.stdout


def passes(*arguments):
    try:
        openssl(*arguments)
        return True
    except Failure:
        return False


def certs(topology, *arguments):
    """Runs `chancery certs` on our certificates; what it prints as JSON."""
    program = topology.binaries / "chancery"
    if not os.access(program, os.X_OK):
        raise Failure(f"{program} is missing: build first with `make build`, or set binaries in {topology.path}")
    command = [program, "certs", *map(str, arguments), "--directory", topology.certificates, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        try:
            raise Failure(json.loads(done.stderr)["error"]["message"])
        except (ValueError, KeyError):
            raise Failure(f"chancery certs {arguments[0]} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def wanted(topology):
    """Each certificate that the topology needs: its name, role, clearance and hosts."""
    result = {}
    for node in topology.nodes:
        hosts = [node.address] + (["localhost", "127.0.0.1", "::1"] if node.local else [])
        result[node.name] = (node.role, None, list(dict.fromkeys(hosts)))
    for role in CLIENT_ROLES:
        result[role] = (role, None if role == "operator" else topology.clearance, [])
    return result


def ensure(topology, renew=False):
    """Makes what is missing, what ends soon and what the topology has changed. Gives the names of what was made."""
    if topology.own_certificates:
        if renew:
            raise Failure(f"the certificates in {topology.own_certificates} are yours: renew them there")
        check_own(topology)
        return []
    directory = topology.certificates
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    made = []
    if not (directory / "ca.pem").exists():
        certs(topology, "init", "--name", f"Chancery {topology.cluster} authority")
        made.append("ca")
    if not (directory / "crl.pem").exists():
        certs(topology, "revoke")  # nobody: it writes the list
    used = {row["name"]: row for row in certs(topology, "list")["certificates"] if row["file"]}
    for name, (role, clearance, hosts) in wanted(topology).items():
        if renew or not good(used.get(name), role, clearance, hosts):
            words = ["issue", name, "--role", role, "--valid", f"{topology.certificate_days}d", "--replace"]
            words += ["--clearance", clearance] if clearance else []
            certs(topology, *words, *(word for host in hosts for word in ("--host", host)))
            made.append(name)
    return made


def good(row, role, clearance, hosts):
    """Whether a certificate that `chancery certs list` knows is of use, says what it should and is not about to end."""
    if not row or row["state"] != "good" or (row["roles"], row["clearance"]) != ([role], clearance):
        return False
    seconds = (datetime.fromisoformat(row["until"]) - datetime.fromisoformat(row["from"])).total_seconds()
    return same_hosts(row["hosts"], hosts) and row["seconds_left"] > min(RENEW_SECONDS, seconds / 3)


def same_hosts(one, other):
    return {ipaddress.ip_address(h) if is_ip(h) else h for h in one} == {ipaddress.ip_address(h) if is_ip(h) else h for h in other}


def belong_together(certificate, key):
    """Whether `key` is the private key of `certificate`."""
    try:
        return openssl("x509", "-in", certificate, "-noout", "-pubkey") == openssl("pkey", "-in", key, "-passin", "pass:", "-pubout")
    except Failure:
        return False


def is_for(certificate, address):
    """Whether a client that connects to `address` accepts the certificate."""
    try:
        return "does match" in openssl("x509", "-in", certificate, "-noout", "-checkip" if is_ip(address) else "-checkhost", address)
    except Failure:
        return False  # newer versions of openssl end with an error then


def check_own(topology):
    """Whether the operator's certificates are there, signed by their authority, not ended, of the right role and for the right host."""
    directory = topology.own_certificates
    for name in ["ca.pem"] + [f"{n.name}.{end}" for n in topology.nodes for end in ("pem", "key")] + ["operator.pem", "operator.key"]:
        if not (directory / name).exists():
            raise Failure(f"{directory / name} is missing: certificates.directory must hold ca.pem, and NAME.pem with NAME.key for every "
                          "service and operator")
    for name, role, address in [(n.name, n.role, n.address) for n in topology.nodes] + [("operator", "operator", None)]:
        certificate = directory / f"{name}.pem"
        if not passes("verify", "-CAfile", directory / "ca.pem", "-untrusted", certificate, certificate):
            raise Failure(f"{certificate} is not signed by {directory / 'ca.pem'}, or has ended")
        if f"URI:chancery:role:{role}" not in openssl("x509", "-in", certificate, "-noout", "-ext", "subjectAltName"):
            raise Failure(f"{certificate} must have the subject alternative name URI:chancery:role:{role}")
        if address and not is_for(certificate, address):
            kind = "IP" if is_ip(address) else "DNS"
            raise Failure(f"{certificate} must have the subject alternative name {kind}:{address}, where {name} runs")
        if not belong_together(certificate, directory / f"{name}.key"):
            raise Failure(f"{directory / f'{name}.key'} is not the private key of {certificate}, or has a passphrase")
