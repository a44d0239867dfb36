import Foundation
import Testing
import Wire

@Suite struct SchemaTests {
  @Test func `there is a sample of every message in the schema`() throws {
    #expect(try Set(Schema.messages().keys) == Set(Samples.all.map(\.type)))
  }

  @Test func `methods have the numbers and names that the schema gives them`() throws {
    let ours = Dictionary(uniqueKeysWithValues: Wire.Method.allCases.map { ($0.rawValue, $0.name) })
    #expect(try Schema.methods() == ours)
  }

  @Test func `the protocol's document states every method, kind and code as the code has them`() throws {
    let text = try String(contentsOfFile: Protoc.root + "/docs/PROTOCOL.md", encoding: .utf8)
    for method in Wire.Method.allCases {
      let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| \(method.rawValue) | \(method.name) |") })
      let cells = row.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
      let others = method.roles.subtracting([.operator]).map(\.rawValue)
      let stated =
        cells[5] == "all" ? Role.allCases.map(\.rawValue).filter { $0 != "operator" } : cells[5].split(separator: ", ").map(String.init)
      #expect(Set(stated) == Set(others), "\(method.name)")
      #expect(cells[6].hasPrefix(method.isIdempotent ? "yes" : "no"), "\(method.name)")
    }
    for kind in FrameKind.allCases { #expect(text.contains("| \(kind.rawValue) | \("\(kind)".uppercased()) |")) }
    for code in ErrorCode.allCases where code != .unknown { #expect(text.contains("| \(code.rawValue) \(code.name) |")) }
  }

  @Test(.enabled(if: Protoc.isInstalled, "protoc is not installed"), arguments: Samples.all)
  func `protoc reads every field of a message and writes the same bytes`(_ sample: Sample) throws {
    let text = try Protoc.decode(sample.type, sample.bytes)
    let fields = try #require(try Schema.messages()[sample.type])
    let named = Set(text.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" && $0 != " " } }.map(String.init))
    #expect(named.subtracting(["}"]) == Set(fields))
    #expect(try Protoc.encode(sample.type, text) == sample.bytes)
  }
}
