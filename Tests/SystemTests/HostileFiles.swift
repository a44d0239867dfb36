import Foundation

/// A file made by Tests/HostileFiles.
struct HostileFile: Decodable, Sendable {
  /// Its name, a number before it.
  var file: String
  /// What the submitter says it is.
  var media: String
  /// "read" or "refused" where nothing else is right.
  var expect: String

  /// Makes files in a folder. What leads out of them leads to the folder `forbidden` and to `port`.
  static func make(_ count: Int, seed: Int, in folder: URL, forbidden: URL, port: Int) throws -> [HostileFile] {
    let maker = root.appending(path: "Tests/HostileFiles/make.py").path
    try run("python3", ["-B", maker, folder.path, "\(count)", "\(seed)", forbidden.path, "\(port)"])
    return try String(contentsOf: folder.appending(path: "files.jsonl"), encoding: .utf8).split(separator: "\n")
      .map { try JSONDecoder().decode(HostileFile.self, from: Data($0.utf8)) }
  }
}

/// A port on which nobody may call.
struct ForbiddenPort: ~Copyable {
  private let socket: Int32
  let number: Int

  init() throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // The address has the family and the size that the calls are told.
    let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 64) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard isOpen else { throw SetupFailure(description: "no port to listen on: \(errno)") }
    self.socket = socket
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(socket) }

  /// Whether somebody has called since it was opened.
  var wasCalled: Bool { accept(socket, nil, nil) >= 0 }
}

/// What a process and those it started use, as /proc tells it.
struct ProcessFigures: Sendable {
  /// The most memory that it ever had, bytes.
  var peak = 0
  /// The most that it and its children had together, bytes.
  var peakWithChildren = 0
  /// The most children at a time.
  var mostChildren = 0

  mutating func look(at process: Int32) {
    let children = Self.children(of: process)
    peak = max(peak, Self.bytes("VmHWM", of: process))
    peakWithChildren = max(peakWithChildren, ([process] + children).reduce(0) { $0 + Self.bytes("VmRSS", of: $1) })
    mostChildren = max(mostChildren, children.count)
  }

  static func children(of process: Int32) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(Int32.init).filter { id in
      // "id (name) state parent …"; the name may hold anything.
      guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
        return false
      }
      return text[end...].split(separator: " ").dropFirst(2).first == "\(process)"
    }
  }

  private static func bytes(_ field: String, of process: Int32) -> Int {
    let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(field):") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }
}
