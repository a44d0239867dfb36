"""The certificates that the deploy script makes, and what it says about the operator's own."""
import shutil

import support

from machinery import Failure, certificates
from machinery.certificates import openssl
from machinery.topology import Topology


class CertificatesTest(support.DirectoryTest):
    def topology(self, text=""):
        return Topology(self.write(text))

    def shown(self, directory, name):
        return openssl("x509", "-in", directory / f"{name}.pem", "-noout", "-text")

    def test_each_service_and_client_role_gets_one_and_only_what_changed_is_made_again(self):
        topology = self.topology()
        names = ["ingest", "index", "query-1", "operator", "submitter", "reader"]
        self.assertEqual(certificates.ensure(topology), ["ca", *names])
        self.assertEqual(certificates.ensure(topology), [])
        self.assertEqual(certificates.ensure(self.topology("[query]\nnodes = 2")), ["query-2"])
        self.assertEqual(certificates.ensure(topology, renew=True), names)
        directory = topology.certificates
        self.assertEqual(directory.stat().st_mode & 0o777, 0o700)
        self.assertTrue(all(key.stat().st_mode & 0o777 == 0o600 for key in directory.glob("*.key")))
        self.assertEqual([entry.name for entry in directory.iterdir() if entry.name.endswith(".new")], [])

    def test_a_certificate_holds_the_role_and_the_host_that_the_topology_names(self):
        topology = self.topology("local = 'desk'\n[ingest]\nhost = 'admin@a'\n[index]\nhost = '2001:db8::1'")
        certificates.ensure(topology)
        ingest, index = self.shown(topology.certificates, "ingest"), self.shown(topology.certificates, "index")
        self.assertIn("DNS:a, URI:chancery:role:ingest", ingest)
        self.assertNotIn("localhost", ingest)
        self.assertIn("IP Address:2001:DB8:0:0:0:0:0:1, URI:chancery:role:index", index)
        self.assertIn("DNS:desk, DNS:localhost, IP Address:127.0.0.1", self.shown(topology.certificates, "query-1"))
        self.assertIn("TLS Web Server Authentication", ingest)
        self.assertNotIn("TLS Web Server Authentication", self.shown(topology.certificates, "operator"))
        certificates.ensure(self.topology("local = 'desk'\n[ingest]\nhost = 'b'\n[index]\nhost = '2001:db8::1'"))
        self.assertIn("DNS:b, ", self.shown(topology.certificates, "ingest"))

    def test_readers_and_submitters_are_cleared_as_the_topology_says(self):
        topology = self.topology()
        certificates.ensure(topology)
        self.assertIn("URI:chancery:clearance:general", self.shown(topology.certificates, "reader"))
        self.assertNotIn("clearance", self.shown(topology.certificates, "operator"))
        limited = self.topology("[certificates]\nclearance = 'limited'")
        self.assertEqual(certificates.ensure(limited), ["submitter", "reader"])
        self.assertIn("URI:chancery:clearance:limited", self.shown(topology.certificates, "reader"))
        with self.assertRaisesRegex(Failure, "clearance .*secret.* one of general, limited"):
            self.topology("[certificates]\nclearance = 'secret'")

    def test_what_is_revoked_is_made_again_and_a_list_that_is_missing_too(self):
        topology = self.topology()
        certificates.ensure(topology)
        certificates.certs(topology, "revoke", "index")
        self.assertEqual(certificates.ensure(topology), ["index"])
        (topology.certificates / "crl.pem").unlink()
        self.assertEqual(certificates.ensure(topology), [])
        self.assertTrue((topology.certificates / "crl.pem").exists())

    def test_one_that_ends_soon_or_whose_key_is_another_is_made_again(self):
        topology = self.topology("[certificates]\ndays = 397")
        certificates.ensure(topology)
        for days, made in [(29, ["ingest"]), (31, [])]:
            certificates.certs(topology, "issue", "ingest", "--role", "ingest", "--host", "localhost", "--host", "127.0.0.1", "--host", "::1",
                               "--valid", f"{days}d", "--replace")
            row = next(row for row in certificates.certs(topology, "list")["certificates"] if row["name"] == "ingest" and row["file"])
            # As it will look in 20 days.
            row["seconds_left"] -= 20 * 86400
            self.assertEqual(certificates.good(row, "ingest", None, ["localhost", "127.0.0.1", "::1"]), not made)
        shutil.copy(topology.certificates / "index.key", topology.certificates / "ingest.key")
        self.assertEqual(certificates.ensure(self.topology()), ["ingest"])

    def test_an_authority_without_its_key_is_kept_and_signs_nothing(self):
        topology = self.topology()
        certificates.ensure(topology)
        authority = (topology.certificates / "ca.pem").read_bytes()
        (topology.certificates / "ca.key").rename(self.directory / "in-the-safe.key")
        self.assertEqual(certificates.ensure(topology), [])
        with self.assertRaisesRegex(Failure, "ca.key is needed to sign: put it back"):
            certificates.ensure(self.topology("[query]\nnodes = 2"))
        self.assertEqual((topology.certificates / "ca.pem").read_bytes(), authority)

    def test_the_operators_own_are_taken_when_they_are_right_and_never_written(self):
        own = self.make_own()
        before = {path.name: path.read_bytes() for path in own.rglob("*") if path.is_file()}
        topology = self.topology("[certificates]\ndirectory = 'pki'")
        self.assertEqual(certificates.ensure(topology), [])
        self.assertEqual({path.name: path.read_bytes() for path in own.rglob("*") if path.is_file()}, before)
        self.assertEqual(topology.certificates, own)
        with self.assertRaisesRegex(Failure, "are yours: renew them there"):
            certificates.ensure(topology, renew=True)

    def test_the_operators_own_are_refused_when_they_cannot_work(self):
        def missing(own):
            (own / "query-1.key").unlink()

        def of_another_authority(own):
            shutil.rmtree(self.directory / "other", ignore_errors=True)
            shutil.copy(self.make_own("other") / "ca.pem", own / "ca.pem")

        def of_another_role(own):
            for end in ("pem", "key"):
                shutil.copy(own / f"reader.{end}", own / f"operator.{end}")

        def with_another_key(own):
            shutil.copy(own / "index.key", own / "ingest.key")

        for spoil, words in [
            (missing, "query-1.key is missing"),
            (of_another_authority, "ingest.pem is not signed by .*ca.pem, or has ended"),
            (of_another_role, "operator.pem must have the subject alternative name URI:chancery:role:operator"),
            (with_another_key, "ingest.key is not the private key of .*ingest.pem"),
        ]:
            with self.subTest(spoil.__name__):
                spoil(self.make_own())
                with self.assertRaisesRegex(Failure, words):
                    certificates.ensure(self.topology("[certificates]\ndirectory = 'pki'"))
        self.make_own()
        with self.assertRaisesRegex(Failure, "ingest.pem must have the subject alternative name DNS:archive, where ingest runs"):
            certificates.ensure(self.topology("local = 'archive'\n[certificates]\ndirectory = 'pki'"))

    def make_own(self, name="pki"):
        """Certificates as an authority of the operator's would make them: good for localhost."""
        own = self.directory / name
        shutil.rmtree(own, ignore_errors=True)
        made = self.topology()
        certificates.ensure(made)
        shutil.move(made.certificates, own)
        return own


if __name__ == "__main__":
    support.unittest.main()
