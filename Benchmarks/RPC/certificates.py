"""An authority and one certificate for both sides of a benchmark, and a free port."""
import socket, subprocess


def make(folder):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    openssl(*new, "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(*new, "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=peer", "-keyout", "peer.key", "-out", "peer.pem",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,URI:chancery:role:operator")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
