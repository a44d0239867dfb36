import Analysis
import Documents
import Engine

/// A part of one paragraph or title, with what in it matches a query, and whose statement it is.
public struct Passage: Sendable, Hashable {
  /// Where in the document it is.
  public let place: TextSpan.Text
  /// As printed: "1.", "(a)"; of an agenda item's title the item's number.
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

/// Finds the passages of documents that hold a query's words, or the citations and mentions that it asks for.
public struct PassageFinder: Sendable {
  /// The longest part of a paragraph that is shown, UTF-8 bytes.
  public static let lengthLimit = 300

  private let query: EngineQuery
  /// Single words.
  private var words: Set<[UInt8]> = []
  /// Words in a row.
  private var rows: Set<[[UInt8]]> = []
  private var stretches: Set<Stretch> = []
  /// Stems in a row; a single one is a row of one.
  private var stems: Set<[[UInt8]]> = []
  /// Citations and mentions without which nothing is found, and those that are one way to be found among others.
  private var needed = SpokenOfSpans()
  private var sufficient = SpokenOfSpans()

  /// Words near one another; each any of some rows of one length.
  private struct Stretch: Hashable {
    let operands: [Set<[[UInt8]]>]
    let nearness: Nearness
  }

  /// What in `query`, resolved by the view (`IndexView.resolved`), is looked for in the body; nothing under a negation is ever shown as a match.
  public init(_ query: EngineQuery) {
    self.query = query
    collect(query, isNeeded: true)
  }

  /// Whether `passages` reads a document's citations and mentions.
  public var looksForCitationsOrMentions: Bool { !needed.isEmpty || !sufficient.isEmpty }

  private mutating func collect(_ query: EngineQuery, isNeeded: Bool) {
    switch query {
    case .and(let parts): for part in parts { collect(part, isNeeded: isNeeded) }
    case .or(let parts):
      let isOneCondition = parts.allSatisfy(\.isCondition)
      for part in parts { collect(part, isNeeded: isNeeded && isOneCondition) }
    case .atLeast(_, let parts): for part in parts { collect(part, isNeeded: false) }
    case .boost(let part, _), .ranked(let part, _): collect(part, isNeeded: isNeeded)
    case .keyword(let field, let value, let isPrefix):
      if isNeeded { needed.add(field, value, isPrefix: isPrefix) } else { sufficient.add(field, value, isPrefix: isPrefix) }
    case .term(.stems, let stem): stems.insert([stem])
    case .phrase(.stems, let row): stems.insert(row)
    case .near(let parts, let gap, let isOrdered):
      let operands = parts.map(Self.rows)
      if !operands.contains([]) { stretches.insert(Stretch(operands: operands, nearness: Nearness(gap: gap, isOrdered: isOrdered))) }
    default: for row in Self.rows(query) { if row.count == 1 { words.insert(row[0]) } else { rows.insert(row) } }
    }
  }

  /// The rows of words that a term, its variants or a phrase of the body stand for.
  private static func rows(_ query: EngineQuery) -> Set<[[UInt8]]> {
    switch query {
    case .term(.body, let term): [[term]]
    case .variants(.body, let variants): Set(variants.map { [$0.term] })
    case .phrase(.body, let terms) where !terms.isEmpty: [terms]
    default: []
    }
  }

  /// The passages of `document`, which stands at `address` in `view`: those with citations and mentions that the query needs, then those that hold most of its
  /// words, best first, paragraphs before titles; when there are none, as after a search by field, the beginning of the body's first. At most `limit`. Throws
  /// `prefixTooBroad`.
  public func passages(of document: Document, at address: DocumentAddress, in view: IndexView, limit: Int) throws(SearchError) -> [Passage]
  {
    let analyzer = Analyzer(language: document.language ?? "")
    let paragraphs = document.paragraphs
    // The body's first runs are the paragraphs.
    let (needed, sufficient) = (needed.places(in: document), sufficient.places(in: document))
    let byWords = try view.passages(query, address, limit: needed.isEmpty ? limit : .max, below: paragraphs.count)
      .map { TextSpan.Text.paragraph($0 + 1) }
    let ranks = Dictionary(uniqueKeysWithValues: byWords.enumerated().map { ($1, $0) })
    func order(_ places: [TextSpan.Text: SpokenOfSpans.Place]) -> [TextSpan.Text] {
      places.map { (-$1.values.count, ranks[$0] ?? .max, $0.order.kind, $0.order.index, $0) }
        .sorted { ($0.0, $0.1, $0.2, $0.3) < ($1.0, $1.1, $1.2, $1.3) }.map(\.4)
    }
    var seen: Set<TextSpan.Text> = []
    let best = (order(needed) + byWords + order(sufficient)).filter { seen.insert($0).inserted }.prefix(limit)
    if best.isEmpty {
      return (paragraphs.first { $0.role == .body } ?? paragraphs.first).map { [passage(.paragraph($0.number), $0, [], analyzer)] } ?? []
    }
    return best.compactMap { place in
      document.paragraph(at: place).map { paragraph in
        let spans = (needed[place]?.ranges ?? []) + (sufficient[place]?.ranges ?? [])
        return passage(place, paragraph, Self.joined(matches(paragraph.text, analyzer), spans), analyzer)
      }
    }
  }

  /// Words and spans, those that overlap as one, ascending.
  private static func joined(_ words: [Range<Int>], _ spans: [Range<Int>]) -> [Range<Int>] {
    if spans.isEmpty { return words }
    var joined: [Range<Int>] = []
    for range in (words + spans).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound < last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }

  // MARK: Matching

  /// The words of `text` that match, as ranges of its bytes, ascending.
  private func matches(_ text: String, _ analyzer: Analyzer) -> [Range<Int>] {
    let tokens = analyzer.words(text)
    var matched: Set<Int> = []
    for place in tokens.indices where words.contains(tokens[place].term) { matched.insert(place) }
    for row in rows { for start in Self.places([row], tokens) { matched.formUnion(Int(start)..<Int(start) + row.count) } }
    for stretch in stretches {
      let places = stretch.operands.map { Self.places($0, tokens) }
      let lengths = stretch.operands.map { $0.first?.count ?? 1 }
      for (start, last) in stretch.nearness.stretches(places, lengths: lengths, runs: []) {
        for (own, length) in zip(places, lengths) {
          for place in own where place >= start && Int(place) + length - 1 <= last { matched.formUnion(Int(place)..<Int(place) + length) }
        }
      }
    }
    if !stems.isEmpty { matched.formUnion(stemmed(text, analyzer)) }
    return matched.sorted().map { tokens[$0].token.start..<tokens[$0].token.start + tokens[$0].token.length }
  }

  /// The places of the words whose stems match.
  private func stemmed(_ text: String, _ analyzer: Analyzer) -> Set<Int> {
    var stemmer = Stemmer()
    let wanted = Set(stems.joined())
    var found: [UInt32: [UInt8]] = [:]
    var pairs: Set<UInt32> = []
    analyzer.forEachStem(in: Array(text.utf8).span, &stemmer) { stem, token in
      let bytes: [UInt8] = stem.bytes
      guard wanted.contains(bytes) else { return }
      found[token.position] = bytes
      if Analyzer.isPairOfIdeographs(bytes) { pairs.insert(token.position) }
    }
    var matched: Set<Int> = []
    for (start, stem) in found {
      for row in stems where row[0] == stem && row.indices.allSatisfy({ found[start + UInt32($0)] == row[$0] }) {
        let last = start + UInt32(row.count - 1)
        matched.formUnion(Int(start)...Int(pairs.contains(last) ? last + 1 : last))
      }
    }
    return matched
  }

  /// Where any of some rows of one length begins.
  private static func places(_ rows: Set<[[UInt8]]>, _ tokens: [(term: [UInt8], token: Token)]) -> [UInt32] {
    guard let length = rows.first?.count, length <= tokens.count else { return [] }
    if length == 1 { return tokens.indices.filter { rows.contains([tokens[$0].term]) }.map { UInt32($0) } }
    return (0...tokens.count - length).filter { start in
      rows.contains { row in row.indices.allSatisfy { tokens[start + $0].term == row[$0] } }
    }.map { UInt32($0) }
  }

  // MARK: Cutting

  private func passage(_ place: TextSpan.Text, _ paragraph: Paragraph, _ matches: [Range<Int>], _ analyzer: Analyzer) -> Passage {
    let bytes = Array(paragraph.text.utf8)
    let window = Self.window(bytes, matches, analyzer)
    let before = window.lowerBound > 0 ? "…" : ""
    let shift = before.utf8.count - window.lowerBound
    let highlights = matches.map { $0.clamped(to: window) }.filter { !$0.isEmpty }.map { $0.lowerBound + shift..<$0.upperBound + shift }
    return Passage(
      place: place, label: paragraph.label, page: paragraph.page, attribution: paragraph.attribution,
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

extension Document {
  /// The paragraph at a place, and a title as if it were one: an item's is the words of the organ whose agenda it is on.
  fileprivate func paragraph(at place: TextSpan.Text) -> Paragraph? {
    guard let text = wording(at: place) else { return nil }
    switch place {
    case .paragraph(let number): return paragraphs[number - 1]
    case .item(let index):
      let organ = items[index].organ ?? organs.first ?? Self.authorNotStated
      return Paragraph(number: 0, label: items[index].number, text: text, attribution: organ)
    case .title, .heading: return Paragraph(number: 0, text: text, attribution: sender?.text ?? organs.first ?? Self.authorNotStated)
    }
  }
}

extension TextSpan.Text {
  /// By which paragraphs come first, then the titles.
  fileprivate var order: (kind: Int, index: Int) {
    switch self {
    case .paragraph(let number): (0, number)
    case .title: (1, 0)
    case .heading(let index): (2, index)
    case .item(let index): (3, index)
    }
  }
}

extension EngineQuery {
  /// Whether it is of whole values only, and of no words.
  fileprivate var isCondition: Bool {
    switch self {
    case .keyword, .number: true
    case .or(let parts): parts.allSatisfy(\.isCondition)
    default: false
    }
  }
}
