import Foundation
import Platform
import TestSupport
import Testing

@testable import Engine

/// Damaged files: bits that turned over, files that were cut, and files that somebody made to mislead.
@Suite struct DamageTests {
  /// Rounds of each test; a hundred thousand are asked for with CHANCERY_DAMAGE_ROUNDS when the format changes.
  private static let rounds = ProcessInfo.processInfo.environment["CHANCERY_DAMAGE_ROUNDS"].flatMap { Int($0) } ?? EngineTests.rounds(500)

  /// One document in three has a word of its own; words 0 ... 9 are in most, so that some are dense where the layout allows it.
  private static func documents() -> [IndexedDocument] {
    var random = Seeded(7)
    return (0..<1500).map { number in
      var words = (0..<Int.random(in: 3...40, using: &random)).map { _ in
        "w\(min(Int.random(in: 0...9, using: &random), Int.random(in: 0...9, using: &random)))"
      }
      if number % 3 == 0 { words.insert("own\(number)", at: number % words.count) }
      if number % 50 == 0 { words += ["rare", "words", "here"] }
      var own = document(number, words.joined(separator: " "))
      own.texts.append(.init(.title, "title \(number % 20)"))
      own.keywords = [(.organ, number % 5 == 0 ? "Security Council" : "General Assembly"), (.symbol, "A/\(number)")]
      own.numbers[.date] = Int64(20_000_101 + number % 28)
      return own
    }
  }

  private static func layout(_ isDense: Bool) -> PostingsLayout {
    isDense ? PostingsLayout(denseMinimum: 0, denseShare: 3) : PostingsLayout()
  }

  private static let queries: [EngineQuery] = [
    term("w0"), term("own300"), term("rare"), phrase("w0 w1"), phrase("w3 w0 w2"), phrase("rare words here"), phrase("w1 rare"),
    .and([term("w0"), term("w9")]), .and([term("rare"), term("w2")]), .or([term("w8"), term("own33"), term("rare")]),
    .or([term("w0"), term("w1")]),
    .and([phrase("w0 w0"), .keyword(.organ, "Security Council", isPrefix: false)]), .prefix(.body, Array("own3".utf8)),
    .and([term("w4"), .not(term("w5")), .number(.date, from: 20_000_105, to: 20_000_120)]), term("3", .title),
    .wildcard(.body, Array("*o?n3*".utf8)), .fuzzy(.body, Array("rore".utf8), edits: 2),
    .atLeast(2, [term("rare"), term("w3"), phrase("w0 w1")]),
    .near([term("w0"), .prefix(.body, Array("ra".utf8)), phrase("w1 w2")], gap: 20, isOrdered: false),
    .near([term("w5"), term("w6")], gap: 9, isOrdered: true),
  ]

  /// An answer of each road to each query, or nil where it was an error; everything else that is thrown is a failure.
  private func answers(_ reader: SegmentReader, _ some: some Sequence<Int>) throws -> [[EngineHit]?] {
    let view = IndexView([(reader, nil)])
    var all: [[EngineHit]?] = []
    for number in some {
      let query = Self.queries[number % Self.queries.count]
      for (limit, wantsTotal) in [(0, true), (3, false), (1000, true)] {
        var request = EngineRequest(query)
        (request.limit, request.wantsTotal) = (limit, wantsTotal)
        do throws(SearchError) {
          let result = try view.search(request)
          // The total as one more hit.
          all.append(result.hits + [EngineHit(address: DocumentAddress(segment: result.total, document: 0), score: 0, id: (0, 0))])
        } catch {
          guard case .segment = error else { throw error }
          all.append(nil)
        }
      }
      do throws(SearchError) {
        all.append(try view.searchAll(EngineRequest(try view.resolved(query)), 10, Pace { false }).hits)
      } catch { all.append(nil) }
    }
    return all
  }

  /// Where the sections lie, one after the other, and at last the whole file.
  private func spans(_ bytes: [UInt8]) -> [Range<Int>] {
    let parts = SegmentFormat.Part.allCases.count
    let table = bytes.count - SegmentFormat.footerLength - parts * SegmentFormat.rowLength
    func number(_ offset: Int) -> Int { (0..<8).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
    let sections = (0..<parts).map { row in
      let start = number(table + row * 32 + 8)
      return start..<start + number(table + row * 32 + 16)
    }
    return sections + [table..<bytes.count, 0..<bytes.count]
  }

  /// The checksums of large sections may be left until they are read: no damage may be believed then either.
  @Test(arguments: [false, true])
  func `a file whose bits turned over or that was cut gives an error or the right answer, never a wrong one`(
    isDense: Bool
  ) throws {
    let folder = try Folder()
    var builder = SegmentBuilder(layout: Self.layout(isDense))
    for document in Self.documents() { try builder.add(document) }
    let bytes = try builder.finish()
    let path = try folder.write(bytes)
    let right = try answers(SegmentReader(path), Self.queries.indices)
    #expect(right.allSatisfy { $0 != nil })
    let perQuery = right.count / Self.queries.count
    let file = try File(path, .readWrite)
    let spans = spans(bytes)
    let seed = UInt64.random(in: 0..<1_000_000)
    print("damage: seed \(seed)")
    var random = Seeded(seed)
    var (caughtAtOpening, caughtInUse, harmless) = (0, 0, 0)
    for round in 0..<Self.rounds {
      let span = spans[round % spans.count]
      if span.isEmpty { continue }
      var name = path
      var changes: [Int: UInt8] = [:]
      if round % 16 == 15 {
        name = try folder.write(Array(bytes[..<Int.random(in: span, using: &random)]), "cut")
      } else {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          changes[Int.random(in: span, using: &random), default: 0] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        for (place, change) in changes { try file.write([bytes[place] ^ change], at: UInt64(place)) }
      }
      // Zeros between the sections are nobody's.
      let isOutside =
        changes.values.allSatisfy { $0 == 0 }
        || changes.keys.allSatisfy { place in !spans.dropLast().contains { $0.contains(place) } && place >= 8 }
      let isCaught = name != path || !isOutside
      #expect((try? SegmentReader(name)) == nil || !isCaught, "seed \(seed), round \(round)")
      if let reader = try? SegmentReader(name, checksums: .directory) {
        let some = (0..<3).map { _ in Int.random(in: Self.queries.indices, using: &random) }
        let found = try answers(reader, some)
        var isSeen = false
        for (index, answer) in found.enumerated() {
          guard let answer else {
            isSeen = true
            continue
          }
          #expect(
            answer == right[some[index / perQuery] * perQuery + index % perQuery],
            "seed \(seed), round \(round), \(Self.queries[some[index / perQuery]])")
        }
        let number = UInt32.random(in: 0..<UInt32(reader.documents), using: &random)
        do throws(SegmentError) {
          #expect(try reader.stored(number) == Self.documents(Int(number)), "seed \(seed), round \(round)")
        } catch { isSeen = true }
        if isCaught { #expect(throws: SegmentError.self) { try reader.verify() } }
        if isSeen { caughtInUse += 1 } else { harmless += 1 }
      } else {
        caughtAtOpening += 1
      }
      for place in changes.keys { try file.write([bytes[place]], at: UInt64(place)) }
    }
    print("damage: \(caughtAtOpening) caught at opening, \(caughtInUse) in use, \(harmless) not met by three queries and a stored document")
  }

  private static let texts = documents().map { Array($0.texts[0].text.utf8) }
  private static func documents(_ number: Int) -> [UInt8] { texts[number] }

  /// Checksums that fit say nothing about who wrote them: offsets, widths and counts are checked where they are followed.
  @Test(arguments: [false, true])
  func `a large section made to mislead, with checksums that fit, gives an error or a wrong answer, never a crash`(
    isDense: Bool
  ) throws {
    let folder = try Folder()
    var builder = SegmentBuilder(layout: Self.layout(isDense))
    for document in Self.documents() { try builder.add(document) }
    let bytes = try builder.finish()
    let seed = UInt64.random(in: 0..<1_000_000)
    print("misleading: seed \(seed)")
    var random = Seeded(seed)
    for round in 0..<Self.rounds / 4 {
      let part = SegmentFormat.Part.large[round % 3]
      var misleading = bytes
      let span = spans(bytes)[Int(part.rawValue) - 1]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        misleading[Int.random(in: span, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
      }
      let reader = try SegmentReader(try folder.write(try Self.resealed(misleading), "misleading"))
      _ = try answers(reader, (0..<4).map { _ in Int.random(in: Self.queries.indices, using: &random) })
      _ = try? reader.stored(UInt32.random(in: 0..<1500, using: &random))
      _ = try? IndexView([(reader, nil)]).passages(Self.queries[3], DocumentAddress(segment: 0, document: 6), limit: 5)
      if round % 8 == 0 {
        _ = try? SegmentMerger.merge([(reader, nil)])
        _ = try? reader.verify()
      }
    }
  }

  /// The file with checksums that fit what is in it.
  private static func resealed(_ bytes: [UInt8]) throws -> [UInt8] {
    let parts = SegmentFormat.Part.allCases
    let table = bytes.count - SegmentFormat.footerLength - parts.count * SegmentFormat.rowLength
    func number(_ offset: Int) -> Int { (0..<8).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
    var sections: [SegmentFormat.Part: [UInt8]] = [:]
    for (row, part) in parts.enumerated() {
      let start = number(table + row * 32 + 8)
      sections[part] = Array(bytes[start..<start + number(table + row * 32 + 16)])
    }
    var assembler = try SegmentFormat.Assembler(SegmentOutput())
    for part in parts where part != .pages { try assembler.add(part, sections[part] ?? []) }
    return try assembler.finish(documents: number(bytes.count - 24) & 0xFFFF_FFFF).memory
  }
}
