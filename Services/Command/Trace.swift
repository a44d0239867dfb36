import ArgumentParser
import ChanceryClient
import Operations
import Platform
import Transport
import Wire

struct Trace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what the services did for a trace, and how long it took.",
    discussion: """
      A command with --trace tells its trace's id; other programs send a W3C trace context with their calls. Every service remembers its newest spans, \
      until it stops. Times are in microseconds, from the trace's first.

        chancery submit letter.pdf --trace
        chancery trace 4bf92f3577b34da6a3ce929d0e0e4736
      """)

  @Argument(help: "The trace's id, 32 hexadecimal digits.") var id: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard bytes(hexadecimal: id)?.count == 16 else { throw ValidationError("a trace's id has 32 hexadecimal digits") }
  }

  func run() async throws {
    try await common.withClient { client in
      var spans: [SpanMessage] = []
      for (service, endpoint) in client.everything {
        do throws(CallError) { spans += try await client.spans(of: bytes(hexadecimal: id) ?? [], endpoint) } catch {
          writeToStandardError("chancery: \(service.rawValue) \(endpoint) does not tell: \(plain(error.message))\n")
        }
      }
      if common.json { return try printJSON(.array(spans.map(\.json))) }
      guard !spans.isEmpty else {
        throw common.report("no service remembers trace \(id)", hint: "spans are forgotten when newer ones come or the service stops")
      }
      try writeToStandardOutput(SpanTree(spans).text.utf8)
    }
  }
}

/// Spans under those that caused them.
struct SpanTree {
  private let children: [[UInt8]: [SpanMessage]]
  private let roots: [SpanMessage]
  private let start: UInt64

  init(_ spans: [SpanMessage]) {
    let known = Set(spans.map(\.spanID))
    let inOrder = spans.sorted { ($0.startMicroseconds, $0.name) < ($1.startMicroseconds, $1.name) }
    roots = inOrder.filter { !known.contains($0.parentID) }
    children = Dictionary(grouping: inOrder.filter { known.contains($0.parentID) }) { $0.parentID }
    start = inOrder.first?.startMicroseconds ?? 0
  }

  var text: String {
    var out = ""
    // What comes from peers could name itself as its cause.
    var shown: Set<[UInt8]> = []
    func add(_ span: SpanMessage, depth: Int) {
      guard shown.insert(span.spanID).inserted else { return }
      let attributes = span.attributes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      let name = String(repeating: "  ", count: min(depth, 32)) + span.name
      out +=
        "\(padded("\(span.startMicroseconds - start)", 10)) \(padded("\(span.microseconds)", 10))  \(plain(name))  \(plain(span.software))"
      out += (attributes.isEmpty ? "" : "  (\(plain(attributes)))") + (span.error.isEmpty ? "" : "  FAILED: \(plain(span.error))") + "\n"
      for child in children[span.spanID] ?? [] { add(child, depth: depth + 1) }
    }
    for root in roots { add(root, depth: 0) }
    return "\(padded("start", 10)) \(padded("took", 10))\n" + out
  }
}

extension SpanMessage {
  fileprivate var json: JSON {
    .object([
      .init("span", .string(hexadecimal(spanID))), .init("parent", .string(hexadecimal(parentID))), .init("name", .string(name)),
      .init("software", .string(software)), .init("start_us", .number(startMicroseconds)), .init("microseconds", .number(microseconds)),
      .init("error", .string(error)),
      .init("attributes", .object(attributes.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
    ])
  }
}
