import Documents
import Foundation
import Testing

@testable import chancery

private func records(_ text: String, columns: [String: ImportColumn] = [:]) throws -> ImportFile {
  try ImportFile(Array(text.utf8), name: "list", columns: columns)
}

@Test func aCellOfACSVFileIsAFieldOfThePaperThatItsRowNames() throws {
  let file = try records(
    "\u{feff}Symbol;Doc date;items;Remarks;sender\r\nA/74/565–S/2019/908;26 November 2019;\"25 (b): A; title|34\";\"kept; \"\"as is\"\"\";\r\n;;;;\r\nA/74/1;31 February 2019;;;Armenia\r\n",
    columns: ["Doc date": .field(.date)])
  #expect(file.ignored == ["Remarks"] && file.unusable.isEmpty && file.records.count == 2)
  #expect(file.records[0].fields[.symbols] == ["A/74/565", "S/2019/908"] && file.records[0].symbol == "A/74/565")
  #expect(file.records[0].fields[.date] == ["26 November 2019"] && file.records[0].fields[.items] == ["25 (b): A; title", "34"])
  #expect(file.records[1].name == "list, row 4" && file.records[1].fields[.sender] == ["Armenia"])
  #expect(file.records[1].leftOut == ["date: 31 February 2019 is no day such as 2019-11-26 or 26 November 2019"])
}

@Test func aFileThatCannotBeReadSaysWhatToDo() throws {
  for (text, words) in [
    ("", "is empty"), ("title,date\nx,2019-01-01\n", "no column is called symbol"),
    ("symbol,title\nA/1/1,\"open\nA/1/2,x\n", "and not closed"),
    ("<a><b/></a>", "no MARC record"), ("00714cam a2200205 a 4500001001300000\u{1e}", "ISO 2709"),
  ] {
    let error = #expect(throws: Unusable.self) { try records(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
  let error = #expect(throws: Unusable.self) { try ImportFile(Array("symbol\nA/1/1 é".utf8.dropLast()), name: "list", columns: [:]) }
  #expect(error?.description.contains("not in UTF-8") == true)
}

@Test func aRowWithTooManyCellsIsRefusedAndItsNeighboursAreNot() throws {
  let file = try records("symbol,title\nA/1/1,One\nA/1/2,Two,and more\nA/1/3,Three\n")
  #expect(file.records.map(\.symbol) == ["A/1/1", "A/1/3"] && file.unusable.map(\.name) == ["list, row 3"])
}

@Test func aLineOfJSONHasWhatShowPrints() throws {
  let file = try records(
    #"{"id": "0123456789abcdef0123456789abcdef", "symbols": ["A/74/565"], "date": null, "bytes": 7, "#
      + #""items": [{"number": "34", "title": "Prevention", "organ": "General Assembly"}], "#
      + #""sessions": [{"organ": "Security Council", "text": "Seventy-fourth year", "number": 74}], "#
      + #""sender": {"text": "the Permanent Representative of Azerbaijan", "state": "Azerbaijan", "post": null, "code": "AZE"}, "#
      + #""signatories": [{"name": "Y. Aliyev", "rank": null, "post": "Permanent Representative"}]}"#
      + "\n[1]\n{\"symbol\": 5}\n{")
  let record = file.records[0]
  #expect(record.id == DocumentID(hexadecimal: "0123456789abcdef0123456789abcdef") && record.fields[.items] == ["34: Prevention"])
  #expect(record.fields[.sessions] == ["Security Council: Seventy-fourth year"] && record.fields[.date] == nil)
  #expect(record.fields[.sender] == ["the Permanent Representative of Azerbaijan"])
  #expect(record.fields[.signatories] == ["Y. Aliyev; ; Permanent Representative"] && file.ignored == ["bytes"])
  #expect(file.unusable.map(\.name) == ["list:2", "list:4"] && file.records[1].leftOut.count == 1)
}

@Test func aMARCRecordIsReadAsTheLibraryOfTheOrganisationUsesIt() throws {
  let file = try records(
    """
    <?xml version="1.0"?><marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim"><marc:record><marc:leader>x</marc:leader>
    <marc:datafield tag="191" ind1=" " ind2=" "><marc:subfield code="a">A/74/565</marc:subfield><marc:subfield code="b">A/</marc:subfield></marc:datafield>
    <marc:datafield tag="191" ind1=" " ind2=" "><marc:subfield code="a">S/2019/908</marc:subfield></marc:datafield>
    <marc:datafield tag="245" ind1="1" ind2="0"><marc:subfield code="a">Letter dated 26 November 2019 &amp; annex /</marc:subfield></marc:datafield>
    <marc:datafield tag="269" ind1=" " ind2=" "><marc:subfield code="a">20191127</marc:subfield></marc:datafield>
    <marc:datafield tag="710" ind1="1" ind2=" "><marc:subfield code="a">Azerbaijan.</marc:subfield></marc:datafield>
    <marc:datafield tag="991" ind1=" " ind2=" "><marc:subfield code="a">A/74/251</marc:subfield><marc:subfield code="b">34</marc:subfield>
      <marc:subfield code="c">PREVENTION OF ARMED CONFLICT</marc:subfield></marc:datafield>
    </marc:record>
    <record><datafield tag="191"><subfield code="a">A/C.3/74/L.5</subfield></datafield>
    <datafield tag="245"><subfield code="a">The rights of the child :</subfield><subfield code="b">draft resolution /</subfield></datafield>
    <datafield tag="710"><subfield code="a">Uruguay</subfield></datafield><datafield tag="710"><subfield code="a">UN. General Assembly</subfield></datafield></record></marc:collection>
    """)
  let letter = file.records[0]
  #expect(letter.fields[.symbols] == ["A/74/565", "S/2019/908"] && letter.fields[.date] == ["2019-11-27"])
  #expect(letter.fields[.title] == ["Letter dated 26 November 2019 & annex"] && letter.fields[.sender] == ["Azerbaijan"])
  #expect(letter.fields[.items] == ["34: PREVENTION OF ARMED CONFLICT"] && letter.leftOut.isEmpty)
  let draft = file.records[1]
  #expect(draft.fields[.title] == ["The rights of the child : draft resolution"] && draft.fields[.sponsors] == ["Uruguay"])
  #expect(draft.fields[.sender] == nil && draft.name == "list, record 2")
}
