import ArgumentParser
import ChanceryClient
import Operations
import Platform
import Wire

struct Submit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Submits files, and all files in directories.",
    discussion: """
      A file that was submitted before is recognised by its SHA-256 and reported as a duplicate, so that after an interruption the same command goes \
      on where it stopped. Beside FILE there may be FILE.meta.json, {"symbol": "A/74/565", "distribution": "general", "metadata": {"name": "value"}}. \
      Files whose name begins with a dot are passed over.

      A document whose distribution is neither printed in it nor stated is found only by callers cleared for everything.

      --jsonl reads one text document a line: {"id": …, "text": …} and any other texts, numbers and truth values, which become its metadata \
      ("symbol" is its symbol). - is standard input: zstd -dc statements.jsonl.zst | chancery submit --jsonl -
      """)

  @Argument(help: "Files and directories.", completion: .file()) var paths: [String] = []
  @Option(help: ArgumentHelp("A file of text documents, one JSON object a line; may be repeated.", valueName: "file"), completion: .file())
  var jsonl: [String] = []
  @Option(help: "The symbol of the one file that is given.") var symbol: String?
  @Option(help: ArgumentHelp("Metadata of every document; may be repeated.", valueName: "name=value")) var metadata: [String] = []
  @Option(
    help: ArgumentHelp(
      "Distribution of documents that state none, or a less strict one: \(DistributionClass.allCases.map(\.name).joined(separator: ", ")).",
      valueName: "class"), completion: .list(DistributionClass.allCases.map(\.name)))
  var distribution: DistributionClass?
  @OptionGroup var repeating: RepeatingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if paths.isEmpty && jsonl.isEmpty { throw ValidationError("give at least one FILE, DIR or --jsonl FILE") }
    if symbol != nil && (paths.count != 1 || !jsonl.isEmpty) { throw ValidationError("--symbol goes with exactly one file") }
    _ = try pairs()
  }

  private func pairs() throws -> [String: String] {
    var result: [String: String] = [:]
    for pair in metadata {
      guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
        throw ValidationError("--metadata is NAME=VALUE, not \(pair)")
      }
      result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
    return result
  }

  func run() async throws {
    let metadata = try pairs()
    try await common.withClient { client in
      let files = try paths.flatMap { try FileList.files(at: $0) }
      if symbol != nil && files.count != 1 {
        throw common.report("--symbol goes with one file; \(paths[0]) holds \(files.count)", hint: nil)
      }
      let supply = Supply(files: files, lineFiles: jsonl, symbol: symbol, metadata: metadata, distribution: distribution?.name ?? "")
      let tally = Tally(
        progress: Progress(documents: supply.documentCount, bytes: supply.byteCount, shown: isTerminal(2) && !common.json),
        json: common.json)
      let interrupted = try await interruptible(interrupted: {
        tally.note("interrupted: finishing what is under way; once more stops at once")
      }) {
        [repeating] interruption in
        let source = Source(supply)
        let patience = repeating.patience(until: interruption)
        try await forEach(inFlight: repeating.inFlight, until: interruption, next: { try await source.next() }) { next in
          switch next {
          case .refused(let name, let reason): tally.refused(name, reason, bytes: 0)
          case .document(let submission): await Self.submit(submission, with: client, patience: patience, tally: tally)
          }
        }
        return interruption.isRequested
      }
      tally.finish(interrupted: interrupted)
      if interrupted { throw ExitCode(130) }
      if tally.refusals > 0 { throw ExitCode.failure }
    }
  }

  /// Submits one document. What is worth repeating is repeated: the same bytes are registered once, however often they come.
  private static func submit(_ submission: Submission, with client: ChanceryClient, patience: Patience, tally: Tally) async {
    do throws(CallError) {
      let reply = try await patience.call { () async throws(CallError) in
        switch submission.content {
        case .file(let path):
          try await client.submit(
            file: path, symbol: submission.symbol ?? "", metadata: submission.metadata, distribution: submission.distribution)
        case .text(let bytes):
          try await client.submit(
            bytes: bytes, fileName: submission.name, mediaType: "text/plain", symbol: submission.symbol ?? "",
            metadata: submission.metadata,
            distribution: submission.distribution)
        }
      }
      tally.registered(submission, reply)
    } catch {
      tally.refused(submission.name, error.message, bytes: submission.bytes)
    }
  }
}

extension DistributionClass: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument.lowercased()) }
}
