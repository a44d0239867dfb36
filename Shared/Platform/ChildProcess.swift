import Dispatch
import Glibc

/// What a child process may use. Beyond one of them it is killed with its whole process group.
public struct ChildLimits: Sendable, Hashable {
  /// Wall-clock time from start to exit.
  public var time: Duration
  /// Processor time, whole seconds (RLIMIT_CPU).
  public var processorSeconds: Int
  /// Address space, bytes (RLIMIT_AS).
  public var addressSpace: Int
  /// Largest file it may write, bytes (RLIMIT_FSIZE).
  public var fileSize: Int
  /// File descriptors it may have open (RLIMIT_NOFILE).
  public var openFiles: Int
  /// Bytes it may print.
  public var output: Int

  public init(
    time: Duration = .seconds(30), processorSeconds: Int = 30, addressSpace: Int = 1 << 30, fileSize: Int = 1 << 20, openFiles: Int = 64,
    output: Int = 64 << 20
  ) {
    self.time = time
    self.processorSeconds = processorSeconds
    self.addressSpace = addressSpace
    self.fileSize = fileSize
    self.openFiles = openFiles
    self.output = output
  }
}

/// What a child process printed and how it ended.
public struct ChildResult: Sendable {
  public enum Ending: Sendable, Hashable {
    case exited(Int32)
    /// By a signal that was not ours: SIGXCPU, SIGSEGV, SIGABRT, …
    case signalled(Int32)
    /// Killed by us.
    case timeLimit, outputLimit, cancelled
  }

  public var output: [UInt8]
  /// The first `ChildProcess.errorOutputLimit` bytes of standard error; the rest is read and thrown away.
  public var errorOutput: [UInt8]
  public var ending: Ending
}

/// Runs one bounded child process: a session and process group of its own, an empty environment, standard input from /dev/null, no inherited
/// descriptors, resource limits set by util-linux's `prlimit` before the program starts.
public enum ChildProcess {
  public static let errorOutputLimit = 64 << 10
  /// posix_spawn cannot set resource limits, and setting ours would bind the whole service; this program sets its own and becomes the child.
  public static let limiter = "/usr/bin/prlimit"

  /// Runs `executable` (an absolute path) in `directory` and returns when it has ended and been reaped. Cancelling the task kills it. Throws
  /// `SystemError` when it cannot be started; that a program fails is no error here but its ending.
  public static func run(
    _ executable: String, _ arguments: [String], in directory: String, limits: ChildLimits
  ) async throws(SystemError) -> ChildResult {
    let stop = try StopSwitch()
    // SIGXCPU comes at the soft limit of processor time; at the hard one the kernel kills without telling why.
    let command = [
      limiter, "--as=\(limits.addressSpace)", "--cpu=\(limits.processorSeconds):\(limits.processorSeconds + 1)",
      "--fsize=\(limits.fileSize)", "--nofile=\(limits.openFiles)",
      "--core=0", "--", executable,
    ]
    let result: Result<ChildResult, SystemError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // A queue of its own has a thread of its own at once, where the global queue would make a blocked child delay others.
        DispatchQueue(label: "chancery.child").async {
          do throws(SystemError) {
            var child = try Child.start(command + arguments, in: directory)
            continuation.resume(returning: .success(child.supervise(limits, stop)))
          } catch { continuation.resume(returning: .failure(error)) }
        }
      }
    } onCancel: {
      stop.fire()
    }
    return try result.get()
  }
}

/// A pipe that wakes the supervising thread; firing it once or more means stop.
private final class StopSwitch: Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  init() throws(SystemError) { (readEnd, writeEnd) = try makePipe() }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func fire() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }
}

private func makePipe() throws(SystemError) -> (read: Int32, write: Int32) {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { throw SystemError("make", "a pipe") }
  // pipe2 is not visible from Swift. Children of this file close everything, so the moment in between leaks nothing into them.
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

/// The parts of <spawn.h> that glibc (2.34 and later) shows only with _GNU_SOURCE, which Swift's Glibc module does not define.
private enum GNUSpawn {
  /// POSIX_SPAWN_SETSID.
  static let newSession: Int32 = 0x80
  private typealias AddCloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
  private typealias AddDirectory = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32

  /// Lets the child start in `directory` with no descriptor from 3 on; an error number, 0 for success.
  static func close(from first: Int32, enter directory: String, _ actions: inout posix_spawn_file_actions_t) -> Int32 {
    guard let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np"),
      let addDirectory = dlsym(nil, "posix_spawn_file_actions_addchdir_np")
    else { return ENOSYS }
    // Both casts state the C prototypes of spawn.h(0p) in glibc 2.34.
    let failed = unsafeBitCast(closeFrom, to: AddCloseFrom.self)(&actions, first)
    return failed != 0 ? failed : unsafeBitCast(addDirectory, to: AddDirectory.self)(&actions, directory)
  }
}

/// A started process and the read ends of its output; reaped and closed by `supervise`.
private struct Child: ~Copyable {
  private let process: pid_t
  private let output: Int32
  private let errors: Int32
  private var status: Int32 = 0

  private init(process: pid_t, output: Int32, errors: Int32) {
    self.process = process
    self.output = output
    self.errors = errors
  }

  static func start(_ command: [String], in directory: String) throws(SystemError) -> Child {
    guard access(command[0], X_OK) == 0 else { throw SystemError("run", command[0]) }
    let out = try makePipe()
    let err: (read: Int32, write: Int32)
    do { err = try makePipe() } catch {
      close(out.read)
      close(out.write)
      throw error
    }
    let started = spawn(command, in: directory, output: out.write, errors: err.write)
    close(out.write)
    close(err.write)
    guard started.code == 0 else {
      close(out.read)
      close(err.read)
      throw SystemError("start", command[0], code: started.code)
    }
    return Child(process: started.process, output: out.read, errors: err.read)
  }

  deinit {
    close(output)
    close(errors)
  }

  private static func spawn(_ command: [String], in directory: String, output: Int32, errors: Int32) -> (code: Int32, process: pid_t) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    let prepared = GNUSpawn.close(from: 3, enter: directory, &actions)
    guard prepared == 0 else { return (prepared, 0) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // A session of its own: its process group can be killed whole, and it has no terminal.
    posix_spawnattr_setflags(&attributes, Int16(GNUSpawn.newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    var process: pid_t = 0
    return (posix_spawn(&process, command[0], &actions, &attributes, &words, &environment), process)
  }

  /// Reads until both outputs are closed and the process has exited, or a limit is passed; then kills what is left of the group.
  mutating func supervise(_ limits: ChildLimits, _ stop: StopSwitch) -> ChildResult {
    let end = ContinuousClock.now + limits.time
    var result = ChildResult(output: [], errorOutput: [], ending: .timeLimit)
    var open = (output: true, errors: true)
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    var ended: ChildResult.Ending?
    while ended == nil {
      if !open.output, !open.errors, hasExited() { break }
      let left = end - ContinuousClock.now
      guard left > .zero else {
        ended = .timeLimit
        break
      }
      var waiting = [
        pollfd(fd: stop.readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: open.output ? output : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: open.errors ? errors : -1, events: Int16(POLLIN), revents: 0),
      ]
      // Once its outputs are closed nothing tells of its exit: look every two milliseconds. It is an instant away, as a rule.
      let (seconds, attoseconds) = left.components
      let milliseconds = Int(min(seconds, 1_000_000)) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1
      _ = poll(&waiting, 3, Int32(open.output || open.errors ? milliseconds : min(2, milliseconds)))
      if waiting[0].revents != 0 { ended = .cancelled }
      if waiting[1].revents != 0 { open.output = drain(output, into: &result.output, keeping: limits.output + 1, &chunk) }
      if waiting[2].revents != 0 { open.errors = drain(errors, into: &result.errorOutput, keeping: ChildProcess.errorOutputLimit, &chunk) }
      if result.output.count > limits.output { ended = ended ?? .outputLimit }
    }
    // The group may hold processes that outlived the leader. It is reaped after this: until then its id can be no one else's.
    kill(-process, SIGKILL)
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    result.ending = ended ?? (signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal))
    return result
  }

  /// One read; false at the end of the stream.
  private func drain(_ descriptor: Int32, into bytes: inout [UInt8], keeping limit: Int, _ chunk: inout [UInt8]) -> Bool {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN }
    bytes.append(contentsOf: chunk[0..<min(count, max(0, limit - bytes.count))])
    return count > 0
  }

  /// Whether the process has ended, without reaping it.
  private func hasExited() -> Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == SIGCHLD
  }
}

/// A directory with an unguessable name that only this user can enter, removed with all it holds when the value ends.
public struct PrivateDirectory: ~Copyable, Sendable {
  public let path: String

  /// Makes one inside `parent`. Throws `SystemError`.
  public init(in parent: String) throws(SystemError) {
    var template = Array("\(parent)/chancery-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a private directory in", parent) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path, depth: 0) }

  /// Removes a tree without following links. Deeper than 16 directories is left: whatever made that is no helper of ours.
  private static func remove(_ path: String, depth: Int) {
    if unlink(path) == 0 || depth > 16 { return }
    if let directory = opendir(path) {
      var names: [String] = []
      while let entry = readdir(directory) {
        // d_name is NUL-terminated within the entry, which lives until the next readdir.
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(directory)
      for name in names { remove("\(path)/\(name)", depth: depth + 1) }
    }
    rmdir(path)
  }
}
