"""What the tests of the deploy script share. The programs are those of `make build`, or in the directory that CHANCERY_BINARIES names."""
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "deploy/chancery"
SAMPLE = ROOT / "deploy/sample"
BINARIES = ROOT / os.environ.get("CHANCERY_BINARIES", ".build/release")
SECONDS = 120  # for a command; more than any needs

sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "deploy"))


class DirectoryTest(unittest.TestCase):
    """A test with a directory of its own, and in it a topology whose files are in `run`."""

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="chancery-deploy-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.run_directory = self.directory / "run"
        self.file = self.directory / "topology.toml"

    def write(self, text):
        """Writes the topology: `text`, which begins at the top, after what every test needs."""
        self.file.write_text(f'run = "run"\nbinaries = "{BINARIES}"\n{text}')
        return self.file


def deploy(file, *arguments):
    """Runs deploy/chancery to its end."""
    return subprocess.run([SCRIPT, "--topology", file, *arguments], capture_output=True, text=True, timeout=SECONDS)


def chancery(run, *arguments):
    """Runs the `chancery` command with the settings that the deploy script left in `run`."""
    return subprocess.run(
        [BINARIES / "chancery", *arguments], capture_output=True, text=True, timeout=SECONDS,
        env={"PATH": os.environ["PATH"], "CHANCERY_CONFIG": str(run / "client.json")})


def total(run, query, *arguments):
    """How many papers a search finds."""
    done = chancery(run, "search", query, "--json", *arguments)
    if done.returncode != 0:
        raise AssertionError(f"search ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["total"]


def eventually(what, condition, seconds=30):
    """Waits until `condition()` is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def free_ports(count):
    """The first of four free ports each, so that a service can be scaled. Below the ports that the system gives to whoever connects."""
    found = []
    starts = list(range(20000, 32000, 8))
    random.shuffle(starts)
    for port in starts:
        if len(found) == count:
            break
        if all(is_free(port + n) for n in range(4)):
            found.append(port)
    return found


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def processes(run):
    """Process ids by node name of all that runs with a configuration file of this run directory."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if len(words) > 2 and os.fsdecode(words[2]).startswith(f"{run}/config/"):
            found[Path(os.fsdecode(words[2])).stem] = int(entry.name)
    return found
