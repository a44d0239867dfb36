import Operations
import Platform

/// One document to submit.
struct Submission: Sendable {
  enum Content: Sendable {
    case file(String)
    case text([UInt8])
  }
  /// Path, or file and line, for messages; of a text also its file name.
  let name: String
  let content: Content
  let symbol: String?
  let metadata: [String: String]
  /// The class of its distribution when the text states none, or a stricter one; empty = as the text states.
  let distribution: String
  /// What it adds to the progress, in bytes.
  let bytes: UInt64
}

/// The files below a path.
enum FileList {
  struct Entry: Sendable {
    let path: String
    let bytes: UInt64
  }

  /// Directories inside each other, at most; links to directories are not followed.
  static let maximumDepth = 64

  /// `path` itself when it is a file, else every file below it, sorted, but no hidden ones and no `.meta.json`. Throws `SystemError`.
  static func files(at path: String) throws(SystemError) -> [Entry] {
    var entries: [Entry] = []
    if let names = try? Directory.names(path) {
      try collect(path.hasSuffix("/") ? path : path + "/", names, depth: 0, into: &entries)
    } else {
      entries.append(Entry(path: path, bytes: try Directory.size(path)))
    }
    return entries
  }

  private static func collect(_ directory: String, _ names: [String], depth: Int, into entries: inout [Entry]) throws(SystemError) {
    for name in names where !name.hasPrefix(".") && !name.hasSuffix(".meta.json") {
      let path = directory + name
      if name.hasSuffix("/") {
        if depth < maximumDepth { try collect(path, try Directory.names(path), depth: depth + 1, into: &entries) }
      } else {
        entries.append(Entry(path: path, bytes: try Directory.size(path)))
      }
    }
  }
}

/// All that is to be submitted.
struct Supply: Sendable {
  let files: [FileList.Entry]
  /// Files of lines; - is standard input.
  let lineFiles: [String]
  /// The symbol of the one file there is.
  let symbol: String?
  /// Metadata of every document; what a document says itself goes before it.
  let metadata: [String: String]
  /// The class of every document whose own `.meta.json` states none; empty = none.
  var distribution = ""

  /// How many documents there are; nil when that shows only on reading.
  var documentCount: Int? { lineFiles.isEmpty ? files.count : nil }

  /// How many bytes there are; nil when that shows only on reading.
  var byteCount: UInt64? {
    let sizes = lineFiles.map { $0 == "-" ? nil : try? Directory.size($0) }
    return sizes.contains { $0 == nil } ? nil : sizes.compactMap { $0 }.reduce(files.reduce(0) { $0 + $1.bytes }, +)
  }
}

/// What is submitted, one after the other: files first, then lines.
final class Source {
  enum Next: Sendable {
    case document(Submission)
    case refused(name: String, reason: String)
  }

  /// Longest `.meta.json`, bytes.
  static let maximumSidecarBytes = 1 << 20

  private var files: ArraySlice<FileList.Entry>
  private var lineFiles: ArraySlice<String>
  private var lines: LineReader?
  private let symbol: String?
  private let metadata: [String: String]
  private let distribution: String

  init(_ supply: Supply) {
    files = supply.files[...]
    lineFiles = supply.lineFiles[...]
    symbol = supply.symbol
    metadata = supply.metadata
    distribution = supply.distribution
  }

  /// The next document, or what is wrong with it; nil at the end. Throws when a file of lines cannot be read.
  func next() async throws -> Next? {
    if let file = files.popFirst() { return self.file(file) }
    while true {
      if let line = try await lines?.next() { return self.line(line) }
      guard let path = lineFiles.popFirst() else { return nil }
      lines = try LineReader(path)
    }
  }

  private func file(_ file: FileList.Entry) -> Next {
    var symbol = symbol
    var all = metadata
    var distribution = distribution
    let sidecar = file.path + ".meta.json"
    if Directory.exists(sidecar) {
      do {
        let json = try JSON.parse(try File(sidecar, .read).read(at: 0, count: Self.maximumSidecarBytes + 1))
        let own = try Sidecar(json)
        symbol = symbol ?? own.symbol
        distribution = own.distribution ?? distribution
        all.merge(own.metadata) { $1 }
      } catch {
        return .refused(name: file.path, reason: "\(sidecar): \(error)")
      }
    }
    return .document(
      Submission(
        name: file.path, content: .file(file.path), symbol: symbol, metadata: all, distribution: distribution, bytes: file.bytes))
  }

  private func line(_ line: LineReader.Line) -> Next {
    do {
      let statement = try TextLine(try JSON.parse(try line.bytes()))
      return .document(
        Submission(
          name: "\(statement.id ?? line.name.replacing("/", with: "_")).txt", content: .text(Array(statement.text.utf8)),
          symbol: statement.symbol,
          metadata: metadata.merging(statement.metadata) { $1 }, distribution: distribution, bytes: line.length))
    } catch {
      return .refused(name: line.name, reason: "\(error)")
    }
  }
}

/// What is wrong with a `.meta.json` or a line.
struct Unusable: Error, CustomStringConvertible {
  let description: String
}

/// `{"symbol": "A/74/565", "distribution": "general", "metadata": {"name": "value"}}`, all optional.
struct Sidecar {
  var symbol: String?
  var distribution: String?
  var metadata: [String: String] = [:]

  /// Throws `Unusable`.
  init(_ json: JSON) throws {
    guard let members = json.object else { throw Unusable(description: "it must be one JSON object") }
    for member in members {
      switch member.name {
      case "symbol":
        guard let text = member.value.string else { throw Unusable(description: "symbol must be a text") }
        symbol = text
      case "distribution":
        guard let text = member.value.string else { throw Unusable(description: "distribution must be a text") }
        distribution = text
      case "metadata":
        guard let pairs = member.value.object else { throw Unusable(description: "metadata must be an object") }
        for pair in pairs {
          guard let text = pair.value.scalar else {
            throw Unusable(description: "metadata \(pair.name) must be a text, a number, true or false")
          }
          metadata[pair.name] = text
        }
      default: throw Unusable(description: "unknown name \"\(member.name)\"; known are symbol, distribution and metadata")
      }
    }
  }
}

/// One text document of `--jsonl`.
struct TextLine {
  let text: String
  let id: String?
  let symbol: String?
  var metadata: [String: String] = [:]

  /// Throws `Unusable`.
  init(_ json: JSON) throws {
    guard let members = json.object else { throw Unusable(description: "the line is no JSON object") }
    guard let text = json["text"]?.string else { throw Unusable(description: "the line has no \"text\"") }
    self.text = text
    id = json["id"]?.scalar.map { $0.replacing("/", with: "_") }
    symbol = json["symbol"]?.string
    for member in members where !["text", "id", "symbol"].contains(member.name) {
      if let value = member.value.scalar { metadata[member.name] = value }
    }
  }
}
