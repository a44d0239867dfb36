import Documents
import Foundation
import Testing

@testable import Reading

@Test func whatIsWrittenOfAFieldSetsItToTheSame() async throws {
  for name in ["A_80_L.38.pdf", "letter-2019-11-26.txt"] {
    let path = TestData.root.appending(path: "deploy/sample/\(name)").path
    let document = try await Reader().read(Original(.file(path), fileName: name, givenSymbol: "A/74/565–S/2019/908")).document
    for field in AmendableField.allCases {
      var other = document
      try other.amend(field, to: document.written(field))
      // A party's other parts are read from its text; an item is of the first organ.
      #expect(other.written(field) == document.written(field) && document.written(field).isEmpty == other.written(field).isEmpty)
      if ![.sender, .addressees, .items].contains(field) { #expect(other == document, "\(field) of \(name)") }
    }
    #expect(!document.written(.symbols).isEmpty && !document.written(.titles).isEmpty || !document.written(.items).isEmpty)
  }
}
