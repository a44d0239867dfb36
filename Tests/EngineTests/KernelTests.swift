import CKernels
import Testing

@testable import Engine

/// Every level of the kernels that this machine can run against the plainest way to say the same, bit for bit.
@Suite struct KernelTests {
  private static let levels = (Int32(0)...2).compactMap { chancery_kernels_at($0)?.pointee }

  private static func numbers(_ random: inout Seeded, _ count: Int, width: Int) -> [UInt32] {
    (0..<count).map { _ in width == 0 ? 0 : UInt32.random(in: 0 ... .max, using: &random) >> UInt32(32 - width) }
  }

  @Test func `the plain level is always there`() { #expect(chancery_kernels_at(0) != nil && chancery_kernels_at(3) == nil) }

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
    let planes = [UInt8](repeating: 0, count: 16)
    let documents = (0..<total).map { UInt32($0 * 3) }
    let words = (0..<total).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
    let kept = documents.indices.filter { words[Int(documents[$0] >> 6)] >> UInt64(documents[$0] & 63) & 1 == 1 }
    for kernels in Self.levels {
      for rank in 0..<total {
        let count = min(total - rank, Int.random(in: 1...200, using: &random))
        var found = [UInt32](repeating: 0, count: count + 16)
        #expect(kernels.positions(planes, 0, Int32(total), 0, Int32(rank), UInt32(count), bytes, room, total, &found) == 1)
        var sum: UInt32 = 0
        let expected = gaps[rank..<rank + count].map { gap in
          sum &+= gap
          return sum
        }
        #expect(Array(found.prefix(count)) == expected, "\(count) from \(rank) on")
      }
      var found = [UInt32](repeating: 0, count: total + 16)
      #expect(kernels.positions(planes, 0, Int32(total), 0, 0, UInt32(total), bytes, room - 1, total, &found) == 0, "cut")
      #expect(kernels.positions(planes, 0, Int32(total), 0, 0, UInt32(total + 1), bytes, room, total, &found) == 0, "more than there are")
      var (some, numbers) = (documents, documents)
      #expect(kernels.keep_bits(documents, total, words, 5, &some, &numbers) == kept.count)
      #expect(some.prefix(kept.count).elementsEqual(kept.map { documents[$0] }))
      #expect(numbers.prefix(kept.count).elementsEqual(kept.map { UInt32($0 + 5) }))
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
      var (selected, room) = (keys, keys)
      let least = kernels.select_keys(&selected, selected.count, kept)
      let sorted = keys.sorted(by: >)
      #expect(least == sorted[kept - 1] && Set(selected.prefix(kept)) == Set(sorted.prefix(kept)) && Set(selected) == Set(keys))
      kernels.sort_keys(&selected, selected.count, &room)
      #expect(selected == sorted)
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
    for (rank, frequency) in expected.enumerated() {
      #expect(group.frequency(rank) == frequency && group.occurrences(before: rank) == expected[..<rank].reduce(0) { $0 + Int($1) })
    }
    let norms = (0..<64).map { _ in Float.random(in: 0.1...9, using: &random) }
    for kernels in Self.levels {
      var unpacked = [UInt32](repeating: 0, count: 512)
      kernels.frequencies(group.planes, Int32(group.width), Int32(group.count), Int32(group.more), &unpacked)
      #expect(Array(unpacked.prefix(expected.count)) == expected)
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
}
