"""Real services with certificates of their own, for tests."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from collections import deque
from pathlib import Path

from chancery import Endpoint, Settings

ROOT = Path(__file__).resolve().parents[3]
PRODUCTS = ROOT / ".build" / "debug"
VECTORS = ROOT / "Tests" / "Vectors"
SAMPLE = ROOT / "deploy" / "sample"
CLUSTER = "test"
ROLES = ("ingest", "index", "query", "operator", "submitter", "reader")


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Node:
    """A service process."""

    def __init__(self, process: subprocess.Popen[str], endpoint: Endpoint) -> None:
        assert process.stderr is not None
        self.process = process
        self.endpoint = endpoint
        # The log is read to its end so that the service never waits for us.
        self.reader = threading.Thread(target=deque, args=(process.stderr, 0), daemon=True)
        self.reader.start()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Asks it to finish its work and stop. Does not wait."""
        self.process.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Ends it, if it has not ended, and the reading of its log."""
        self.kill()
        self.reader.join()
        if self.process.stderr is not None:
            self.process.stderr.close()


class Deployment:
    """A folder with an authority and fresh certificates, where services run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: list[Node] = []
        self.authority("ca")
        for role in ROLES:
            self.certificate(role, role=role)

    def authority(self, name: str) -> None:
        """Makes a self-signed authority."""
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}"),
            *("-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.crt"),
        )

    def certificate(self, name: str, *, role: str, authority: str = "ca", hosts: str = "DNS:localhost,IP:127.0.0.1", days: int = 2) -> None:
        """Makes a certificate for a role on this machine."""
        openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.csr"),
        )
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={hosts},URI:chancery:role:{role},URI:chancery:clearance:strictly-confidential\n")
        openssl(
            *("x509", "-req", "-in", self.folder / f"{name}.csr", "-CA", self.folder / f"{authority}.crt"),
            *("-CAkey", self.folder / f"{authority}.key", "-CAcreateserial", "-days", str(days), "-extfile", extensions),
            *("-out", self.folder / f"{name}.crt"),
        )

    def revoke(self, name: str) -> str:
        """Revokes a certificate; gives the path of the authority's list of revoked ones."""
        (self.folder / "index.txt").touch()
        config = self.folder / "ca.cnf"
        config.write_text(f"[ca]\ndatabase={self.folder / 'index.txt'}\ndefault_crl_days=2\n")
        authority = ("ca", "-config", config, "-name", "ca", "-cert", self.folder / "ca.crt", "-keyfile", self.folder / "ca.key", "-md", "sha256")
        openssl(*authority, "-revoke", self.folder / f"{name}.crt")
        openssl(*authority, "-gencrl", "-out", self.folder / "ca.crl")
        return str(self.folder / "ca.crl")

    def start(self, service: str, *arguments: str, port: int = 0, certificate: str | None = None, data: str | None = None) -> Node:
        """Starts a service, on a free port unless told, and waits until it listens."""
        name = certificate or service
        process = subprocess.Popen(
            [
                *(str(PRODUCTS / f"chancery-{service}"), "--listen", f"127.0.0.1:{port}", "--cluster", CLUSTER),
                *("--data", str(self.folder / (data or f"data-{service}")), "--ca", str(self.folder / "ca.crt")),
                *("--certificate", str(self.folder / f"{name}.crt"), "--key", str(self.folder / f"{name}.key"), *arguments),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        log: list[str] = []
        for line in process.stderr:
            log.append(line)
            if '"listening"' in line and (address := re.search(r'"address":"([^"]+)"', line)):
                node = Node(process, Endpoint.parse(address[1]))
                self.nodes.append(node)
                return node
        process.wait()
        raise AssertionError(f"chancery-{service} ended before it listened: {''.join(log)}")

    def settings(
        self,
        role: str = "operator",
        *,
        ingest: tuple[Endpoint, ...] = (),
        index: tuple[Endpoint, ...] = (),
        query: tuple[Endpoint, ...] = (),
        cluster: str = CLUSTER,
        ca: str = "ca",
    ) -> Settings:
        """The settings of a client."""
        return Settings(
            certificate=str(self.folder / f"{role}.crt"),
            key=str(self.folder / f"{role}.key"),
            ca=str(self.folder / f"{ca}.crt"),
            cluster=cluster,
            ingest=ingest,
            index=index,
            query=query,
        )

    def close(self) -> None:
        for node in self.nodes:
            node.close()


def sample() -> list[tuple[Path, str, dict[str, str]]]:
    """The sample papers, each with the symbol and metadata beside it."""
    papers = []
    for path in sorted(SAMPLE.iterdir()):
        if path.name == "README.md" or path.name.endswith(".meta.json"):
            continue
        beside = path.with_name(path.name + ".meta.json")
        given = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        papers.append((path, given.get("symbol", ""), given.get("metadata", {})))
    return papers
