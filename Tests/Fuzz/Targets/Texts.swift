import Catalogue
import Documents
import Engine
import Platform
import QueryLanguage
import Reading

/// A text is a query or an error inside it, and a query that was printed reads back as itself unless it is too long then. Input: the text.
func checkQuery(_ bytes: [UInt8]) throws(Broken) {
  let text = String(decoding: bytes, as: UTF8.self)
  let query: Query
  do throws(QueryError) { query = try Query(text) } catch { return try checkPlace(error, text) }
  let printed = query.description
  if printed.utf8.count <= QueryLimits.bytes {
    let again: Query
    do throws(QueryError) { again = try Query(printed) } catch {
      throw Broken(description: "a printed query can be read: \(printed): \(error)")
    }
    try require(again == query, "a printed query reads back as itself: \(printed) is \(again)")
    try require(again.description.utf8.elementsEqual(printed.utf8), "a query that was read back is printed alike: \(printed)")
  }
  do throws(QueryError) { _ = try EngineQuery(reading: text) } catch { try checkPlace(error, text) }
}

private func checkPlace(_ error: QueryError, _ text: String) throws(Broken) {
  let isInside = error.position >= 0 && error.length >= 0 && error.position + error.length <= text.utf8.count
  try require(isInside, "an error's place lies in the query: \(error.position), \(error.length)")
  try require(!error.hint.isEmpty, "an error says what to do")
}

/// A canonical symbol reads as itself, is ASCII and within its limits. Input: the text.
func checkSymbol(_ bytes: [UInt8]) throws(Broken) {
  let symbols = Symbol.list(String(decoding: bytes, as: UTF8.self))
  for symbol in symbols {
    try require(symbol.text.utf8.count <= Symbol.maximumLength + 16, "a symbol has a limit: \(symbol.text)")
    try require(symbol.text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }, "a symbol is of printed ASCII")
    try require((2...Symbol.maximumParts).contains(symbol.parts.count), "a symbol has two parts at the least: \(symbol.text)")
    let again = Symbol.list(symbol.text)
    try require(again == [symbol], "a canonical symbol reads as itself: \(symbol.text) is \(again)")
    _ = (symbol.organ, symbol.session, symbol.nature)
  }
  try require(Set(symbols).count == symbols.count, "no symbol comes twice")
}

/// Any bytes are a text that is read, or an error. Input: the file.
func checkReading(_ bytes: [UInt8]) throws(Broken) {
  let result: ReadingResult?
  do throws(ReadingError) { result = try Reader().readText(bytes) } catch { return }
  guard let document = result?.document else { return }
  try require(document.paragraphs.allSatisfy { !$0.text.isEmpty }, "no paragraph is empty")
  let letters = document.paragraphs.reduce(0) { $0 + $1.text.utf8.count }
  // UTF-16 has half of the bytes that UTF-8 may need, and a mended word break adds none.
  try require(letters <= 3 * bytes.count, "a document has no more text than its file")
}

/// A deletion bitmap's bytes with the right checksum are a bitmap that is written alike, or an error. Input: the bytes before the checksum.
func checkBitmap(_ bytes: [UInt8]) throws(Broken) {
  let sealed = bytes + withUnsafeBytes(of: xxh3(bytes).littleEndian) { Array($0) }
  guard let bitmap = try? DeletionBitmap(sealed, subject: "bitmap") else { return }
  try require(bitmap.encoded() == sealed, "a bitmap is written as it was read")
  let deleted = (0..<UInt32(bitmap.documents)).count { bitmap.contains($0) }
  try require(deleted == bitmap.deleted, "as many bits are set as are counted")
}
