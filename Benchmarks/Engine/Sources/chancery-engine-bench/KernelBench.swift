import CKernels
import Platform

/// Nanoseconds a call of every kernel at every level that this machine can run.
enum KernelBench {
  static func run() {
    let levels = (Int32(0)...3).filter { chancery_kernels_at($0) != nil }
    print("kernel, ns a call".padded(34) + levels.map { ["plain C", "SSE4.2", "AVX2", "AVX-512"][Int($0)].padded(12) }.joined())
    let data = Data()
    for (name, body) in cases(data) {
      let times = levels.compactMap { level in chancery_kernels_at(level).map { kernels in time { body(kernels.pointee) } } }
      print(name.padded(34) + times.map { "\((($0 * 10).rounded()) / 10)".padded(12) }.joined())
    }
  }

  /// The least of several rounds.
  private static func time(_ body: () -> Void) -> Double {
    var (calls, least) = (1, Double.infinity)
    for _ in 0..<40 {
      let start = monotonicNow()
      for _ in 0..<calls { body() }
      let nanoseconds = Double(monotonicNow() - start)
      if nanoseconds < 200_000 { calls *= 2 } else { least = min(least, nanoseconds / Double(calls)) }
    }
    return least
  }

  /// Memory that the kernels work on, filled alike each time; it lives as long as the program.
  private struct Data {
    let bytes = fill(1 << 16) { UInt8(truncatingIfNeeded: $0 &* 197 >> 3) }
    let out = fill(1 << 16) { UInt32(truncatingIfNeeded: $0) }
    let other = fill(1 << 16) { UInt32(truncatingIfNeeded: $0) }
    /// Ascending, three apart on the average; and every second of them.
    let documents = fill(4096) { UInt32(truncatingIfNeeded: $0 * 3 + $0 % 2) }
    let wanted = fill(2048) { UInt32(truncatingIfNeeded: $0 * 6) }
    let words = fill(256) { UInt64($0) &* 0x5851_F42D_4C95_7F2D | 1 }
    let moreWords = fill(256) { UInt64($0) &* 0x1405_7B7E_F767_814F }
    let floats = fill(1 << 14) { Float($0 % 251) / 100 + 0.1 }
    let moreFloats = fill(1 << 14) { Float($0 % 241) / 100 + 0.1 }
    let codes = fill(1 << 14) { UInt8(truncatingIfNeeded: $0 &* 31) }
    let keys = fill(4096) { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    let lanes = fill(64) { Int32(1 + $0 % 4) }
    let count = fill(1) { $0 }
    let frequencies = fill(512) { UInt32(1 + $0 % 4) }
  }

  private static func fill<Element: BitwiseCopyable>(_ count: Int, _ value: (Int) -> Element) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
    for index in 0..<count { (memory + index).initialize(to: value(index)) }
    return memory
  }

  private typealias Body = (chancery_kernels) -> Void

  private static func cases(_ d: Data) -> [(String, Body)] {
    // Half of 512 postings occur twice, a quarter more often.
    let (planes, postings, more) = (d.bytes, Int32(256), Int32(120))
    var all: [(String, Body)] = [
      ("pack, 7 bits", { $0.pack(d.out, 7, d.bytes + 8192) }),
      ("pack_row, 100 of 7 bits", { $0.pack_row(d.out, 100, 7, d.bytes + 8192) }),
      ("write_frequencies, 128", { _ = $0.write_frequencies(d.frequencies, 128, d.bytes + 8192) }),
      ("write_chunk, 128", { _ = $0.write_chunk(d.out, 128, d.bytes + 8191, d.bytes + 8192) }),
      ("unpack, 7 bits", { $0.unpack(d.bytes, 7, d.out) }),
      ("unpack_documents, 7 bits", { $0.unpack_documents(d.bytes, 7, .max, 1 << 27, d.out) }),
      ("unpack_tail, 100 of 7 bits", { $0.unpack_tail(d.bytes, 7, .max, 1 << 27, 100, d.out) }),
      ("find, 64 in 128", { _ = $0.find(d.wanted, 64, d.documents, .max, 0, 0, d.out, d.other, d.count) }),
      ("gather, 128", { $0.gather(d.out, d.wanted, 128) }),
      ("keep_bits, 128", { _ = $0.keep_bits(d.documents, 128, d.words, d.out, d.other) }),
      ("count_members, 128", { _ = $0.count_members(d.documents, 128, d.words) }),
      ("frequencies, 256", { $0.frequencies(planes, 3, postings, more, d.out) }),
      ("locate", { _ = $0.locate(planes, 3, postings, more, 200, d.out) }),
      ("bits_between, 1000", { _ = $0.bits_between(d.bytes, 5, 1000) }),
      ("group_ranks", { _ = $0.group_ranks(d.words, 8, d.out) }),
      ("score, 128", { $0.score(d.documents, d.wanted + 1, 128, d.codes, d.floats, 2, d.moreFloats) }),
      ("range_norms", { $0.range_norms(d.codes, d.floats, d.moreFloats) }),
      ("score_range", { $0.score_range(d.words[1], planes, 3, postings, more, 30, d.floats, 2, d.moreFloats) }),
      ("least_range", { $0.least_range(d.words[1], planes, 3, postings, more, 30, d.lanes) }),
      ("score_lanes", { $0.score_lanes(d.lanes, d.floats, 2, d.moreFloats) }),
      ("add_bounds, 4096", { $0.add_bounds(d.codes, d.floats, 4096, d.moreFloats) }),
      ("least_bounds, 4096", { $0.least_bounds(d.codes, d.floats, 4096, d.moreFloats) }),
      ("add_member_bounds, 128", { $0.add_member_bounds(d.documents, 128, d.words, d.codes, d.floats, d.moreFloats) }),
      ("scale_bounds", { $0.scale_bounds(d.floats, 2, 1.1, d.moreFloats) }),
    ]
    all += [
      ("add_rounded, 128", { $0.add_rounded(d.documents, d.floats, 128, 20, 2, d.bytes + 16_384, d.out) }),
      ("range_largest, 256 ranges", { $0.range_largest(d.codes, 256, 2, d.bytes + 16_384) }),
      ("add_to_lanes", { $0.add_to_lanes(d.words[1], 0.1, d.moreFloats) }),
      ("drop_bounds, 256", { $0.drop_bounds(d.words, 256, d.moreFloats) }),
      ("largest, 4096", { _ = $0.largest(d.floats, 4096) }),
      ("bounds_between, 4096", { $0.bounds_between(d.floats, 4096, 1, 2, d.keys) }),
      ("scores_at_least", { _ = $0.scores_at_least(d.floats, .max, 1) }),
      ("prefix_sums, 128", { $0.prefix_sums(d.out, 128) }),
      ("matches, 2 in 20", { _ = $0.matches(d.wanted, 2, 0, 1, d.documents, 20, 0, d.out) }),
      ("matches, 200 in 200", { _ = $0.matches(d.wanted, 200, 0, 1, d.documents, 200, 0, d.out) }),
      ("and_words, 256", { $0.and_words(d.moreWords, d.words, 256) }),
      ("or_words, 256", { $0.or_words(d.moreWords, d.words, 256) }),
      ("and_not_words, 256", { $0.and_not_words(d.moreWords, d.words, 256) }),
      ("set_bits, 128", { $0.set_bits(d.documents, 128, d.moreWords) }),
      ("count_bits, 256", { _ = $0.count_bits(d.words, 256) }),
      ("select_keys, 1000 of 2000", { _ = $0.select_keys(d.keys, 2000, 1000) }),
      ("sort_keys, 1000", { $0.sort_keys(d.keys, 1000) }),
    ]
    return all
  }
}

extension String {
  /// With spaces up to a width.
  fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
