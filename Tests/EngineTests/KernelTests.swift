import CKernels
import TestSupport
import Testing

@testable import Engine

/// Every level of the kernels that this machine can run against the plainest way to say the same, bit for bit.
@Suite struct KernelTests {
  private static let levels = (Int32(0)...3).compactMap { chancery_kernels_at($0)?.pointee }

  private static func numbers(_ random: inout Seeded, _ count: Int, width: Int) -> [UInt32] {
    (0..<count).map { _ in width == 0 ? 0 : UInt32.random(in: 0 ... .max, using: &random) >> UInt32(32 - width) }
  }

  @Test func `the plain level is always there`() { #expect(chancery_kernels_at(0) != nil && chancery_kernels_at(4) == nil) }

  @Test(arguments: 0...32) func `a block comes back as FORMAT says it is packed, at every level`(width: Int) {
    var random = Seeded(UInt64(width))
    let values = Self.numbers(&random, 128, width: width)
    // Lane by lane, bit by bit.
    var expected = [UInt8](repeating: 0, count: 16 * width)
    for (index, value) in values.enumerated() {
      for bit in 0..<width where value >> UInt32(bit) & 1 == 1 {
        let place = index / 4 * width + bit
        expected[place / 32 * 16 + index % 4 * 4 + place % 32 / 8] |= 1 << UInt8(place % 8)
      }
    }
    for kernels in Self.levels {
      var bytes = [UInt8](repeating: 0, count: 16 * width + 16)
      kernels.pack(values, Int32(width), &bytes)
      #expect(Array(bytes.prefix(16 * width)) == expected)
      var unpacked = [UInt32](repeating: 7, count: 128)
      kernels.unpack(bytes, Int32(width), &unpacked)
      #expect(unpacked == values)
      guard width <= 24 else { continue }
      var sums: [UInt32] = []
      for value in values { sums.append(min((sums.isEmpty ? 1000 : sums[sums.count - 1]) + value + 1, 2_000_000_000)) }
      kernels.unpack_documents(bytes, Int32(width), 1000, sums[127], &unpacked)
      #expect(unpacked == sums)
      kernels.unpack_documents(bytes, Int32(width), 1000, sums[60], &unpacked)
      #expect(unpacked == sums.map { min($0, sums[60]) }, "nothing comes out over the last document")
    }
  }

  @Test(arguments: 1...26) func `positions of a posting are those of its chunks, and bits that are set are kept, at every level`(width: Int)
    throws
  {
    var random = Seeded(UInt64(width))
    // Two full chunks and a tail, an exception in each; every posting once, so that posting and gap have the same number.
    let total = Int.random(in: 257...383, using: &random)
    var gaps = Self.numbers(&random, total, width: width)
    let places = [3, 0, total % 128 - 1]
    let plain = try #require(chancery_kernels_at(0)).pointee
    var (heads, chunks): ([UInt8], [UInt8]) = ([], [])
    for chunk in 0..<3 {
      let own = Array(gaps[chunk * 128..<min(total, chunk * 128 + 128)])
      var packed = Growable<UInt8>()
      if own.count == 128 {
        var bytes = [UInt8](repeating: 0, count: 16 * width)
        plain.pack(own, Int32(width), &bytes)
        chunks += bytes
      } else {
        BitPacking.pack(own, own.count, width: width, into: &packed)
        chunks += (0..<packed.count).map { packed[$0] }
      }
      heads.append(UInt8(width) | 1 << 5)
      chunks += [UInt8(places[chunk]), 3]
      gaps[chunk * 128 + places[chunk]] |= 3 << UInt32(width)
    }
    let bytes = heads + chunks + [UInt8](repeating: 0, count: 16)
    let room = bytes.count - 16
    let documents = (0..<total).map { UInt32($0 * 3) }
    let words = (0..<total).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
    let kept = documents.indices.filter { words[Int(documents[$0] >> 6)] >> UInt64(documents[$0] & 63) & 1 == 1 }
    for kernels in Self.levels {
      for rank in 0..<total {
        // One is read by a road of its own.
        let count = min(total - rank, rank % 2 == 0 ? 1 : Int.random(in: 2...200, using: &random))
        var found = [UInt32](repeating: 0, count: count + 16)
        #expect(kernels.positions(bytes, room, total, rank, UInt32(count), &found) == 1)
        var sum: UInt32 = 0
        let expected = gaps[rank..<rank + count].map { gap in
          sum &+= gap
          return sum
        }
        #expect(Array(found.prefix(count)) == expected, "\(count) from \(rank) on")
      }
      var found = [UInt32](repeating: 0, count: total + 16)
      #expect(kernels.positions(bytes, room - 1, total, 0, UInt32(total), &found) == 0, "cut")
      #expect(kernels.positions(bytes, room, total, 0, UInt32(total + 1), &found) == 0, "more than there are")
      var (some, numbers) = (documents, documents)
      #expect(kernels.keep_bits(documents, total, words, &some, &numbers) == kept.count)
      #expect(kernels.count_members(documents, total, words) == kept.count)
      #expect(some.prefix(kept.count).elementsEqual(kept.map { documents[$0] }))
      #expect(numbers.prefix(kept.count).elementsEqual(kept.map { UInt32($0) }))
    }
  }

  @Test(arguments: 1...60) func `frequencies and chunks of gaps are written alike at every level, and read back`(seed: Int) {
    var random = Seeded(UInt64(seed) + 5000)
    let most = [1, 2, 3, 9, 300, 1 << 27].randomElement(using: &random)!
    let frequencies = (0..<Int.random(in: 1...512, using: &random)).map { _ in
      UInt32(Bool.random(using: &random) ? 1 : Int.random(in: 1...most, using: &random))
    }
    // Some are much larger than the others.
    let width = Int.random(in: 0...20, using: &random)
    let gaps = Self.numbers(&random, Int.random(in: 1...128, using: &random), width: width).map {
      Int.random(in: 0..<20, using: &random) == 0 ? $0 << 6 : $0
    }
    for count in [gaps.count, 128] {
      let gaps = (0..<count).map { gaps[$0 % gaps.count] }
      var written: Set<[UInt8]> = []
      for kernels in Self.levels {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = kernels.write_frequencies(frequencies, frequencies.count, &bytes)
        var unpacked = [UInt32](repeating: 0, count: 512)
        let more = frequencies.count { $0 > 1 }
        kernels.frequencies(Array(bytes[1...]), Int32(bytes[0]), Int32(frequencies.count), Int32(more), &unpacked)
        #expect(Array(unpacked.prefix(frequencies.count)) == frequencies)
        #expect(length == 1 + (bytes[0] == 0 ? 0 : (frequencies.count + more * (Int(bytes[0]) - 1) + 7) / 8))
        var (head, chunk) = (UInt8(0), [UInt8](repeating: 0, count: 1024))
        let room = kernels.write_chunk(gaps, count, &head, &chunk)
        #expect(room <= (count * (32 - (gaps.max() ?? 0).leadingZeroBitCount) + 7) / 8, "exceptions spare something")
        var found = [UInt32](repeating: 0, count: count + 16)
        #expect(kernels.positions([head] + chunk, 1 + room, count, 0, UInt32(count), &found) == 1)
        #expect(Array(found.prefix(count)) == gaps.indices.map { gaps[...$0].reduce(0, &+) })
        var row = [UInt8](repeating: 0, count: 1024)
        kernels.pack_row(gaps, count, 26, &row)
        #expect((0..<count).allSatisfy { BitPacking.value(row, $0, width: 26) == gaps[$0] })
        written.insert(bytes[..<length] + [head] + chunk[..<room] + row[..<((count * 26 + 7) / 8)])
      }
      #expect(written.count == 1)
    }
  }

  @Test(arguments: 1...40) func `scores, bounds and lanes are the same bits at every level`(seed: Int) {
    var random = Seeded(UInt64(seed))
    let count = Int.random(in: 1...128, using: &random)
    let norms = (0..<256).map { _ in Float.random(in: 0.1...9, using: &random) }
    let lengths = (0..<4096).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
    let documents = Array(Set((0..<count).map { _ in UInt32.random(in: 0..<4096, using: &random) })).sorted()
    let frequencies = documents.map { _ in UInt32.random(in: 1...9, using: &random) }
    let plain = zip(documents, frequencies).map { BM25.score(2.5, $1, norms[Int(lengths[Int($0)])]) }
    let codes = (0..<300).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
    for kernels in Self.levels {
      var scores = [Float](repeating: 0, count: 128)
      kernels.score(documents, frequencies, Int32(documents.count), lengths, norms, 2.5, &scores)
      #expect(Array(scores.prefix(documents.count)) == plain)
      var bounds = [Float](repeating: 0.5, count: 300)
      kernels.add_bounds(codes, norms, 300, &bounds)
      #expect(bounds == codes.map { 0.5 + norms[Int($0)] })
      let words = codes.prefix(64).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
      var members = [Float](repeating: 0.5, count: documents.count)
      kernels.add_member_bounds(documents, documents.count, words, codes, norms, &members)
      let expected = documents.map { words[Int($0 / 64)] >> UInt64($0 % 64) & 1 == 1 ? 0.5 + norms[Int(codes[Int($0 / 64)])] : 0.5 }
      #expect(members == expected)
      var bits = [UInt64](repeating: 0, count: 5)
      kernels.bounds_between(bounds, 300, 2, 6, &bits)
      #expect((0..<300).allSatisfy { (bits[$0 / 64] >> UInt64($0 % 64) & 1 == 1) == (bounds[$0] >= 2 && bounds[$0] < 6) })
      #expect(kernels.largest(bounds, 300) == bounds.max())
      var least = [Float](repeating: 4, count: 300)
      kernels.least_bounds(codes, norms, 300, &least)
      #expect(least == codes.map { min(4, norms[Int($0)]) })
      var sums = [UInt8](repeating: 0, count: 4096)
      var firsts = [UInt32](repeating: 0, count: 64)
      kernels.add_rounded(documents, plain, documents.count, 40, 0, &sums, &firsts)
      for (index, document) in documents.enumerated() {
        #expect(sums[Int(document)] == UInt8(plain[index] * 40) + 1)
        if index == 0 || documents[index - 1] / 64 < document / 64 { #expect(firsts[Int(document / 64)] == UInt32(index)) }
      }
    }
  }

  @Test(arguments: 1...40) func `rows, prefix sums, selection and sorting are right at every level`(seed: Int) {
    var random = Seeded(UInt64(seed) + 1000)
    let first = Array(Set(Self.numbers(&random, Int.random(in: 1...90, using: &random), width: 9))).sorted()
    let second = Array(Set(Self.numbers(&random, Int.random(in: 1...90, using: &random), width: 9))).sorted()
    let keys = Array(Set((0..<Int.random(in: 1...700, using: &random)).map { _ in UInt64.random(in: 0 ... .max, using: &random) }))
    let kept = Int.random(in: 1...keys.count, using: &random)
    let gaps = Self.numbers(&random, Int.random(in: 0...70, using: &random), width: 32)
    for kernels in Self.levels {
      var found = [UInt32](repeating: 0, count: first.count)
      let padded = second + [UInt32](repeating: 3, count: 16)
      let count = kernels.matches(first, first.count, 0, 1, padded, second.count, 0, &found)
      #expect(Array(found.prefix(count)) == first.filter { second.contains($0 + 1) })
      var sums = gaps
      kernels.prefix_sums(&sums, sums.count)
      #expect(sums == gaps.indices.map { gaps[...$0].reduce(0, &+) })
      var selected = keys
      let least = kernels.select_keys(&selected, selected.count, kept)
      let sorted = keys.sorted(by: >)
      #expect(least == sorted[kept - 1] && Set(selected.prefix(kept)) == Set(sorted.prefix(kept)) && Set(selected) == Set(keys))
      selected += [UInt64](repeating: 7, count: max(64, keys.count))
      kernels.sort_keys(&selected, keys.count)
      #expect(Array(selected.prefix(keys.count)) == sorted)
    }
  }

  @Test(arguments: 1...60) func `frequencies of a group come back whole and range by range at every level`(seed: Int) throws {
    var random = Seeded(UInt64(seed) + 2000)
    // One dense term over one group, through a whole segment, so that the writer is checked too.
    let most = [1, 2, 3, 9, 300].randomElement(using: &random)!
    let frequencies = (0..<512).map { _ in Bool.random(using: &random) ? Int.random(in: 1...most, using: &random) : 0 }
    let documents = frequencies.enumerated().map { document($0, Array(repeating: "w", count: $1).joined(separator: " ") + " x") }
    let reader = try Folder().segment(documents, PostingsLayout(denseMinimum: 0, denseShare: 8))
    let found = try #require(reader.find([0] + Array("w".utf8)))
    let postings = try Postings(reader, found)
    var before = [UInt32](repeating: 0, count: 8)
    let group = try #require(postings.group(0, &before))
    let expected = frequencies.filter { $0 > 0 }.map { UInt32($0) }
    #expect(postings.isDense && group.total == frequencies.reduce(0, +))
    let norms = (0..<64).map { _ in Float.random(in: 0.1...9, using: &random) }
    for kernels in Self.levels {
      var unpacked = [UInt32](repeating: 0, count: 512)
      kernels.frequencies(group.planes, Int32(group.width), Int32(group.count), Int32(group.more), &unpacked)
      #expect(Array(unpacked.prefix(expected.count)) == expected)
      let (width, count, more) = (Int32(group.width), Int32(group.count), Int32(group.more))
      for (rank, frequency) in expected.enumerated() {
        var own: UInt32 = 0
        #expect(kernels.locate(group.planes, width, count, more, Int32(rank), &own) == expected[..<rank].reduce(0) { $0 + Int($1) })
        #expect(own == frequency)
      }
      for range in 0..<8 {
        var scores = [Float](repeating: 0, count: 64)
        kernels.score_range(
          postings.words[range], group.planes, Int32(group.width), Int32(group.count), Int32(group.more), Int32(before[range]), norms, 1.5,
          &scores)
        let plain = (0..<64).map {
          frequencies[range * 64 + $0] == 0 ? 0 : BM25.score(1.5, UInt32(frequencies[range * 64 + $0]), norms[$0])
        }
        #expect(scores == plain)
      }
    }
  }

  @Test(arguments: 1...40) func `documents of a tail are unpacked, and looked for, at every level`(seed: Int) {
    var random = Seeded(UInt64(seed) + 3000)
    let (count, width) = (Int.random(in: 1...127, using: &random), Int.random(in: 0...20, using: &random))
    let distances = Self.numbers(&random, count, width: width)
    var packed = Growable<UInt8>()
    BitPacking.pack(distances, count, width: width, into: &packed)
    let bytes = packed.array + [UInt8](repeating: 0, count: 16)
    let documents = distances.indices.map { index in distances[...index].reduce(UInt32.max) { $0 &+ $1 &+ 1 } }
    let last = documents[count * 3 / 4]
    let wanted = Set(documents.filter { _ in Bool.random(using: &random) } + documents.map { $0 + 1 }).sorted()
    let limit = documents[count / 2]
    let (found, looked) = (
      wanted.indices.filter { documents.contains(wanted[$0]) && wanted[$0] <= limit }, wanted.count { $0 <= limit }
    )
    for kernels in Self.levels {
      var unpacked = [UInt32](repeating: 7, count: 128)
      kernels.unpack_tail(bytes, Int32(width), .max, last, Int32(count), &unpacked)
      #expect(unpacked == documents.map { min($0, last) } + [UInt32](repeating: .max, count: 128 - count))
      kernels.unpack_tail(bytes, Int32(width), .max, .max - 1, Int32(count), &unpacked)
      var (kept, places) = (wanted, wanted)
      var own = 0
      #expect(kernels.find(wanted, wanted.count, unpacked, limit, 5, 256, &kept, &places, &own) == found.count)
      #expect(own == looked)
      #expect(kept.prefix(found.count).elementsEqual(found.map { UInt32($0) + 5 }))
      #expect(places.prefix(found.count).elementsEqual(found.map { UInt32(documents.firstIndex(of: wanted[$0]) ?? 0) + 256 }))
      // A damaged block, in which numbers come twice and fall, gives no more than was asked for.
      let damaged = (0..<128).map { UInt32(documents[($0 * 5 / 7) % documents.count]) }
      #expect(kernels.find(wanted, wanted.count, damaged, .max, 5, 256, &kept, &places, &own) <= wanted.count)
      var moved = wanted
      kernels.gather(&moved, found.map { UInt32($0) }, found.count)
      #expect(moved.prefix(found.count).elementsEqual(found.map { wanted[$0] }))
    }
  }

  @Test(arguments: 1...12) func `candidates' frequencies and rows are those of their text at every level, however much room there is`(
    seed: Int
  ) throws {
    var random = Seeded(UInt64(seed) + 4000)
    // Words 0 and 1 are dense, the others sparse; some documents have very many.
    let texts = (0..<3000).map { number -> [Int] in
      let length = number % 1000 == 5 ? 4000 : Int.random(in: 0...30, using: &random)
      return (0..<length).map { _ in
        Bool.random(using: &random) ? Int.random(in: 0...1, using: &random) : Int.random(in: 2...9, using: &random)
      }
    }
    let documents = texts.enumerated().map { document($0, $1.map { "w\($0)" }.joined(separator: " ")) }
    let reader = try Folder().segment(documents, PostingsLayout(denseMinimum: 0, denseShare: 2))
    for words in [[0, 1], [2, 0], [3, 4], [0, 5, 1], [6, 7, 8]] {
      let candidates = texts.indices.filter { number in
        words.allSatisfy { texts[number].contains($0) } && Int.random(in: 0..<3, using: &random) > 0
      }
      let starts = candidates.map { number in
        texts[number].indices.filter { $0 + words.count <= texts[number].count && Array(texts[number][$0..<$0 + words.count]) == words }
          .count
      }
      let found = candidates.map { UInt32($0) }
      let numbers = candidates.indices.map { UInt32($0) }
      for kernels in Self.levels {
        let arena = Arena(ArenaPool())
        let readers: UnsafeMutablePointer<chancery_reader> = arena.allocate(words.count)
        for (place, word) in words.enumerated() {
          let row = try #require(reader.find([0] + Array("w\(word)".utf8)))
          var own = chancery_reader()
          own.postings = try Postings(reader, row).layout
          (own.place, own.block, own.room) = (UInt32(place), .max, 64)
          own.sums = arena.allocate(4000 + 512)
          own.starts = arena.allocate(Int(CHANCERY_GROUP) + 1)
          own.counts = arena.allocate(Int(CHANCERY_GROUP))
          if !row.isDense {
            let places = arena.allocate(candidates.count, of: UInt32.self)
            for (index, number) in candidates.enumerated() { places[index] = UInt32(texts[..<number].count { $0.contains(word) }) }
            own.places = UnsafePointer(places)
          }
          readers[place] = own
          var frequencies = [UInt32](repeating: 7, count: found.count)
          kernels.frequencies_at(readers + place, found, numbers, found.count, &frequencies)
          #expect(frequencies == candidates.map { number in UInt32(texts[number].count { $0 == word }) })
          readers[place].block = .max
        }
        // Without a least frequency, with a low one, and with one that most do not reach.
        let needed = candidates.indices.map { [Float(0.5), 1.5, 2][$0 % 3] }
        let high = candidates.indices.map { [Float(1.5), 3.5, 2][$0 % 3] }
        for (any, needed) in [(Int32(0), [Float]()), (1, []), (0, needed), (1, needed), (0, high), (1, high)] {
          let starts = zip(candidates, starts).enumerated().map { index, candidate in
            words.allSatisfy { word in
              needed.isEmpty || Float(texts[candidate.0].count { $0 == word }) >= needed[index]
            } ? candidate.1 : 0
          }
          var rows = [UInt32](repeating: 7, count: found.count)
          var kept = [UInt32](repeating: 0, count: 200_000)
          var done = 0
          while done < found.count {
            done += rows.withUnsafeMutableBufferPointer { rows in
              kernels.rows_at(
                readers, Int32(words.count), Array(found[done...]), Array(numbers[done...]), needed.isEmpty ? nil : Array(needed[done...]),
                found.count - done, any, &kept,
                rows.baseAddress! + done)  // not empty: there are candidates left
            }
            for place in words.indices where readers[place].wanted > readers[place].room {
              readers[place].room = readers[place].wanted
              readers[place].sums = arena.allocate(readers[place].wanted + 512)
            }
          }
          #expect(any == 1 ? rows.map { $0 > 0 } == starts.map { $0 > 0 } : rows == starts.map { UInt32($0) }, "\(words)")
          #expect(words.indices.allSatisfy { readers[$0].damaged == 0 })
        }
      }
    }
  }
}
