"""Certificates: an authority of our own and what it signs (P-256, through the openssl command), or the operator's."""
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import Failure
from .topology import CLIENT_ROLES, is_ip

CA_DAYS = 3650
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


def wanted(topology):
    """Each certificate that the topology needs: its name and its extensions."""
    result = {}
    for node in topology.nodes:
        names = [node.address] + (["localhost", "127.0.0.1", "::1"] if node.local else [])
        result[node.name] = extensions(node.role, names)
    for role in CLIENT_ROLES:
        result[role] = extensions(role, [])
    return result


def extensions(role, names):
    unique = list(dict.fromkeys(names))
    alternatives = [f"IP:{n}" if is_ip(n) else f"DNS:{n}" for n in unique] + [f"URI:chancery:role:{role}"]
    usage = "serverAuth, clientAuth" if names else "clientAuth"
    return "\n".join([
        "basicConstraints = critical, CA:FALSE",
        "keyUsage = critical, digitalSignature",
        f"extendedKeyUsage = {usage}",
        "subjectKeyIdentifier = hash",
        "authorityKeyIdentifier = keyid",
        f"subjectAltName = {', '.join(alternatives)}",
    ]) + "\n"


def ensure(topology, renew=False):
    """Makes what is missing, what ends soon and what the topology has changed. Gives the names of what was made."""
    if topology.own_certificates:
        if renew:
            raise Failure(f"the certificates in {topology.own_certificates} are yours: renew them there, then "
                          "`deploy/chancery restart all`")
        check_own(topology)
        return []
    directory = topology.certificates
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    made = []
    if not (directory / "ca.pem").exists():
        make_authority(topology, directory)
        made.append("ca")
    for name, text in wanted(topology).items():
        if renew or made[:1] == ["ca"] or not good(directory, name, text):
            if not (directory / "ca.key").exists():
                raise Failure(f"{directory / 'ca.key'} is needed to sign {name}: put it back; or remove ca.pem there, which makes a new "
                              "authority and every certificate anew")
            sign(topology, directory, name, text)
            made.append(name)
    return made


def good(directory, name, text):
    """Whether the certificate is there, says what it should, is signed by our authority and is not about to end."""
    certificate, key, stated = directory / f"{name}.pem", directory / f"{name}.key", directory / f"{name}.extensions"
    if not (certificate.exists() and key.exists() and stated.exists() and stated.read_text() == text):
        return False
    return (
        passes("verify", "-CAfile", directory / "ca.pem", certificate)
        and passes("x509", "-in", certificate, "-noout", "-checkend", RENEW_SECONDS)
        and belong_together(certificate, key))


def belong_together(certificate, key):
    """Whether `key` is the private key of `certificate`."""
    try:
        return openssl("x509", "-in", certificate, "-noout", "-pubkey") == openssl("pkey", "-in", key, "-passin", "pass:", "-pubout")
    except Failure:
        return False


def make_authority(topology, directory):
    with scratch(directory) as work:
        make_key(work / "ca.key")
        openssl(
            "req", "-x509", "-new", "-key", work / "ca.key", "-sha256", "-days", CA_DAYS,
            "-subj", f"/CN=Chancery {safe(topology.cluster)} authority",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-out", work / "ca.pem")
        put(work, directory, "ca.key", "ca.pem")


def sign(topology, directory, name, text):
    with scratch(directory) as work:
        make_key(work / f"{name}.key")
        (work / f"{name}.extensions").write_text(text)
        subject = f"/O=Chancery {safe(topology.cluster)}/CN={name}"
        openssl("req", "-new", "-key", work / f"{name}.key", "-subj", subject, "-out", work / "request")
        openssl(
            "x509", "-req", "-in", work / "request", "-CA", directory / "ca.pem", "-CAkey", directory / "ca.key", "-sha256",
            "-set_serial", "0x" + secrets.token_hex(16), "-days", topology.certificate_days, "-extfile", work / f"{name}.extensions",
            "-out", work / f"{name}.pem")
        put(work, directory, f"{name}.key", f"{name}.pem", f"{name}.extensions")


def make_key(path):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
    path.chmod(0o600)


def put(work, directory, *names):
    for name in names:
        os.replace(work / name, directory / name)


def safe(text):
    """`text` without what openssl's -subj gives a meaning to."""
    return "".join(c if c.isalnum() or c in " .-_" else "-" for c in text)


class scratch:
    """A directory beside the certificates for what is not finished, removed at the end."""

    def __init__(self, directory):
        self.directory = directory

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix=".new-", dir=self.directory))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


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
