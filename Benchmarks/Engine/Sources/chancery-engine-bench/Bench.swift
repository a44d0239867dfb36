import Engine
import Glibc
import Platform

/// `serve FOLDER` answers queries by the peers' line protocol; `index DOCS.tsv FOLDER THREADS MEGABYTES` builds the segments it reads. The others
/// measure what docs/BENCHMARKS.md gives figures of; QUERIES.tsv is the peers' (id, class, words).
@main struct Bench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    switch (arguments.dropFirst().first, arguments.count) {
    case ("serve", 3): try serve(arguments[2])
    case ("index", 6): try await index(arguments[2], arguments[3], threads: Int(arguments[4]) ?? 1, megabytes: Int(arguments[5]) ?? 256)
    case ("open", 4): try Proofs.open(arguments[2], query: arguments[3])
    case ("throughput", 4): try await Proofs.throughput(arguments[2], try queries(arguments[3]))
    case ("merge", 4): try await Proofs.merge(arguments[2], try queries(arguments[3]))
    case ("kernels", 2): KernelBench.run()
    default:
      print(
        "usage: chancery-engine-bench serve FOLDER | index DOCS.tsv FOLDER THREADS MEGABYTES | open FOLDER WORDS | "
          + "throughput FOLDER QUERIES.tsv | merge FOLDER QUERIES.tsv | kernels")
    }
  }

  static func segmentPath(_ folder: String, _ number: Int = 0) -> String { "\(folder)/segment-\(number).chsg" }

  /// The segments of a folder.
  static func view(_ folder: String, _ checksums: SegmentReader.Checksums = .all) throws -> IndexView {
    var segments = [(reader: try SegmentReader(segmentPath(folder), checksums: checksums), deletions: DeletionBitmap?.none)]
    while let next = try? SegmentReader(segmentPath(folder, segments.count), checksums: checksums) { segments.append((next, nil)) }
    return IndexView(segments)
  }

  // MARK: Search

  static func serve(_ folder: String) throws {
    let view = try view(folder)
    while let line = readLine() {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 4, let limit = Int(parts[1]) else { continue }
      let text = Array(parts[3].utf8)
      let start = monotonicNow()
      var request = EngineRequest(query(parts[2], text))
      request.limit = parts[0] == "count" ? 0 : limit
      request.wantsTotal = parts[0] != "top"
      let result = try view.search(request)
      let nanoseconds = monotonicNow() - start
      var answer = "\(nanoseconds)\t\(request.wantsTotal ? result.total : -1)\t"
      answer += result.hits.map { "\(number($0.id)):\(Float($0.score))" }.joined(separator: ",")
      print(answer)
      flush()
    }
  }

  /// The peers' queries, ten hits each without a total.
  static func queries(_ path: String) throws -> [EngineRequest] {
    let file = try MappedFile(path)
    return String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\t")
      guard parts.count == 3 else { return nil }
      var request = EngineRequest(query(parts[1], Array(parts[2].utf8)))
      request.wantsTotal = false
      return request
    }
  }

  static func query(_ kind: Substring, _ text: [UInt8]) -> EngineQuery {
    var words: [[UInt8]] = []
    var start = 0
    for place in 0...text.count where place == text.count || text[place] == UInt8(ascii: " ") {
      words.append(Array(text[start..<place]))
      start = place + 1
    }
    if kind.hasPrefix("phrase") { return .phrase(.body, words) }
    if words.count == 1 { return .term(.body, words[0]) }
    let terms = words.map { EngineQuery.term(.body, $0) }
    return kind.hasPrefix("and") ? .and(terms) : .or(terms)
  }

  // MARK: Indexing

  /// Each thread leaves one segment, as Tantivy's do; what one makes of more memory than it may take is merged.
  static func index(_ documents: String, _ folder: String, threads: Int, megabytes: Int) async throws {
    let memory = megabytes * 1_000_000 / max(1, threads)
    guard memory >= SegmentBuilder.leastMemory else {
      print("\(megabytes) MB are too few: each of \(threads) threads needs \(SegmentBuilder.leastMemory / 1_000_000 + 1)")
      exit(2)
    }
    let file = try MappedFile(documents)
    let watch = MemoryWatch()
    let start = monotonicNow()
    let merging = try await withThrowingTaskGroup(of: UInt64.self) { group in
      for (number, range) in ranges(file, threads).enumerated() {
        group.addTask {
          let paths = try build(file, range, "\(folder)/part-\(number)", memory: memory)
          let built = monotonicNow()
          if paths.count == 1 {
            try rename(paths[0], segmentPath(folder, number))
          } else {
            let readers = try paths.map { (reader: try SegmentReader($0), deletions: DeletionBitmap?.none) }
            _ = try SegmentMerger.merge(readers, to: segmentPath(folder, number))
            for path in paths { try removeFile(path) }
          }
          return monotonicNow() - built
        }
      }
      return try await group.reduce(0) { max($0, $1) }
    }
    let all = monotonicNow() - start
    print(
      "{\"build_s\": \(Double(all - merging) / 1e9), \"merge_s\": \(Double(merging) / 1e9), \"segments\": \(threads), \"own_mb\": \(watch.peak / 1_000_000)}"
    )
  }

  /// The file's lines in so many parts of about equal length.
  private static func ranges(_ file: MappedFile, _ count: Int) -> [Range<Int>] {
    let bytes = file.bytes
    var starts = [0]
    for number in 1..<max(1, count) {
      var place = bytes.count * number / count
      while place < bytes.count, place > 0, bytes[place - 1] != UInt8(ascii: "\n") { place += 1 }
      starts.append(place)
    }
    return zip(starts, starts.dropFirst() + [bytes.count]).map { $0..<$1 }
  }

  /// Indexes the lines of a range into as many segments as the memory asks for; their paths.
  private static func build(_ file: MappedFile, _ range: Range<Int>, _ path: String, memory: Int) throws -> [String] {
    var paths: [String] = []
    func next() throws -> SegmentBuilder {
      paths.append("\(path)-\(paths.count)")
      return try SegmentBuilder(paths[paths.count - 1])
    }
    var builder = try next()
    let bytes = file.bytes
    var place = range.lowerBound
    while place < range.upperBound {
      var number: UInt64 = 0
      while bytes[place] != UInt8(ascii: "\t") {
        number = number * 10 + UInt64(bytes[place] - UInt8(ascii: "0"))
        place += 1
      }
      let start = place + 1
      while place < range.upperBound, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      var document = IndexedDocument(id: id(number))
      document.texts = [.init(.body, String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<place]), as: UTF8.self))]
      try builder.add(document)
      place += 1
      if builder.bytes > memory {
        _ = try builder.finishFile()
        builder = try next()
      }
    }
    _ = try builder.finishFile()
    return paths
  }

  private static func id(_ number: UInt64) -> [UInt8] {
    Array(repeating: 0, count: 8) + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
  }

  private static func number(_ id: [UInt8]) -> UInt64 { id.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
