import ArgumentParser
import ChanceryClient
import Documents
import Operations
import Wire

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how the score of a document comes about in the answer to a query.",
    discussion: """
      Every number stands above those that it is calculated from.

        chancery explain 'genocide~ OR "rule of law"^2' A/74/565
      """)

  @Argument(help: "What is looked for.") var query: String
  @Argument(help: "Symbol, or id.") var symbol: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let id = DocumentID(hexadecimal: symbol)
    let request = ExplainRequest(query: query, symbol: id == nil ? symbol : "", documentID: id?.bytes ?? [])
    try await common.withClient { client in
      let reply: ExplainReply
      do throws(CallError) { reply = try await client.explain(request) } catch { throw common.report(error, query: query) }
      if common.json { return try printJSON(reply.json) }
      let lines = reply.steps.map { step in
        "\(String(repeating: "  ", count: Int(min(step.level, 100))))\(step.value)  \(oneLine(step.description, limit: 300))\n"
      }
      try writeToStandardOutput((reply.found ? lines.joined() : "the query does not find \(plain(symbol))\n").utf8)
    }
  }
}
