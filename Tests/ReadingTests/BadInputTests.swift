import Documents
import Foundation
import Platform
import Reading
import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
  @Test("an empty file, and one of blanks, is refused")
  func empty() async {
    #expect(await TestData.failure([]) == .empty)
    #expect(await TestData.failure(Array(" \n\n\t ".utf8)) == .empty)
    #expect(await TestData.failure([0xef, 0xbb, 0xbf]) == .empty)
  }

  @Test("invalid UTF-8 is refused with the offset of the first wrong byte")
  func invalidUTF8() async {
    var bytes = Array("General Assembly. ".utf8)
    let offset = bytes.count
    bytes += [0xc3, 0x28] + Array(" more".utf8)
    #expect(await TestData.failure(bytes) == .invalidUTF8(offset: offset))
    #expect(await TestData.failure([0xef, 0xbb, 0xbf] + bytes) == .invalidUTF8(offset: offset + 3))
    #expect(await TestData.failure(Array("ends within a letter ".utf8) + [0xe2, 0x82]) == .invalidUTF8(offset: 21))
  }

  @Test("bytes that no text has are refused, wherever they stand")
  func binary() async {
    #expect(await TestData.failure([UInt8](repeating: 0, count: 4096)) == .binary(offset: 0))
    #expect(await TestData.failure(Array("text".utf8) + [0] + Array("text".utf8)) == .binary(offset: 4))
    #expect(await TestData.failure([UInt8](repeating: 0x41, count: 5000) + [0]) == .binary(offset: 5000))
    var seeded = Seeded()
    let random = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &seeded) }
    #expect(await TestData.failure(random) != nil)
  }

  @Test(
    "other types are named in the refusal",
    arguments: [("Rar!\u{1a}\u{7}", "RAR"), ("7z\u{bc}\u{af}", "7-Zip"), ("%!PS-Adobe-3.0", "PostScript"), ("GIF89a", "GIF")])
  func otherTypes(start: String, name: String) async throws {
    let failure = try #require(await TestData.failure(start.unicodeScalars.map { UInt8($0.value) } + Array(repeating: 0x20, count: 64)))
    #expect("\(failure)".contains(name))
    #expect(!failure.isRetryable && !failure.isHelperFault)
  }

  @Test("UTF-8 and UTF-16 with byte order marks are read alike; broken UTF-16 is refused")
  func byteOrderMarks() async throws {
    let text = "The Assembly met, and the members agreed on the “way” to go. 𝄞"
    let plain = Array(text.utf8)
    var little: [UInt8] = [0xff, 0xfe]
    var big: [UInt8] = [0xfe, 0xff]
    for unit in text.utf16 {
      little += [UInt8(unit & 0xff), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(unit & 0xff)]
    }
    for bytes in [plain, [0xef, 0xbb, 0xbf] + plain, little, big] {
      #expect(try await Reader().read(Original(.bytes(bytes), fileName: "a.txt")).document.paragraphs.map(\.text) == [text])
    }
    #expect(await TestData.failure([0xff, 0xfe, 0x00, 0xdc, 0x41, 0x00]) == .invalidUTF16(offset: 2))
    #expect(await TestData.failure([0xff, 0xfe, 0x41]) == .invalidUTF16(offset: 2))
    #expect(await TestData.failure([0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8]) == .invalidUTF16(offset: 4))
  }

  @Test("limits of text and paragraphs are said aloud")
  func limits() async {
    var configuration = ReaderConfiguration()
    configuration.textBytes = 1000
    #expect(
      await TestData.failure([UInt8](repeating: 0x41, count: 1001), with: Reader(configuration)) == .tooLarge(.textBytes, allowed: 1000))
    configuration.textBytes = 1 << 20
    configuration.paragraphs = 50
    let text = Array(String(repeating: "A sentence stands alone.\n\n", count: 51).utf8)
    #expect(await TestData.failure(text, with: Reader(configuration)) == .tooLarge(.paragraphs, allowed: 50))
    #expect(await TestData.failure(text)?.isTooLarge == nil)
  }

  @Test("a missing file is an error that names it, and may be tried again")
  func missing() async {
    do throws(ReadingError) {
      _ = try await Reader().read(Original(.file("/nowhere/paper.txt"), fileName: "paper.txt"))
      Issue.record("read a file that is not there")
    } catch {
      #expect("\(error)".contains("/nowhere/paper.txt") && error.isRetryable)
    }
  }

  @Test("one line of a million characters, and a million lines, are read")
  func extremes() async throws {
    let long = try await Reader().read(Original(.bytes([UInt8](repeating: 0x61, count: 1 << 20)), fileName: "a"))
    #expect(long.document.paragraphs.count == 1)
    let short = try await Reader().read(Original(.bytes([UInt8](repeating: 0x0a, count: 1 << 20) + Array("word".utf8)), fileName: "a"))
    #expect(short.document.paragraphs.count == 1)
    let labels = Array(String(repeating: "(a) \n1.\n(Signed)\nAnnex\n", count: 2000).utf8)
    #expect(try await Reader().read(Original(.bytes(labels), fileName: "a")).document.paragraphs.isEmpty == false)
  }

  /// Each of these was once, or could be, read in time that grows with the square of its length: then this does not end.
  @Test(
    "text of one kind of line without end takes time in proportion to its length", .timeLimit(.minutes(2)),
    arguments: [
      "and goes on and on\n", "word ", "Agenda item 1\n", "Agenda items 1, 2, 3, \n", "(Signed) Someone\n", "Annex\n\n", "1. One.\n",
      "____________\n1 a note\n",
      "\u{c}A/74/565\n", "A/74/565–", "Letter dated 1 May 2019 from the Permanent Representative of ", "France, Germany and ", "(a) ",
      "Recalling its\n", ": draft resolution\n",
      "co-\n", "Distr.: General\n", "Original: English\n", "  set in  and   apart\n", "Resolution adopted by the General Assembly on \n",
      "é\n", "– ", "🇦",
    ])
  func endless(line: String) async throws {
    let text = Array(String(repeating: line, count: (1 << 20) / line.utf8.count).utf8)
    do throws(ReadingError) { _ = try await Reader().read(Original(.bytes(text), fileName: "endless")) } catch {
      #expect(error.isTooLarge, "\(error)")
    }
  }

  @Test("a paper with bytes changed, cut, doubled or swapped is read or refused, never a crash")
  func mutated() async throws {
    var seeded = Seeded()
    let papers =
      [Array(GrammarTests.older.utf8)]
      + ["letter-2019-11-26.txt", "statement-FIN-2004.txt"].map { name in
        FileManager.default.contents(atPath: TestData.path(sample: name)).map { Array($0) } ?? []
      }
    let inserts = [
      " ", "\n\n", "\u{c}", "(", ")", "*", "–", "Annex", "(Signed)", "Agenda items 1", " of ", "/", "A/1/2", ": draft resolution",
      "session", "____________", "é",
    ]
    let reader = Reader()
    var read = 0
    for round in 0..<1500 {
      var bytes = papers[round % papers.count]
      for _ in 0..<Int.random(in: 1...12, using: &seeded) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &seeded)
        switch Int.random(in: 0..<5, using: &seeded) {
        case 0: bytes[place] = UInt8.random(in: 0...127, using: &seeded)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...200, using: &seeded)))
        case 2: bytes.insert(contentsOf: Array(inserts[Int.random(in: 0..<inserts.count, using: &seeded)].utf8), at: place)
        case 3:
          bytes.insert(contentsOf: Array(bytes[place..<min(bytes.count, place + 100)]), at: Int.random(in: 0..<bytes.count, using: &seeded))
        default: bytes[place] = bytes[Int.random(in: 0..<bytes.count, using: &seeded)]
        }
      }
      do throws(ReadingError) {
        let document = try await reader.read(Original(.bytes(bytes), fileName: "mutated")).document
        read += 1
        #expect(document.paragraphs.enumerated().allSatisfy { $0.element.number == $0.offset + 1 && !$0.element.text.isEmpty })
      } catch { continue }
    }
    #expect(read > 0)
  }
}
