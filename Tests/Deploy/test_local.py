"""The deploy script with all services on this machine, started for real."""
import json
import os
import signal
import socket
import subprocess

import support


class LocalTest(support.DirectoryTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.end_all)
        self.ports = dict(zip(("ingest", "index", "query"), support.free_ports(3)))
        self.metrics = dict(zip(("ingest", "index", "query"), [port + 4 for port in self.ports.values()]))
        self.topology()

    def end_all(self):
        for pid in support.processes(self.run_directory).values():
            os.kill(pid, signal.SIGKILL)

    def topology(self, query="", top="", **ports):
        ports = self.ports | ports
        self.write(top + "".join(
            f"[{role}]\nport = {ports[role]}\nmetrics = {self.metrics[role]}\n{query if role == 'query' else ''}\n" for role in self.ports))

    def deploy(self, *arguments):
        return support.deploy(self.file, *arguments)

    def assert_done(self, *arguments):
        done = self.deploy(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def assert_fails(self, *arguments, saying):
        done = self.deploy(*arguments)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, saying)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def processes(self):
        return support.processes(self.run_directory)

    def assert_nothing_runs(self):
        self.assertEqual(self.processes(), {})

    def states(self):
        done = self.deploy("status", "--json")
        return done.returncode, {row["service"]: row["state"] for row in json.loads(done.stdout)["services"]}

    # ---- What goes well ----

    def test_up_starts_everything_and_a_second_up_touches_nothing(self):
        self.assert_done("up")
        before = self.processes()
        self.assertEqual(sorted(before), ["index", "ingest", "query-1"])
        self.assertEqual(self.states(), (0, dict.fromkeys(["ingest", "index", "query-1"], "ready")))
        self.assert_done("up")
        self.assertEqual(self.processes(), before)
        self.assert_done("down")
        self.assert_nothing_runs()
        self.assertEqual(self.states(), (3, dict.fromkeys(["ingest", "index", "query-1"], "down")))
        self.assertIn("nothing ran", self.assert_done("down").stderr)

    def test_what_was_registered_is_there_after_a_new_start(self):
        self.assert_done("up")
        submitted = support.chancery(self.run_directory, "submit", str(support.SAMPLE))
        self.assertEqual(submitted.returncode, 0, submitted.stderr)
        self.assert_done("down")
        self.assert_done("up")
        support.eventually("a registered paper is found", lambda: support.total(self.run_directory, "symbol:A/74/565") == 1)

    def test_only_the_service_that_ended_is_started_again(self):
        self.assert_done("up")
        before = self.processes()
        os.kill(before["index"], signal.SIGKILL)
        support.eventually("it is gone", lambda: "index" not in self.processes())
        self.assertEqual(self.states()[1]["index"], "down")
        self.assert_done("up")
        after = self.processes()
        self.assertNotEqual(after.pop("index"), before.pop("index"))
        self.assertEqual(after, before)

    def test_nodes_are_scaled_and_restarted_one_by_one(self):
        self.assert_done("up")
        first = self.processes()
        self.assert_done("scale", "query", "2")
        self.assertEqual(sorted(self.processes()), ["index", "ingest", "query-1", "query-2"])
        self.assertEqual(len(json.loads((self.run_directory / "client.json").read_text())["query"]), 2)
        self.assert_done("restart", "query")
        second = self.processes()
        self.assertEqual([second[n] == first[n] for n in ("ingest", "index", "query-1")], [True, True, False])
        self.assert_done("scale", "query", "1")
        self.assertEqual(sorted(self.processes()), ["index", "ingest", "query-1"])

    def test_logs_are_printed_for_people_and_for_programs(self):
        self.assert_done("up")
        self.assertRegex(self.assert_done("logs", "index").stdout, r"info +chancery-index: listening address=127")
        self.assertIn('"message":"listening"', self.assert_done("logs", "--raw").stdout)

    def test_certificates_of_the_operator_are_used(self):
        self.assert_done("certs")
        (self.run_directory / "certificates").rename(self.directory / "pki")
        self.topology(top="[certificates]\ndirectory = 'pki'\n")
        self.assert_done("up")
        self.assertEqual(support.total(self.run_directory, "peace"), 0)
        self.assertFalse((self.run_directory / "certificates").exists())

    # ---- What goes wrong ----

    def test_a_taken_port_is_named_and_nothing_is_started(self):
        for role in ("ingest", "query"):
            for ports, what in ((self.ports, "the protocol"), (self.metrics, "metrics")):
                with self.subTest(role=role, what=what), socket.create_server(("127.0.0.1", ports[role])):
                    self.assert_fails("up", saying=f"{role}(-1)?: port {ports[role]} for {what} is used by another program")
                    self.assert_nothing_runs()

    def test_an_address_of_another_machine_is_named_and_nothing_is_started(self):
        self.topology('bind = "192.0.2.1"')
        self.assert_fails("up", saying="query-1: cannot listen on 192.0.2.1 port .*Cannot assign")
        self.assert_nothing_runs()

    def test_a_service_that_ends_at_once_is_told_with_its_log_and_the_others_are_stopped_again(self):
        self.topology("[query.options]\nunheard-of = 1")
        done = self.assert_fails("up", saying="query-1 ended at once, with exit code")
        self.assertIn("unheard-of", done.stderr)
        self.assertIn("stopping again what was started: ingest, index, query-1", done.stderr)
        self.assert_nothing_runs()

    def test_a_scale_that_fails_changes_nothing(self):
        self.assert_done("up")
        before = self.processes()
        with socket.create_server(("127.0.0.1", self.ports["query"] + 1)):
            self.assert_fails("scale", "query", "2", saying="query-2: port")
        self.assertEqual(self.processes(), before)
        self.assertEqual(sorted(self.states()[1]), ["index", "ingest", "query-1"])

    def test_a_restart_without_a_program_stops_nothing(self):
        self.assert_done("up")
        before = self.processes()
        self.file.write_text(self.file.read_text().replace(str(support.BINARIES), "/nowhere"))
        self.assert_fails("restart", "query", saying="/nowhere/chancery-query is missing: build first")
        self.assertEqual(self.processes(), before)

    def test_process_ids_that_are_lost_spoiled_or_of_others_do_no_harm(self):
        self.assert_done("up")
        before = self.processes()
        file = self.run_directory / "pids/index.json"
        for text in ("", "{", "7", '{"pid": "self"}', '{"pid": "\\u0000"}', '{"pid": null}', f'{{"pid": {os.getpid()}}}', "\x00\xff"):
            with self.subTest(text):
                file.write_text(text, encoding="latin-1")
                self.assertEqual(self.states()[0], 0)
                file.write_text(text, encoding="latin-1")
                self.assert_done("up")
                self.assertEqual(self.processes(), before)
        file.unlink()
        self.assert_done("down")
        self.assert_nothing_runs()

    def test_a_node_that_the_topology_no_longer_names_is_stopped_too(self):
        self.topology("nodes = 2")
        self.assert_done("up")
        self.topology("nodes = 1")
        self.assertIn("stopping query-2", self.assert_done("down").stderr)
        self.assert_nothing_runs()

    def test_a_service_that_hangs_is_killed_and_that_is_said(self):
        self.assert_done("up")
        os.kill(self.processes()["index"], signal.SIGSTOP)
        self.assertEqual(self.states(), (3, {"ingest": "ready", "index": "unready", "query-1": "ready"}))
        self.assertRegex(self.assert_done("down").stderr, "index did not stop within 40 s: killing it")
        self.assert_nothing_runs()

    def test_an_interrupted_up_stops_again_what_it_started(self):
        self.assert_done("certs")
        for number in (signal.SIGINT, signal.SIGTERM):
            for role in ("ingest", "index"):
                with self.subTest(number=number, after=role):
                    command = subprocess.Popen(
                        [support.SCRIPT, "--topology", self.file, "up"], stderr=subprocess.PIPE, text=True, start_new_session=True,
                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # ignored by what a shell has started with &
                    support.eventually(f"{role} runs", lambda: role in self.processes())
                    command.send_signal(number)
                    _, said = command.communicate(timeout=support.SECONDS)
                    self.assertEqual((command.returncode, said.splitlines()[-1]), (130, "chancery: interrupted"))
                    self.assertIn("stopping again what was started: ingest", said)
                    self.assert_nothing_runs()
        self.assert_done("up")

    def test_a_second_command_waits_for_the_first(self):
        self.assert_done("certs")
        commands = [
            subprocess.Popen([support.SCRIPT, "--topology", self.file, "up"], stderr=subprocess.PIPE, text=True, start_new_session=True)
            for _ in range(3)]
        said = [command.communicate(timeout=support.SECONDS)[1] for command in commands]
        self.assertEqual([command.returncode for command in commands], [0, 0, 0], said)
        self.assertTrue(any("waiting for another command" in text for text in said))
        self.assertEqual(sorted(self.processes()), ["index", "ingest", "query-1"])

    def test_wrong_arguments_and_topologies_are_told_on_one_line(self):
        self.assertEqual(self.deploy("scale", "query", "many").returncode, 2)
        self.assert_fails("scale", "query", "65", saying="chancery: query can have 1 to 64 nodes, not 65\n")
        self.assert_fails("logs", "quary", saying="there is no service quary; there are ingest, index, query-1, query, all\n")
        self.topology("hots = []")
        self.assert_fails("up", saying='unknown key "hots" at .query.; known are bind, hosts')
        self.assert_nothing_runs()


if __name__ == "__main__":
    support.unittest.main()
