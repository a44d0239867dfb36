"""The deploy script with other hosts. Run by on-hosts, in namespaces of its own: it sets up a network and starts containers."""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import unittest
from pathlib import Path

import support
from support import chancery, deploy, eventually, processes, total

from machinery import Failure, remote
from machinery.topology import Topology

FILES = support.ROOT / ".build/deploy-hosts"
DESK = FILES / "desk"
SSH_CONFIG = DESK / "ssh"
PAPER = "symbol:A/74/565"
TOPOLOGY = """
cluster = "chancery"
local = "desk"
[ingest]
host = "admin@host-a"
[index]
host = "admin@host-b"
[query]
hosts = ["admin@host-a", "admin@host-b"]
nodes = 2
"""
NODES = {"ingest": "host-a", "index": "host-b", "query-1": "host-a", "query-2": "host-b"}


def execute(*command):
    subprocess.run(command, check=True)


class Host:
    """A container with systemd and sshd. Its changes to the common file system are its own and outlive its end."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        self.root = FILES / name / "root"
        for part in ("upper", "scratch", "root"):
            (FILES / name / part).mkdir(parents=True)
        layers = f"lowerdir={FILES}/base,upperdir={FILES}/{name}/upper,workdir={FILES}/{name}/scratch"
        execute("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        (self.root / "etc/hostname").write_text(f"{name}\n")
        # As Debian does it, a host's own name is a loopback address there.
        (self.root / "etc/hosts").write_text(f"127.0.1.1 {name}\n{Path('/etc/hosts').read_text()}")
        (self.root / "etc/systemd/network/10-host0.network").write_text(f"[Match]\nName=host0\n[Network]\nAddress={address}/24\n")
        for home in ("root", "home/admin"):
            (self.root / home / ".ssh").mkdir(mode=0o700, exist_ok=True)
            shutil.copy(DESK / "key.pub", self.root / home / ".ssh/authorized_keys")
        execute("chroot", self.root, "chown", "-R", "admin:", "/home/admin/.ssh")

    def boot(self):
        options = ["--quiet", "--boot", "--register=no", "--keep-unit", "--network-bridge=bridge", "--resolv-conf=off", "--timezone=off"]
        with open(FILES / f"{self.name}.console", "ab") as console:
            self.container = subprocess.Popen(
                ["systemd-nspawn", *options, "--console=read-only", f"--machine={self.name}", f"--directory={self.root}"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)
        eventually(f"{self.name} answers", lambda: self.ssh("true", check=False).returncode == 0, seconds=60)
        self.ssh("systemctl is-system-running --wait", check=False)

    def cut_power(self):
        """Ends every process of the host at once."""
        child = Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children").read_text().split()[0]
        os.kill(int(child), signal.SIGKILL)
        self.container.wait()

    def ssh(self, command, check=True):
        done = subprocess.run(
            ["ssh", "-F", SSH_CONFIG, f"root@{self.name}", command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise AssertionError(f"{self.name}: {command}: {done.stderr}")
        return done

    def pids(self):
        """Process ids of the services by configuration name."""
        lines = self.ssh("pgrep --list-full --full '^/opt/chancery/bin/'", check=False).stdout.splitlines()
        return {Path(line.split()[3]).stem: int(line.split()[0]) for line in lines}


class Searches:
    """Searches in endless loops, one for each list of arguments, while the block runs; counts those that fail or miss the paper."""

    def __init__(self, *arguments):
        self.arguments, self.done, self.failures = arguments, 0, []
        self.stop = threading.Event()

    def loop(self, arguments):
        while not self.stop.is_set():
            try:
                if total(DESK / "run", PAPER, *arguments) != 1:
                    raise AssertionError("the paper is missing")
            except AssertionError as error:
                self.failures.append(str(error))
            self.done += 1

    def __enter__(self):
        self.threads = [threading.Thread(target=self.loop, args=(a,)) for a in self.arguments]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        print(f"  {self.done} searches meanwhile, {len(self.failures)} failed", flush=True)


class HostsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(DESK, ignore_errors=True)
        DESK.mkdir()
        (DESK / "hosts").write_text("127.0.0.1 localhost\n10.99.0.1 desk\n10.99.0.2 host-a\n10.99.0.3 host-b\n10.99.0.4 host-c\n")
        execute("mount", "--bind", DESK / "hosts", "/etc/hosts")
        execute("hostname", "desk")
        execute("ip", "link", "set", "lo", "up")
        execute("ip", "link", "add", "bridge", "type", "bridge")
        execute("ip", "address", "add", "10.99.0.1/24", "dev", "bridge")
        execute("ip", "link", "set", "bridge", "up")
        execute("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", DESK / "key")
        SSH_CONFIG.write_text(
            f"IdentityFile {DESK}/key\nUserKnownHostsFile {DESK}/known\nStrictHostKeyChecking accept-new\n"
            "LogLevel ERROR\nConnectTimeout 3\n")
        for name in ("host-a", "host-b"):
            shutil.rmtree(FILES / name, ignore_errors=True)
        cls.a, cls.b = cls.hosts = Host("host-a", "10.99.0.2"), Host("host-b", "10.99.0.3")
        for host in cls.hosts:
            host.boot()
        cls.file = cls.write("topology.toml", TOPOLOGY)
        cls.assert_done("up")
        done = chancery(DESK / "run", "submit", str(support.SAMPLE))
        assert done.returncode == 0, done.stderr

    @staticmethod
    def write(name, text, run="run", ssh=""):
        """A topology: `text`, which begins at the top, with what all have in common."""
        file = DESK / name
        file.write_text(f'run = "{run}"\nbinaries = "{support.BINARIES}"\n{text}\n[ssh]\noptions = ["-F", "{SSH_CONFIG}"]\n{ssh}')
        return file

    @classmethod
    def assert_done(cls, *arguments, file=None):
        done = deploy(file or cls.file, *arguments)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stderr}")
        return done

    def assert_fails(self, *arguments, saying, file=None):
        done = deploy(file or self.file, *arguments)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, saying)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def setUp(self):
        self.assert_done("up")
        self.assert_paper_is_found()

    def assert_paper_is_found(self):
        for endpoint in ("host-a:7430", "host-b:7430"):
            eventually(f"{endpoint} finds the paper", lambda: total(DESK / "run", PAPER, "--query", endpoint) == 1)

    def pids(self):
        return {node: (host.name, pid) for host in self.hosts for node, pid in host.pids().items()}

    def states(self):
        done = deploy(self.file, "status", "--json")
        return done.returncode, {row["service"]: row["state"] for row in json.loads(done.stdout)["services"]}

    # ---- What goes well ----

    def test_services_run_where_the_topology_says_and_a_second_up_touches_nothing(self):
        before = self.pids()
        self.assertEqual({node: host for node, (host, _) in before.items()}, NODES)
        self.assertEqual(self.states(), (0, dict.fromkeys(NODES, "ready")))
        self.assert_done("up")
        self.assertEqual(self.pids(), before)
        rows = json.loads(deploy(self.file, "status", "--json").stdout)["services"]
        self.assertEqual({row["service"]: row["pid"] for row in rows}, {node: pid for node, (_, pid) in before.items()})
        self.assertTrue(all(row["resident_bytes"] > 1 << 20 for row in rows))

    def test_services_are_confined_and_can_still_confine_the_reader_of_pdf_files(self):
        self.assertRegex(chancery(DESK / "run", "status").stdout, "Landlock [0-9]+, seccomp and limits")
        for host, node in ((self.a, "ingest"), (self.b, "index")):
            pid = host.pids()[node]
            self.assertEqual(host.ssh(f"ps -o user= -p {pid}").stdout.strip(), "chancery")
            key = host.ssh(f"stat -c '%A %U %G' /etc/chancery/certificates/{node}.key").stdout.strip()
            self.assertEqual(key, "-rw-r----- root chancery")
        self.assertEqual(self.a.ssh("find / -xdev -name '*.new' -o -name ca.key | grep chancery", check=False).stdout, "")

    def test_logs_of_all_hosts_are_printed(self):
        done = self.assert_done("logs", "-n", "200")
        for service in ("chancery-ingest", "chancery-index", "chancery-query"):
            self.assertRegex(done.stdout, rf"info +{service}: listening")
        follower = subprocess.Popen(
            [support.SCRIPT, "--topology", self.file, "logs", "query-1", "-f", "-n", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        eventually("it is followed", lambda: self.a.ssh("pgrep -f 'journalctl.*follow'", check=False).returncode == 0)
        self.assert_done("restart", "query-1")
        self.assertTrue(any("stopping" in line for line in follower.stdout))
        follower.send_signal(signal.SIGINT)
        follower.communicate(timeout=support.SECONDS)
        eventually("nobody follows", lambda: self.a.ssh("pgrep -f 'journalctl.*follow'", check=False).returncode == 1)

    def test_a_third_node_comes_and_goes(self):
        before = self.pids()
        self.assert_done("scale", "query", "3")
        self.assertEqual(total(DESK / "run", PAPER, "--query", "host-a:7431"), 1)
        after = self.pids()
        self.assertEqual(after.pop("query-3")[0], "host-a")
        self.assertEqual(after, before)
        self.assert_done("scale", "query", "2")
        self.assertEqual(self.pids(), before)

    def test_a_restart_of_the_query_nodes_fails_no_search(self):
        before = self.pids()
        with Searches([], ["--query", "host-a:7430,host-b:7430"], ["--query", "host-b:7430"]) as searches:
            self.assert_done("restart", "query")
        after = self.pids()
        self.assertEqual([after[n] != before[n] for n in NODES], [False, False, True, True])
        self.assertEqual(searches.failures, [])
        self.assertGreater(searches.done, 20)

    def test_renewed_certificates_are_taken_by_services_that_go_on_and_no_search_fails(self):
        old, before = self.served("host-a:7430"), self.pids()
        with Searches([]) as searches:
            done = self.assert_done("certs", "--renew")
            eventually("the new one is shown", lambda: self.served("host-a:7430") != old)
        self.assertIn("query-2 on admin@host-b has the new ones", done.stderr)
        self.assertEqual(searches.failures, [])
        self.assert_done("up")
        self.assertEqual(self.pids(), before)
        self.assertEqual(self.states()[0], 0)
        self.assertEqual(chancery(DESK / "run", "verify").returncode, 0)

    def served(self, endpoint):
        """The serial number of the certificate that a service shows."""
        shown = subprocess.run(
            ["openssl", "s_client", "-connect", endpoint, "-tls1_3", "-alpn", "chancery/1"], capture_output=True, stdin=subprocess.DEVNULL)
        return subprocess.run(["openssl", "x509", "-noout", "-serial"], input=shown.stdout, capture_output=True, check=True).stdout

    def test_a_service_that_is_killed_is_started_again_by_systemd(self):
        for host, node in ((self.a, "ingest"), (self.b, "index"), (self.a, "query-1")):
            with self.subTest(node):
                old = host.pids()[node]
                host.ssh(f"kill -9 {old}")
                eventually(f"{node} runs anew", lambda: host.pids().get(node, old) != old)
        eventually("all is ready", lambda: self.states()[0] == 0)
        self.assert_paper_is_found()

    def test_down_leaves_no_process_and_after_up_all_that_was_registered_is_there(self):
        self.assert_done("down")
        self.assertEqual(self.pids(), {})
        self.assertEqual(self.states(), (3, dict.fromkeys(NODES, "down")))
        self.assertIn("nothing ran", self.assert_done("down").stderr)
        self.assert_done("up")
        self.assert_paper_is_found()
        self.assertEqual(len(re.findall(r"documents +14 ", chancery(DESK / "run", "status").stdout)), 4)
        self.assertEqual(chancery(DESK / "run", "verify").returncode, 0)

    def test_a_host_that_loses_power_fails_no_search_and_its_services_come_back_with_it(self):
        with Searches([]) as searches:
            self.b.cut_power()
            self.assertEqual(self.states()[1], {"ingest": "ready", "index": "unknown", "query-1": "ready", "query-2": "unknown"})
            self.b.boot()
            eventually("all is ready", lambda: self.states()[0] == 0)
        self.assertEqual(searches.failures, [])
        self.assert_paper_is_found()

    def test_after_down_nothing_comes_back_with_the_host(self):
        self.assert_done("down")
        self.b.cut_power()
        self.b.boot()
        self.assertEqual(self.pids(), {})

    def test_services_here_and_there_work_together(self):
        self.assert_done("down")
        file = self.write("mixed.toml", """
local = "desk"
[ingest]
host = "desk"
[index]
host = "root@host-a"
[query]
hosts = ["desk", "root@host-b"]
nodes = 2
""", run="mixed", ssh='sudo = ""')
        self.addCleanup(deploy, file, "down")
        self.assert_done("up", file=file)
        self.assertEqual(sorted(processes(DESK / "mixed")), ["ingest", "query-1"])
        self.assertEqual(sorted(self.pids()), ["index", "query-2"])
        self.assertEqual(chancery(DESK / "mixed", "submit", str(support.SAMPLE)).returncode, 0)
        for endpoint in ("desk:7430", "host-b:7430"):
            eventually(f"{endpoint} finds the paper", lambda: total(DESK / "mixed", PAPER, "--query", endpoint) == 1)
        self.assert_done("down", file=file)
        self.assertEqual(processes(DESK / "mixed"), {})
        self.assertEqual(self.pids(), {})

    # ---- What goes wrong ----

    def test_a_service_that_cannot_start_is_told_with_its_log(self):
        file = self.write("wrong.toml", TOPOLOGY + "[query.options]\nunheard-of = 1\n")
        done = self.assert_fails("restart", "query-2", file=file, saying="query-2 on admin@host-b ends whenever systemd starts it")
        self.assertIn("unheard-of", done.stderr)
        self.assertEqual(total(DESK / "run", PAPER), 1)

    def test_a_library_that_a_host_lacks_is_named_and_what_runs_is_left_alone(self):
        before = self.pids()
        library = self.b.ssh("ldconfig -p | grep -o '/.*libxxhash.so.0$'").stdout.strip()
        self.b.ssh(f"mv {library} /root/")
        self.addCleanup(self.b.ssh, f"mv /root/libxxhash.so.0 {library}")
        self.assert_fails("restart", "index", saying="install-dependencies --runtime(.|\n)*libxxhash.so.0 => not found")
        self.assertEqual(self.pids(), before)

    def test_a_copy_that_breaks_off_replaces_nothing(self):
        before = self.pids()
        topology = Topology(self.file)
        node = next(n for n in topology.nodes if n.name == "query-2")
        whole = remote.archive
        remote.archive = lambda contents: whole(contents)[:50_000_000]
        try:
            with self.assertRaises(Failure):
                remote.bring(topology, node, again=True)
        finally:
            remote.archive = whole
        self.assertEqual(self.pids(), before)
        there = self.b.ssh("sha256sum /opt/chancery/bin/chancery-query").stdout.split()[0]
        self.assertEqual(there, hashlib.sha256((support.BINARIES / "chancery-query").read_bytes()).hexdigest())
        self.assert_done("up")
        self.assertNotEqual(self.pids()["query-2"], before["query-2"])

    def test_a_host_that_cannot_be_reached_is_named_and_the_others_are_stopped(self):
        file = self.write("lost.toml", TOPOLOGY.replace('"admin@host-b"]', '"admin@host-c"]'))
        self.assert_fails("up", file=file, saying="admin@host-c: ssh: connect to host host-c port 22: No route to host")
        self.assert_fails("down", file=file, saying="\nchancery: admin@host-c: ssh: connect to host host-c")
        self.assertEqual(self.pids(), {})

    def test_a_unit_that_the_topology_no_longer_names_is_stopped(self):
        file = self.write("fewer.toml", TOPOLOGY.replace("nodes = 2", "nodes = 1"), run="fewer")
        shutil.copytree(DESK / "run/certificates", DESK / "fewer/certificates")
        self.assertIn("stopping chancery-query-2.service on admin@host-b", self.assert_done("down", file=file).stderr)
        self.assertEqual(self.pids(), {})

    def test_a_user_who_may_not_become_root_is_told(self):
        self.a.ssh("mv /etc/sudoers.d/admin /root/")
        self.addCleanup(self.a.ssh, "mv /root/admin /etc/sudoers.d/")
        self.assert_fails("restart", "ingest", saying="admin@host-a: sudo: a password is required")


if __name__ == "__main__":
    unittest.main()
