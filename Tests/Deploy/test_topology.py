"""Which topology files are right, what is said about wrong ones, and what follows from right ones."""
import support

from machinery import Failure
from machinery.topology import Topology, client_config, service_config


class TopologyTest(support.DirectoryTest):
    def topology(self, text):
        return Topology(self.write(text))

    def assert_refused(self, text, *words):
        with self.assertRaises(Failure) as caught:
            self.topology(text)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_the_topology_in_the_repository_is_right_and_is_the_standard(self):
        standard = self.topology("")
        shipped = Topology(support.ROOT / "deploy/topology.toml")
        self.assertEqual(standard.nodes, shipped.nodes)
        self.assertEqual([n.name for n in standard.nodes], ["ingest", "index", "query-1"])

    def test_what_is_wrong_is_refused_with_the_key_and_what_is_allowed(self):
        for text, *words in [
            ("hosts = 1", '"hosts"', "the top", "cluster"),
            ("[query]\nhost = 'a'", '"host"', "[query]", "hosts, "),
            ("[ingest]\nhosts = ['a']", '"hosts"', "[ingest]"),
            ("ingest = 1", "[ingest]"),
            ("[query]\nnodes = 0", "query.nodes is 0", "1 to 64"),
            ("[query]\nnodes = true", "query.nodes is True"),
            ("[query]\nhosts = []", "query.hosts is []"),
            ("[ingest]\nport = 65536", "ingest.port is 65536"),
            ("[ingest]\nport = '1'", "ingest.port is '1'"),
            ("[index]\nlog-level = 'loud'", "index.log-level is 'loud'", "debug"),
            ("[index]\nport = 7410", "ingest and index both want port 7410"),
            ("[query]\nnodes = 2\nmetrics = 7429", "query-2", "both want port 7430"),
            ("[ssh]\noptions = '-v'", "ssh.options is '-v'", "a list"),
            ("[ssh]\nuser = 'a b'", "ssh.user is 'a b'"),
            ("[ingest]\nhost = 'a:22'\n[index]\nhost = 'b c'", "'b c' is no host"),
            ("[ingest]\nhost = '-oProxyCommand=true'", "is no host"),
            ("[ingest]\nhost = ''", "is no host"),
            ("[ingest]\nhost = 'a'", 'set local = "NAME"'),
            ("local = 'desk'\n[query]\nhosts = ['localhost']", "name this machine so"),
            ("[ingest.options]\nlisten = 'x'", "ingest.options.listen"),
            ("[ingest]\nport =", "topology.toml"),
        ]:
            with self.subTest(text):
                self.assert_refused(text, *words)

    def test_a_missing_topology_is_refused(self):
        with self.assertRaisesRegex(Failure, "No such file or directory; name another with --topology"):
            Topology(self.directory / "none.toml")

    def test_nodes_are_dealt_to_the_hosts_in_turn_and_those_of_one_host_have_ports_in_a_row(self):
        topology = self.topology("[ingest]\nhost = 'admin@a'\n[index]\nhost = 'b'\n[query]\nhosts = ['a', 'root@b', 'admin@a']\nnodes = 5")
        self.assertEqual([n.endpoint for n in topology.nodes], ["a:7410", "b:7420", "a:7430", "b:7430", "a:7431", "a:7432", "b:7431"])
        self.assertEqual([n.metrics for n in topology.nodes], [8410, 8420, 8430, 8430, 8431, 8432, 8431])
        self.assertEqual([n.host for n in topology.nodes][:4], ["admin@a", "b", "a", "root@b"])
        self.assertFalse(any(n.local for n in topology.nodes))

    def test_services_listen_on_loopback_only_when_their_address_is_one(self):
        def bind(host):
            return self.topology(
                f"local = '{host}'\n[ingest]\nhost = '{host}'\n[index]\nhost = '{host}'\n[query]\nhosts = ['{host}']").nodes[0].listen

        self.assertEqual(bind("localhost"), "127.0.0.1:7410")
        self.assertEqual(bind("::1"), "[::1]:7410")
        self.assertEqual(bind("archive.example.org"), "0.0.0.0:7410")
        self.assertEqual(bind("2001:db8::1"), "[::]:7410")

    def test_services_are_told_the_endpoints_of_those_they_call(self):
        topology = self.topology(
            "cluster = 'c'\nlocal = 'desk'\n[ingest]\nhost = 'a'\n[index]\nhost = 'b'\n"
            "[query]\nhosts = ['desk', '2001:db8::1']\nnodes = 2")
        query = service_config(topology, topology.nodes[2], "/certificates", "/data")
        self.assertEqual((query["ingest"], query["index"], query["cluster"]), (["a:7410"], ["b:7420"], "c"))
        self.assertNotIn("ingest", service_config(topology, topology.nodes[0], "/certificates", "/data"))
        self.assertEqual(client_config(topology)["query"], ["desk:7430", "[2001:db8::1]:7430"])
        self.assertTrue(topology.nodes[2].local)

    def test_the_number_of_nodes_that_was_kept_goes_before_the_topology(self):
        topology = self.topology("[query]\nnodes = 2")
        topology.run.mkdir()
        topology.with_scale(3)
        self.assertEqual(Topology(self.file).query_count, 2)
        topology.with_scale(3).keep_scale()
        self.assertEqual(Topology(self.file).query_count, 3)
        for count in (0, 65, -1):
            with self.assertRaisesRegex(Failure, "1 to 64"):
                topology.with_scale(count)
        topology.scale_file.write_text("{}")
        with self.assertRaisesRegex(Failure, "scale.json cannot be read: remove it"):
            Topology(self.file)


if __name__ == "__main__":
    support.unittest.main()
