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

  @Test(.enabled(if: Protoc.isInstalled, "protoc is not installed"), arguments: Samples.all)
  func `protoc reads every field of a message and writes the same bytes`(_ sample: Sample) throws {
    let text = try Protoc.decode(sample.type, sample.bytes)
    let fields = try #require(try Schema.messages()[sample.type])
    let named = Set(text.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" && $0 != " " } }.map(String.init))
    #expect(named.subtracting(["}"]) == Set(fields))
    #expect(try Protoc.encode(sample.type, text) == sample.bytes)
  }
}
