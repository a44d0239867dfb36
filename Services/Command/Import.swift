import ArgumentParser
import ChanceryClient
import Documents
import Operations
import Platform
import Wire

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes over metadata that you have already: CSV, MARCXML or JSON lines.",
    discussion: """
      Each row, record or line names a registered paper by its symbol (or its id) and gives fields, which are the columns or members: \
      \(AmendableField.allCases.map(\.rawValue).joined(separator: " ")). What could not be read from the paper is filled in; where the paper says something else, \
      that is kept and told, unless --replace is given. Both are corrections like those of `chancery amend`, with their history. Papers that are not registered \
      are listed.

      In CSV the first row has the names; several values in a cell are parted by |. With --files, a column file names the paper's file below that directory, \
      which is submitted first, under its symbol: so scanned papers get the fields that nobody can read from them.

        chancery import catalogue.csv --column 'Doc. symbol=symbol' --column 'Published=date'
        chancery import --files scans/ scans.csv
      """)

  @Argument(help: "The file; - is standard input.", completion: .file()) var path: String
  @Option(
    help: ArgumentHelp("What a column or member of another name is for; may be repeated.", valueName: "name=field"))
  var column: [String] = []
  @Option(help: "The directory of the papers' files, which are submitted first.", completion: .directory) var files: String?
  @Flag(help: "Put the file's values in place of what was read.") var replace = false
  @Option(help: "The reason, for the documents' history; \"imported from FILE\" if you give none.") var why: String?
  @OptionGroup var repeating: RepeatingOptions
  @OptionGroup var common: CommonOptions

  /// Longest file, bytes.
  private static let maximumBytes = 1 << 30

  func validate() throws {
    if let why, why.allSatisfy(\.isWhitespace) { throw ValidationError("--why needs a reason") }
    _ = try columns()
  }

  private func columns() throws -> [String: ImportColumn] {
    var columns: [String: ImportColumn] = [:]
    for pair in column {
      guard let equals = pair.lastIndex(of: "="), let kind = ImportColumn(name: pair[pair.index(after: equals)...]) else {
        throw ValidationError("--column is NAME=FIELD, with a field that can be corrected, file or id; not \(pair)")
      }
      columns[String(pair[..<equals])] = kind
    }
    return columns
  }

  func run() async throws {
    let columns = try columns()
    try await common.withClient { client in
      let content = try ImportFile(try Self.read(path), name: path == "-" ? "standard input" : path, columns: columns)
      let tally = ImportTally(
        progress: Progress(documents: content.records.count, bytes: nil, shown: isTerminal(2) && !common.json), json: common.json)
      if !content.ignored.isEmpty { tally.note("passed over, as they name no field: \(content.ignored.joined(separator: ", "))") }
      for (name, reason) in content.unusable { tally.failed(name, reason) }
      let job = Job(
        files: files.map { $0.hasSuffix("/") ? $0 : $0 + "/" }, replace: replace,
        why: why ?? "imported from \(path == "-" ? "standard input" : String(path.split(separator: "/").last ?? ""))")
      let interrupted = try await interruptible(interrupted: {
        tally.note("interrupted: finishing what is under way; once more stops at once")
      }) { [repeating] interruption in
        var rest = content.records[...]
        let patience = repeating.patience(until: interruption)
        try await forEach(inFlight: repeating.inFlight, until: interruption, next: { rest.popFirst() }) { record in
          await job.run(record, with: client, patience: patience, tally: tally)
        }
        return interruption.isRequested
      }
      tally.finish(interrupted: interrupted)
      if interrupted { throw ExitCode(130) }
      if tally.isIncomplete { throw ExitCode.failure }
    }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let file = path == "-" ? nil : try File(path, .read)
    while bytes.count <= maximumBytes {
      let chunk = try file?.read(at: UInt64(bytes.count), count: 1 << 20) ?? readStandardInput(1 << 20)
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    throw Unusable(description: "\(path) has more than \(maximumBytes) bytes; import it in parts")
  }

  /// How each record is taken over.
  private struct Job: Sendable {
    /// Ends in a slash.
    let files: String?
    let replace: Bool
    let why: String

    func run(_ record: ImportRecord, with client: ChanceryClient, patience: Patience, tally: ImportTally) async {
      do throws(CallError) {
        var id = record.id
        if let files, let file = record.file {
          let reply = try await patience.call { () async throws(CallError) in
            try await client.submit(file: files + file, symbol: record.symbol ?? "", metadata: [:], distribution: "")
          }
          id = DocumentID(bytes: reply.documentID)
          guard id != nil else {
            return tally.failed(record.name, "\(file) is an archive, which is no paper itself; name its papers by their symbols")
          }
        }
        guard id != nil || record.symbol != nil else {
          return tally.failed(record.name, "it has no symbol" + (record.leftOut.first.map { ": \($0)" } ?? ""))
        }
        let reply = try await patience.call { () async throws(CallError) in try await amend(record, id, with: client) }
        tally.taken(record, reply)
      } catch {
        error.code == .notFound ? tally.missing(record) : tally.failed(record.name, error.message)
      }
    }

    /// Amends the document that the record names: by id, by symbol and language or, when it says no language, in whichever the symbol is registered.
    private func amend(_ record: ImportRecord, _ id: DocumentID?, with client: ChanceryClient) async throws(CallError) -> AmendReply {
      var request = AmendRequest(
        symbol: id == nil ? record.symbol ?? "" : "", documentID: id?.bytes ?? [], fields: record.values(fill: !replace), why: why)
      if request.fields.isEmpty { return AmendReply() }
      if id == nil, let language = record.fields[.language]?.first {
        request.language = language
        do throws(CallError) { return try await client.amend(request) } catch {
          // The paper whose own language was not recognised may be the one.
          guard error.code == .notFound else { throw error }
          request.language = "und"
          return try await client.amend(request)
        }
      }
      do throws(CallError) { return try await client.amend(request) } catch {
        guard error.code == .conflict, let languages = error.detail("languages") else { throw error }
        // Whose title it is, the record does not say.
        request.fields.removeAll { $0.field == AmendableField.title.rawValue || $0.field == AmendableField.titles.rawValue }
        if request.fields.isEmpty { throw error }
        var all = AmendReply()
        for language in languages.split(separator: ",").map({ $0.filter { $0 != " " } }) {
          request.language = language
          let reply = try await client.amend(request)
          all.made += reply.made
          all.kept += reply.kept
        }
        return all
      }
    }
  }
}
