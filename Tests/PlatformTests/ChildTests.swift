import Foundation
import Platform
import Testing

/// Runs a shell script as a confined child that may make processes.
private func shell(
  _ script: String, in directory: borrowing PrivateDirectory, reading: [String] = [], _ limits: ChildLimits = ChildLimits()
) async throws -> (text: String, ending: ChildResult.Ending) {
  var limits = limits
  limits.forks = true
  let result = try await ChildProcess.run("/bin/sh", ["-c", script], in: directory.path, reading: reading, limits: limits)
  return (String(decoding: result.output, as: UTF8.self), result.ending)
}

@Suite("A confined child")
struct ChildTests {
  @Test("it has an empty environment, no input, no descriptors of ours, its own directory, and its limits")
  func surroundings() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let script = """
      env | grep -v '^PWD=\\|^SHLVL=\\|^_=\\|^OLDPWD='; cat
      for n in 0 1 2 3 4 5 6 7 8 9; do (eval "true <&$n") 2>/dev/null && printf "$n "; done
      ulimit -v; ulimit -t; pwd
      """
    let (text, ending) = try await shell(script, in: directory, ChildLimits(processorSeconds: 17, addressSpace: 512 << 20))
    #expect(text == "0 1 2 \(512 << 10)\n17\n\(directory.path)\n")
    #expect(ending == .exited(0))
  }

  @Test("it can read no file of ours, nor list, write, make or remove one, outside its directory")
  func files() async throws {
    try #require(ChildProcess.protection.hasPrefix("Landlock"), "this kernel has no Landlock: \(ChildProcess.protection)")
    let secrets = try PrivateDirectory(in: "/tmp")
    let secret = "\(secrets.path)/service.key"
    try "secret".write(toFile: secret, atomically: false, encoding: .utf8)
    let directory = try PrivateDirectory(in: "/tmp")
    let script = """
      cat '\(secret)' && echo READ; cat /etc/passwd >/dev/null && echo PASSWD; ls '\(secrets.path)' && echo LISTED
      echo more >>'\(secret)' && echo WROTE; echo new >'\(secrets.path)/new' && echo MADE; rm -f '\(secret)' && echo REMOVED
      mv '\(secret)' x && echo MOVED; ln '\(secret)' x && echo LINKED; ls /proc && echo PROC; chmod 777 '\(secret)' && echo MODE
      cat /proc/self/environ && echo ENVIRON; ls /home /root && echo HOME
      echo own >own && cat own
      """
    let (text, ending) = try await shell(script, in: directory)
    #expect(text == "own\n")
    #expect(ending == .exited(0))
    #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
    let (granted, _) = try await shell("cat '\(secret)'; echo >>'\(secret)' || echo kept", in: directory, reading: [secret])
    #expect(granted == "secretkept\n", "what it is given it can read, and no more")
  }

  @Test("it has no network, local sockets included, and cannot signal, trace or watch anybody")
  func network() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    // Perl is on every Debian; the calls are made directly, so that each is tried: ptrace, mount, unshare, bpf, io_uring_setup of x86-64.
    let script = """
      use Socket;
      for my $family (AF_INET, AF_INET6, AF_UNIX) {
        for my $type (SOCK_STREAM, SOCK_DGRAM) { print "SOCKET $family\\n" if socket(my $s, $family, $type, 0); }
      }
      print "PAIR\\n" if socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0);
      print "KILL\\n" if kill(0, getppid());
      print "PTRACE\\n" if syscall(101, 16, getppid(), 0, 0) >= 0;
      print "MOUNT\\n" if syscall(165, my $d = "none", my $m = "/mnt", my $t = "tmpfs", 0, 0) >= 0;
      print "UNSHARE\\n" if syscall(272, 0x10000000) >= 0;
      print "BPF\\n" if syscall(321, 0, 0, 0) >= 0;
      print "URING\\n" if syscall(425, 1, 0) >= 0;
      print "done\\n";
      """
    let result = try await ChildProcess.run("/usr/bin/perl", ["-e", script], in: directory.path, limits: ChildLimits())
    #expect(String(decoding: result.output, as: UTF8.self) == "done\n", "\(String(decoding: result.errorOutput, as: UTF8.self))")
  }

  @Test("it makes no process unless it may")
  func processes() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let result = try await ChildProcess.run("/bin/sh", ["-c", "(echo forked)"], in: directory.path, limits: ChildLimits())
    #expect(result.output.isEmpty && result.ending != .exited(0))
  }

  @Test("it cannot raise its limits, or gain the rights of a program that has more")
  func rights() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let script =
      "ulimit -v unlimited 2>/dev/null && echo RAISED; grep -q . /proc/self/status && echo STATUS; /usr/bin/su -c id 2>/dev/null && echo SU; true"
    let (text, _) = try await shell(script, in: directory)
    #expect(text.isEmpty)
  }

  @Test("it dies with the process that started it", .timeLimit(.minutes(1)))
  func diesWithItsParent() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let note = "\(directory.path)/id"
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = directory.path as String, note = note as String] in
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          var limits = ChildLimits()
          limits.forks = true
          _ = try? await ChildProcess.run("/bin/sh", ["-c", "echo $$ >id.new; mv id.new id; exec sleep 1000"], in: path, limits: limits)
        }
        var waits = 0
        while !Directory.exists(note), waits < 10_000 {
          usleep(2000)
          waits += 1
        }
        kill(getpid(), SIGKILL)
      }
    }
    let id = try #require(pid_t(String(contentsOfFile: note, encoding: .utf8).dropLast()))
    // Until it is gone, or the time limit of this test. Nobody may reap it where the test runs: then it is a zombie, which has ended too.
    while kill(id, 0) == 0, try !String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8).contains(") Z ") { usleep(2000) }
  }

  @Test("a flood on standard error is read away and kept short")
  func floodsErrors() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    var limits = ChildLimits()
    limits.forks = true
    let result = try await ChildProcess.run("/bin/sh", ["-c", "head -c 5000000 /dev/zero >&2; exit 7"], in: directory.path, limits: limits)
    #expect(result.ending == .exited(7) && result.errorOutput.count == ChildProcess.errorOutputLimit && result.output.isEmpty)
  }

  @Test("cancelling the task kills it")
  func cancelled() async throws {
    let ending = await withTaskGroup(of: ChildResult.Ending?.self) { group in
      group.addTask { (try? await ChildProcess.run("/bin/sleep", ["1000"], in: "/tmp", limits: ChildLimits(time: .seconds(60))))?.ending }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(ending == .cancelled)
  }

  @Test("many at once all end")
  func many() async throws {
    let endings = await withTaskGroup(of: ChildResult.Ending?.self) { group in
      for status in 0..<24 {
        group.addTask { (try? await ChildProcess.run("/bin/sh", ["-c", "exit \(status)"], in: "/tmp", limits: ChildLimits()))?.ending }
      }
      return await group.reduce(into: Set<ChildResult.Ending?>()) { $0.insert($1) }
    }
    #expect(endings == Set((0..<24).map { .exited($0) }))
  }

  @Test("what cannot be run is an error that names it")
  func cannotRun() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let path = "\(directory.path)/no-program"
    try "text".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    for name in [path, "\(directory.path)/nothing"] {
      let error = await #expect(throws: SystemError.self) { try await ChildProcess.run(name, [], in: "/tmp", limits: ChildLimits()) }
      #expect(error?.subject == name)
    }
  }
}
