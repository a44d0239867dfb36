import CSandbox
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
  /// Whether it may make processes of its own; threads it may. They end with it.
  public var forks: Bool

  public init(
    time: Duration = .seconds(30), processorSeconds: Int = 30, addressSpace: Int = 1 << 30, fileSize: Int = 1 << 20, openFiles: Int = 64,
    output: Int = 64 << 20, forks: Bool = false
  ) {
    self.time = time
    self.processorSeconds = processorSeconds
    self.addressSpace = addressSpace
    self.fileSize = fileSize
    self.openFiles = openFiles
    self.output = output
    self.forks = forks
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

/// Runs one confined and bounded child process. It may read the system's programs and their data, what `reading` names, and read and write its
/// own directory; it has no network, an empty environment but for what it is given, standard input from /dev/null, no inherited descriptors, no
/// capabilities and no way to gain rights, and it dies with this process. Shared/CSandbox does it; docs/SECURITY.md says what holds where.
public enum ChildProcess {
  public static let errorOutputLimit = 64 << 10

  /// What confines children on this machine, for people.
  public static var protection: String {
    let version = chancery_landlock_version()
    return version > 0
      ? "Landlock \(version), seccomp and limits" : "seccomp and limits; files are not confined: this kernel has no Landlock"
  }

  /// Runs `executable` (an absolute path) in `directory` and returns when it has ended and been reaped. Cancelling the task kills it. Throws
  /// `SystemError` when it cannot be started; that a program fails is no error here but its ending.
  public static func run(
    _ executable: String, _ arguments: [String], in directory: String, reading: [String] = [], environment: [String] = [],
    limits: ChildLimits
  ) async throws(SystemError) -> ChildResult {
    let stop = try StopSwitch()
    let launch = Launch(
      arguments: [executable] + arguments, environment: environment, directory: directory, readable: [executable] + reading, limits: limits)
    let result: Result<ChildResult, SystemError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // A queue of its own has a thread of its own at once, where the global queue would make a blocked child delay others. The child is bound to
        // the thread that starts it, which therefore stays with it to its end.
        DispatchQueue(label: "chancery.child").async {
          do throws(SystemError) {
            var child = try Child.start(launch)
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

/// What is to be started.
private struct Launch: Sendable {
  var arguments: [String]
  var environment: [String]
  var directory: String
  var readable: [String]
  var limits: ChildLimits

  /// The system's programs, libraries and fonts; none of it is secret. Nothing of /etc but that, nothing of /proc, of /dev what every program may use.
  static let system = [
    "/usr", "/bin", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives", "/var/cache/fontconfig", "/dev/urandom",
    "/dev/zero",
  ]

  /// Starts it with its outputs connected to the two descriptors.
  func start(output: Int32, errors: Int32) throws(SystemError) -> pid_t {
    let words = CStrings(arguments)
    let variables = CStrings(environment)
    let paths = CStrings(Self.system + readable + ["/dev/null", directory])
    let place = CStrings([directory])
    var rules: [chancery_rule] = []
    for (index, path) in paths.pointers.dropLast().enumerated() {
      let writes = index >= paths.pointers.count - 3
      rules.append(chancery_rule(path: path, access: Int32((writes ? CHANCERY_WRITE : CHANCERY_READ).rawValue)))
    }
    var process: pid_t = 0
    var step: UnsafePointer<CChar>?
    // The C strings and rules outlive the call, which keeps no pointer to them.
    let code = withExtendedLifetime((words, variables, paths, place)) {
      words.pointers.withUnsafeBufferPointer { words in
        variables.pointers.withUnsafeBufferPointer { variables in
          rules.withUnsafeBufferPointer { rules in
            var launch = chancery_launch(
              arguments: words.baseAddress, environment: variables.baseAddress, directory: place.pointers[0], output: output,
              errors: errors,
              rules: rules.baseAddress, rule_count: rules.count, address_space: UInt64(limits.addressSpace),
              processor_seconds: UInt64(limits.processorSeconds), file_size: UInt64(limits.fileSize), open_files: UInt64(limits.openFiles),
              forks: limits.forks)
            return chancery_launch(&launch, &process, &step)
          }
        }
      }
    }
    guard code == 0 else { throw SystemError(step.map { String(cString: $0) } ?? "start", arguments[0], code: code) }
    return process
  }
}

/// Copies of strings as C wants them, and a null pointer after the last.
private final class CStrings {
  let pointers: [UnsafePointer<CChar>?]

  init(_ strings: [String]) { pointers = strings.map { UnsafePointer(strdup($0)) } + [nil] }

  deinit { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }
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

  static func start(_ launch: Launch) throws(SystemError) -> Child {
    guard access(launch.arguments[0], X_OK) == 0 else { throw SystemError("run", launch.arguments[0]) }
    let out = try makePipe()
    defer { close(out.write) }
    let err: (read: Int32, write: Int32)
    do throws(SystemError) { err = try makePipe() } catch {
      close(out.read)
      throw error
    }
    defer { close(err.write) }
    do throws(SystemError) {
      return Child(process: try launch.start(output: out.write, errors: err.write), output: out.read, errors: err.read)
    } catch {
      close(out.read)
      close(err.read)
      throw error
    }
  }

  deinit {
    close(output)
    close(errors)
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

  /// The directory at `path`, made when missing, without what a process that was killed left in it. Throws `SystemError`.
  public static func emptied(_ path: String) throws(SystemError) -> String {
    remove(path, depth: 0)
    try Directory.make(path)
    return path
  }

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
