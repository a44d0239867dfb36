import Foundation
import TestSupport
import Testing

@testable import Operations

@Test(arguments: [
  "null", "true", "-0.5e+10", "[]", "{}", #"{"a":[1,2,{"b":null}],"c":"d"}"#, #""\"\\\n\t\r""#, #""é😀—""#, #"[0,-1,1.25,1e9]"#,
])
func writtenJSONIsReadBackTheSame(text: String) throws {
  let value = try JSON.parse(text)
  #expect(value.text == text)
  #expect(try JSON.parse(value.indented) == value)
}

@Test func escapesAreRead() throws {
  #expect(try JSON.parse(#""\u0041\ud83d\ude00\/\b\f""#) == .string("A😀/\u{8}\u{c}"))
}

@Test(arguments: [
  "", " ", "tru", "01", "-", "1.", "1e", ".5", "+1", "[1,]", "[1 2]", #"{"a"}"#, #"{"a":}"#, #"{a:1}"#, #"{"a":1,}"#, "\"", #""\x""#,
  #""\u12""#, #""\ud800""#,
  #""\ud800\u0041""#, #""\udc00""#, "\"\u{1}\"", "1 2", "nulll", #"{"a":1,"a":2}"#, "\"\n\"", "'a'", "[", "{", "NaN",
])
func whatIsNoJSONIsRefused(text: String) { #expect(throws: JSON.Malformed.self) { try JSON.parse(text) } }

@Test func bytesThatAreNoUTF8AreRefused() {
  #expect(throws: JSON.Malformed.self) { try JSON.parse([0x22, 0xff, 0x22]) }
  #expect(throws: JSON.Malformed.self) { try JSON.parse([0xff]) }
}

@Test func nestingHasALimit() throws {
  let deep = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
  _ = try JSON.parse(deep(JSON.maximumDepth))
  #expect(throws: JSON.Malformed.self) { try JSON.parse(deep(JSON.maximumDepth + 2)) }
  #expect(throws: JSON.Malformed.self) { try JSON.parse(deep(1_000_000)) }
}

@Test func anErrorNamesTheLine() {
  do {
    _ = try JSON.parse("{\n \"a\": 1,\n \"b\" 2}")
    Issue.record("no error")
  } catch { #expect(error.line == 3) }
}

@Test func anyBytesGiveAValueOrAnErrorAndAgreeWithFoundation() throws {
  let seed = UInt64.random(in: 0...UInt64.max)
  print("seed \(seed)")
  var generator = Seeded(seed)
  func random(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
  let alphabet = Array(#"{}[],:"\u0d8e1-.+ntrfalse "#.utf8)
  for _ in 0..<20_000 {
    let bytes = (0..<random(12)).map { _ in alphabet[random(alphabet.count)] }
    guard let value = try? JSON.parse(bytes) else { continue }
    #expect(try JSON.parse(value.text) == value)
    // Foundation refuses numbers that no Double holds; RFC 8259 does not, and ours are kept as they are written.
    if String(decoding: bytes, as: UTF8.self).contains(/e[-+]?[0-9]{3}/) { continue }
    #expect(
      (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil, "\(String(decoding: bytes, as: UTF8.self))"
    )
  }
}
