import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite struct SegmentTests {
  private static func documents() -> [IndexedDocument] {
    (0..<300).map { number in
      var made = document(number, "common \(number % 3 == 0 ? "third third" : "") word\(number) and the rest of it")
      made.texts.append(.init(.body, ""))
      made.texts.append(.init(.body, "second run of \(number)"))
      made.texts.append(.init(.title, "Title \(number % 7)"))
      made.keywords = [(.symbol, "A/\(number)"), (.organ, number % 2 == 0 ? "General Assembly" : "Security Council")]
      made.numbers[.date] = 20_190_101 + Int64(number % 28)
      return made
    }
  }

  private static func build() throws -> [UInt8] {
    var builder = SegmentBuilder()
    for document in documents() { try builder.add(document) }
    return try builder.finish()
  }

  @Test func `the bytes of a segment are those of the golden file`() throws {
    let golden = root.appending(path: "Tests/Golden/segment-v1.chsg")
    let built = try Self.build()
    if ProcessInfo.processInfo.environment["CHANCERY_WRITE_GOLDEN"] != nil { try Data(built).write(to: golden) }
    #expect(try Data(contentsOf: golden) == Data(built), "the format has changed: it needs a new version, or this is a bug")
  }

  @Test func `a golden segment opens, verifies and answers`() throws {
    let reader = try SegmentReader(root.appending(path: "Tests/Golden/segment-v1.chsg").path)
    #expect(try reader.verify().isEmpty)
    let view = IndexView([(reader, nil)])
    #expect(try view.search(EngineRequest(term("third"))).total == 100)
    #expect(try view.search(EngineRequest(phrase("second run of 17"))).hits.map(\.id) == [id(17)])
    #expect(view.find(id: id(299)) == DocumentAddress(segment: 0, document: 299))
    #expect(view.find(id: id(300)) == nil)
  }

  @Test func `a segment from before there were more keyword fields opens, and its documents have no values of theirs`() throws {
    let reader = try SegmentReader(root.appending(path: "Tests/Golden/segment-v1-eight-keyword-fields.chsg").path)
    #expect(try reader.verify().isEmpty)
    #expect(reader.keywords(.symbol).values(17) == ["A/17"] && reader.keywords(.cites).values(17).isEmpty)
    let view = IndexView([(reader, nil)])
    var request = EngineRequest(.keyword(.organ, "General Assembly", isPrefix: false))
    request.facets = [.keyword(.organ), .keyword(.sponsorState)]
    #expect(try view.search(request).facets == [[ValueCount(value: "General Assembly", count: 150)], []])
    #expect(try view.search(EngineRequest(.keyword(.cites, "A", isPrefix: true))).total == 0)
    #expect(view.suggest(.place, prefix: "", limit: 10).isEmpty && view.values(.work).isEmpty)
    #expect(try SegmentMerger.merge([(reader, nil)]) == Self.build())
  }

  @Test func `every flipped bit and every cut is found when a segment is opened, or lies where nothing is read`() throws {
    let folder = try Folder()
    let bytes = try Self.build()
    var random = Seeded(20_261_124)
    let whole = try SegmentReader(try folder.write(bytes))
    let expected = try answers(whole)
    for _ in 0..<400 {
      var flipped = bytes
      let bit = Int.random(in: 0..<bytes.count * 8, using: &random)
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      do throws(SegmentError) {
        // The zero bytes that align a section are in no checksum, and nothing depends on them.
        let reader = try SegmentReader((try? folder.write(flipped, "flipped")) ?? "")
        #expect((try? answers(reader)) == expected, "bit \(bit)")
      } catch {
        #expect("\(error)".contains("flipped"), "\(error)")
      }
      let cut = Int.random(in: 0..<bytes.count, using: &random)
      let path = try folder.write(Array(bytes.prefix(cut)), "cut")
      #expect(throws: SegmentError.self, "cut at \(cut)") { try SegmentReader(path) }
    }
  }

  private func answers(_ reader: SegmentReader) throws -> [[EngineHit]] {
    let view = IndexView([(reader, nil)])
    return try [
      term("common"), phrase("the rest"), .keyword(.symbol, "A/12", isPrefix: true), .number(.date, from: 20_190_103, to: 20_190_104),
    ]
    .map { query in try view.search(EngineRequest(query)).hits }
  }

  @Test func `a file of another kind, a newer one and a missing one differ`() throws {
    let folder = try Folder()
    var newer = try Self.build()
    newer[4] = 99
    let foreign = try folder.write(Array("%PDF-1.7 and more than forty bytes of something else".utf8), "foreign")
    #expect(throws: SegmentError.foreign(subject: foreign)) { try SegmentReader(foreign) }
    let path = try folder.write(newer, "newer")
    #expect(throws: SegmentError.tooNew(subject: path, version: 99)) { try SegmentReader(path) }
    #expect(throws: SegmentError.self) { try SegmentReader(folder.url.path + "/absent") }
  }

  @Test func `a merge that is told to stop gives nothing`() throws {
    let folder = try Folder()
    let reader = try folder.segment(Self.documents())
    #expect(try SegmentMerger.merge([(reader, nil)], shouldStop: { true }) == nil)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1000]) func `a deletion bitmap comes back from its bytes, and damage is found`(count: Int) throws {
    var bitmap = DeletionBitmap(documents: count)
    var random = Seeded(UInt64(count))
    var expected: Set<UInt32> = []
    for document in 0..<UInt32(count) where Bool.random(using: &random) {
      let (first, again) = (bitmap.insert(document), bitmap.insert(document))
      #expect(first && !again)
      expected.insert(document)
    }
    let bytes = bitmap.encoded()
    let read = try DeletionBitmap(bytes, subject: "d")
    #expect(read == bitmap && read.deleted == expected.count)
    #expect((0..<UInt32(count)).allSatisfy { read.contains($0) == expected.contains($0) })
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 4
      #expect(throws: SegmentError.self) { try DeletionBitmap(damaged, subject: "d") }
    }
    #expect(throws: SegmentError.self) { try DeletionBitmap(Array(bytes.dropLast()), subject: "d") }
  }

  @Test func `a segment without documents opens and finds nothing`() throws {
    let reader = try Folder().segment([])
    #expect(reader.documents == 0)
    #expect(try IndexView([(reader, nil)]).search(EngineRequest(.all)).total == 0)
  }
}

@Suite struct EncodingTests {
  @Test(arguments: 0...32) func `packed numbers come back, at every count around a block`(width: Int) throws {
    var random = Seeded(UInt64(width))
    let mask: UInt32 = width == 32 ? .max : (1 << UInt32(width)) - 1
    for count in [0, 1, 2, 127, 128, 129, 1000] {
      let values = (0..<count).map { _ in UInt32.random(in: 0 ... .max, using: &random) & mask }
      let folder = try Folder()
      var spool = Spool<UInt8>(nil)
      try PackedArray.write(count, largest: values.max() ?? 0, into: &spool) { values[$0] }
      let bytes = try spool.finish().withBytes { [UInt8]($0) }
      let section = try folder.section(bytes)
      let array = PackedArray(section)
      #expect(array.bytes == bytes.count && (0..<count).map { array[$0] } == values)
    }
  }

  /// Values of Lucene's `SmallFloat.intToByte4` and `byte4ToInt`.
  @Test func `lengths are rounded as Lucene rounds them`() {
    for length in 0...39 { #expect(LengthByte.decode(LengthByte.encode(length)) == length) }
    let known = [40: 40, 41: 40, 42: 42, 56: 56, 59: 56, 60: 60, 88: 88, 95: 88, 96: 96, 103: 96, 104: 104, 1000: 984, 1_000_000: 983_064]
    for (length, rounded) in known { #expect(LengthByte.decode(LengthByte.encode(length)) == rounded, "\(length)") }
    #expect((0...255).map { LengthByte.encode(LengthByte.decode(UInt8($0))) } == (0...255).map { UInt8($0) })
    #expect(LengthByte.encode(.max) == 255)
  }
}

@Suite struct PassageTests {
  private func view() throws -> (IndexView, Folder) {
    var paper = IndexedDocument(id: id(1))
    paper.texts = [
      .init(.body, "The situation in the region."), .init(.body, ""), .init(.body, "Peace and security; peace above all."),
      .init(.body, "Regional security and the peace process."), .init(.title, "peace"), .init(.body, "General Assembly peace"),
    ]
    let folder = try Folder()
    return (IndexView([(try folder.segment([document(0, "other words"), paper]), nil)]), folder)
  }

  private func passages(_ query: EngineQuery, limit: Int = 10) throws -> [Int] {
    let (view, _) = try view()
    return try view.passages(query, DocumentAddress(segment: 0, document: 1), limit: limit, below: 4)
  }

  @Test func `the paragraphs that hold more of the words, and rarer ones, come first`() throws {
    #expect(try passages(term("peace")) == [2, 3])
    #expect(try passages(.and([term("peace"), term("process")])) == [3, 2])
    #expect(try passages(.or([term("situation"), term("absent")])) == [0])
    #expect(try passages(term("peace"), limit: 1) == [2])
  }

  @Test func `a phrase counts where it stands in a row, a prefix where it begins a word, and what is negated nowhere`() throws {
    #expect(try passages(phrase("security and the peace")) == [3])
    #expect(try passages(phrase("peace security")) == [])
    #expect(try passages(.prefix(.body, Array("region".utf8))) == [0, 3] || passages(.prefix(.body, Array("region".utf8))) == [3, 0])
    #expect(try passages(.and([term("security"), .not(term("process"))])) == [2, 3])
    #expect(try passages(term("peace", .title)) == [])
  }
}
