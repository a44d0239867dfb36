"""The systemd units that other hosts get."""
import json
import shutil
import subprocess

import support


class UnitsTest(support.DirectoryTest):
    def test_units_and_configuration_are_written_for_each_host(self):
        self.write("cluster = '100% ours'\n[ingest]\nhost = 'admin@a'\n[index]\nhost = 'b'\n[query]\nhosts = ['a']\nnodes = 2")
        done = support.deploy(self.file, "units", "--out", self.directory / "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        written = {str(path.relative_to(self.directory / "out")) for path in (self.directory / "out").rglob("*") if path.is_file()}
        units = "etc/systemd/system/chancery-"
        self.assertEqual(written, {
            f"a/{units}ingest.service", f"a/{units}query-1.service", f"a/{units}query-2.service", f"b/{units}index.service",
            "a/etc/chancery/ingest.json", "a/etc/chancery/query-1.json", "a/etc/chancery/query-2.json", "b/etc/chancery/index.json"})
        config = json.loads((self.directory / "out/a/etc/chancery/query-2.json").read_text())
        self.assertEqual((config["listen"], config["metrics"], config["data"]), ("0.0.0.0:7431", 8431, "/var/lib/chancery/query-2"))
        self.assertEqual(config["certificate"], "/etc/chancery/certificates/query-2.pem")
        self.assertIn("Description=Chancery ingest (100%% ours)", (self.directory / f"out/a/{units}ingest.service").read_text())

    @support.unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd_finds_nothing_wrong_with_a_unit(self):
        self.write("")
        support.deploy(self.file, "units", "--out", self.directory / "out")
        for unit in (self.directory / "out").rglob("*.service"):
            # The program is not at its place on this machine, which would be found wrong.
            unit.write_text(unit.read_text().replace("/opt/chancery/bin/chancery-", "/bin/true chancery-"))
            done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    support.unittest.main()
