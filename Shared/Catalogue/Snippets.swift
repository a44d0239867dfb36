import Analysis
import Documents
import Engine

/// A part of one paragraph, with what in it matches a query, and whose statement it is.
public struct Passage: Sendable, Hashable {
  /// The paragraph's place in the document, from 1.
  public let paragraph: Int
  /// As printed: "1.", "(a)".
  public let label: String?
  /// From 1; nil when it is not known.
  public let page: Int?
  /// Who says it.
  public let attribution: String
  /// With "…" where it is cut off.
  public let text: String
  /// The words that match, as ranges of UTF-8 bytes of `text`, ascending.
  public let highlights: [Range<Int>]
}

/// Finds the passages of documents that hold a query's words.
public struct PassageFinder: Sendable {
  /// The longest part of a paragraph that is shown, UTF-8 bytes.
  public static let lengthLimit = 300

  private let query: EngineQuery
  /// What is looked for among a text's words, or among their stems.
  private struct Wanted {
    /// The distinct terms that rows are made of.
    var terms: [[UInt8]] = []
    /// Terms in a row, as indices into `terms`; a single one is a row of one.
    var rows: [[Int]] = []

    mutating func add(_ words: [[UInt8]]) {
      let row = words.map { word in
        if let known = terms.firstIndex(of: word) { return known }
        terms.append(word)
        return terms.count - 1
      }
      if !rows.contains(row) { rows.append(row) }
    }
  }

  private let words: Wanted
  private let stems: Wanted
  private let prefixes: [[UInt8]]

  /// What in `query` is looked for in the body; nothing under a negation is ever shown as a match.
  public init(_ query: EngineQuery) {
    var (words, stems, prefixes): (Wanted, Wanted, [[UInt8]]) = (Wanted(), Wanted(), [])
    func collect(_ query: EngineQuery) {
      switch query {
      case .term(.body, let term): words.add([term])
      case .term(.stems, let term): stems.add([term])
      case .phrase(.body, let row) where !row.isEmpty: words.add(row)
      case .phrase(.stems, let row) where !row.isEmpty: stems.add(row)
      case .prefix(.body, let prefix) where !prefixes.contains(prefix): prefixes.append(prefix)
      case .and(let parts), .or(let parts): for part in parts { collect(part) }
      case .boost(let part, _), .ranked(let part, _): collect(part)
      default: break
      }
    }
    collect(query)
    self.query = query
    (self.words, self.stems, self.prefixes) = (words, stems, prefixes)
  }

  /// The passages of `document`, which stands at `address` in `view`, that hold most of the query's words, best first; when no paragraph holds any, as
  /// after a search by field, the beginning of the body's first. At most `limit`. Throws `prefixTooBroad`.
  public func passages(of document: Document, at address: DocumentAddress, in view: IndexView, limit: Int) throws(SearchError) -> [Passage]
  {
    let analyzer = Analyzer(language: document.language ?? "")
    let paragraphs = document.paragraphs
    // The body's first runs are the paragraphs.
    let best = try view.passages(query, address, limit: limit, below: paragraphs.count)
    if best.isEmpty { return (paragraphs.first { $0.role == .body } ?? paragraphs.first).map { [passage($0, [], analyzer)] } ?? [] }
    return best.map { passage(paragraphs[$0], matches(paragraphs[$0].text, analyzer), analyzer) }
  }

  // MARK: Matching

  /// The words of `text` that match, as ranges of its bytes, ascending.
  private func matches(_ text: String, _ analyzer: Analyzer) -> [Range<Int>] {
    let bytes = Array(text.utf8)
    var places = Places()
    analyzer.forEachToken(in: bytes.span) { term, token in
      if prefixes.contains(where: { $0.count <= term.count && isEqual($0, term.extracting(first: $0.count)) }) { places.match(token) }
      if let number = words.terms.firstIndex(where: { isEqual($0, term) }) { places.note(number, token) }
    }
    places.match(words.rows)
    if !stems.terms.isEmpty {
      var stemmer = Stemmer()
      analyzer.forEachStem(in: bytes.span, &stemmer) { stem, token in
        if let number = stems.terms.firstIndex(where: { isEqual($0, stem) }) { places.note(number, token) }
      }
      places.match(stems.rows)
    }
    // A pair of ideographs is two words, and pairs overlap.
    let ranges = places.matched.flatMap { range in
      analyzer.words(String(decoding: bytes[range], as: UTF8.self)).map { word in
        range.lowerBound + word.token.start..<range.lowerBound + word.token.start + word.token.length
      }
    }
    return Set(ranges).sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Where terms that are wanted stand in a text.
  private struct Places {
    private var noted: [UInt32: (term: Int, token: Token)] = [:]
    private(set) var matched: [Range<Int>] = []

    mutating func note(_ term: Int, _ token: Token) { noted[token.position] = (term, token) }
    mutating func match(_ token: Token) { matched.append(token.start..<token.start + token.length) }

    /// Marks the rows among what was noted, and forgets what was.
    mutating func match(_ rows: [[Int]]) {
      for row in rows {
        for start in noted.keys where row.indices.allSatisfy({ noted[start + UInt32($0)]?.term == row[$0] }) {
          for place in row.indices { if let token = noted[start + UInt32(place)]?.token { match(token) } }
        }
      }
      noted = [:]
    }
  }

  private func isEqual(_ bytes: [UInt8], _ span: Span<UInt8>) -> Bool {
    guard bytes.count == span.count else { return false }
    for index in span.indices where bytes[index] != span[index] { return false }
    return true
  }

  // MARK: Cutting

  private func passage(_ paragraph: Paragraph, _ matches: [Range<Int>], _ analyzer: Analyzer) -> Passage {
    let bytes = Array(paragraph.text.utf8)
    let window = Self.window(bytes, matches, analyzer)
    let before = window.lowerBound > 0 ? "…" : ""
    let shift = before.utf8.count - window.lowerBound
    let highlights = matches.map { $0.clamped(to: window) }.filter { !$0.isEmpty }.map { $0.lowerBound + shift..<$0.upperBound + shift }
    return Passage(
      paragraph: paragraph.number, label: paragraph.label, page: paragraph.page, attribution: paragraph.attribution,
      text: before + String(decoding: bytes[window], as: UTF8.self) + (window.upperBound < bytes.count ? "…" : ""), highlights: highlights)
  }

  /// The bytes to show: `lengthLimit` of them at the most, with as many matches as fit, from the beginning of a word to the end of one.
  private static func window(_ bytes: [UInt8], _ matches: [Range<Int>], _ analyzer: Analyzer) -> Range<Int> {
    if bytes.count <= lengthLimit { return 0..<bytes.count }
    var densest = 0..<0
    var most = 0
    var first = 0
    for last in matches.indices {
      while matches[last].upperBound - matches[first].lowerBound > lengthLimit, first < last { first += 1 }
      if last - first + 1 > most {
        most = last - first + 1
        densest = matches[first].lowerBound..<matches[last].upperBound
      }
    }
    // What is left of the length goes half before the matches and half behind them, or all to one side where the text ends on the other.
    let spare = max(0, lengthLimit - densest.count)
    let low = min(max(0, densest.lowerBound - spare / 2), bytes.count - lengthLimit)
    let high = low + lengthLimit
    var (start, end) = (low, 0)
    if low > 0 { start = densest.lowerBound }
    analyzer.forEachToken(in: bytes.span) { _, token in
      if token.start >= low, token.start < start { start = token.start }
      if token.start + token.length <= high { end = token.start + token.length }
    }
    if high == bytes.count { end = high }
    if end <= start { end = high }
    // A word that is longer than all that may be shown, or no word at all: cut between characters.
    end = min(end, start + lengthLimit)
    while end < bytes.count, end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return start..<end
  }
}
