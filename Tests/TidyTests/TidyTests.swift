import Foundation
import Testing

/// The package's root.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// What each room may import of ours, as docs/ARCHITECTURE.md says. A room that is not here fails the test.
private let table: [String: Set<String>] = [
  "Shared/Platform": ["COpenSSL", "CSandbox", "CXXHash", "CZlib", "CZstd"],
  "Shared/Wire": [],
  "Shared/Network": ["CEpoll", "Platform"],
  "Shared/Transport": ["Wire", "Network", "Platform", "COpenSSL"],
  "Shared/Certificates": ["Wire", "Platform", "COpenSSL"],
  "Shared/DocumentSymbols": [],
  "Shared/Documents": ["DocumentSymbols"],
  "Shared/Reading": ["Documents", "Platform"],
  "Shared/Analysis": ["CStemmer"],
  "Shared/Engine": ["Analysis", "CKernels", "Platform"],
  "Shared/QueryLanguage": [],
  "Shared/Catalogue": ["Documents", "Engine", "Analysis", "QueryLanguage"],
  "Shared/Store": ["Platform", "Wire", "Transport"],
  "Shared/Operations": ["Platform", "Transport", "Wire"],
  "Shared/Client": ["Wire", "Transport", "Documents", "Platform"],
]

private let ours: Set<String> = [
  "Platform", "Wire", "Network", "Transport", "Certificates", "DocumentSymbols", "Documents", "Reading", "Analysis", "Engine",
  "QueryLanguage",
  "Catalogue", "Store",
  "Operations",
  "ChanceryClient",
  "CEpoll", "CKernels", "COpenSSL", "CSandbox", "CStemmer", "CXXHash", "CZlib", "CZstd",
]

private struct Source {
  let path: String
  let text: String
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ $0.hasPrefix("@") || $0 == "public" || $0 == "package" })
      else { return nil }
      return words.last.map { String($0.split(separator: ".")[0]) }
    }
  }
}

private func sources(_ folder: String) throws -> [Source] {
  let base = root.appending(path: folder).path
  guard let names = FileManager.default.enumerator(atPath: base) else { return [] }
  return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { name in
    Source(path: "\(folder)/\(name)", text: try String(contentsOfFile: "\(base)/\(name)", encoding: .utf8))
  }
}

private func rooms() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Shared").path)
    .filter { !["CEpoll", "CKernels", "COpenSSL", "CSandbox", "CStemmer", "CXXHash", "CZlib", "CZstd"].contains($0) }
    .map { "Shared/\($0)" }.sorted()
}

@Test func importsGoDownTheTableOnly() throws {
  for room in try rooms() {
    let allowed = try #require(table[room], "\(room) is in no row of the import table")
    for source in try sources(room) {
      for name in source.imports where ours.contains(name) { #expect(allowed.contains(name), "\(source.path) imports \(name)") }
    }
  }
}

/// These packages compile rooms by themselves, and `make test` does not build them.
@Test(arguments: ["Benchmarks/RPC", "Tests/Fuzz"]) func packagesThatLinkToRoomsHaveWhatTheseImport(folder: String)
  throws
{
  let manifest = try String(contentsOf: root.appending(path: "\(folder)/Package.swift"), encoding: .utf8)
  let linked = Set(try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "\(folder)/Shared").path))
  let rooms = manifest.matches(of: #/\broom\("(\w+)"(.*)/#)
  #expect(rooms.count >= 3)
  for room in rooms {
    let named = Set(room.2.matches(of: #/"([\w.]+)"/#).map { String($0.1) })
    for source in try sources("Shared/\(room.1)") where !named.contains(String(source.path.split(separator: "/").last ?? "")) {
      for name in source.imports where ours.contains(name) {
        #expect(named.contains(name) && linked.contains(name), "\(source.path) imports \(name), which \(folder) does not give it")
      }
    }
  }
}

@Test func onlyTheirRoomsKnowTheNetworkTheMachineAndOpenSSL() throws {
  for source in try rooms().flatMap(sources) {
    let room = source.path.split(separator: "/")[1]
    for name in source.imports {
      if name.hasPrefix("NIO") { #expect(room == "Operations", "\(source.path) imports \(name)") }
      if name == "Glibc" { #expect(room == "Platform" || room == "Network", "\(source.path) imports \(name)") }
      if name == "Foundation" { Issue.record("\(source.path) imports Foundation") }
    }
  }
}

@Test func aFileHasOneSubjectAndLinesThatFitAScreen() throws {
  for source in try ["Shared", "Services", "Tests"].flatMap(sources) {
    #expect(source.lines.count <= 600, "\(source.path) has \(source.lines.count) lines")
    for (number, line) in source.lines.enumerated() where line.count > 210 {
      Issue.record("\(source.path):\(number + 1) has \(line.count) columns")
    }
  }
}

@Test func everyLimitStandsInTheSpecification() throws {
  let text = try String(contentsOf: root.appending(path: "docs/PROTOCOL.md"), encoding: .utf8)
  let wire = try sources("Shared/Wire").filter { $0.path.hasSuffix("/Frame.swift") }.flatMap(\.lines)
    .compactMap { $0.firstMatch(of: #/static let (\w+)(?:: UInt\d+)? = /#)?.1 }.filter { !["length", "ignorable", "last"].contains($0) }
  let server = try sources("Shared/Transport").filter { $0.path.hasSuffix("/ServerConfiguration.swift") }.flatMap(\.lines)
    .compactMap { $0.firstMatch(of: #/public var (\w+) = /#)?.1 }
  #expect(wire.count > 15 && server.count > 8)
  for name in wire + server { #expect(text.contains("`\(name)`"), "\(name) is not in docs/PROTOCOL.md") }
}
