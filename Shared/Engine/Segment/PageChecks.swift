import Platform
import Synchronization

/// The checksums of a large section's pages: each is checked when something in it is first read, so that a file opens fast and no damage is believed.
// Sound: the words are only touched atomically, and a page's bytes do not change.
final class PageChecks: @unchecked Sendable {
  static let page = 1 << 14

  private let section, sums: Section
  /// A bit for each page that has been found good; nil when the whole section has.
  private let good: UnsafeMutablePointer<Atomic<UInt64>>?
  private let words: Int

  /// Pages of a section of so many bytes.
  static func count(_ bytes: Int) -> Int { (bytes + page - 1) / page }

  /// XXH3-64 of each page, as kept on disk.
  static func sums(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var sums: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: page) {
      sums.append(little: xxh3(UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + page)])))
    }
    return sums
  }

  /// - Parameters:
  ///   - sums: 8 bytes for each page of `section`.
  ///   - isGood: whether the section has been checked already.
  init(_ section: Section, sums: Section, isGood: Bool) {
    self.section = section
    self.sums = sums
    words = isGood ? 0 : (Self.count(section.count) + 63) / 64
    good = isGood ? nil : .allocate(capacity: words)
    for word in 0..<words { good?.advanced(by: word).initialize(to: Atomic(0)) }
  }

  deinit {
    good?.deinitialize(count: words)
    good?.deallocate()
  }

  /// Whether the pages that hold a range, which lies in the section, are as they were written.
  func check(_ range: Range<Int>) -> Bool {
    guard let good, !range.isEmpty else { return true }
    let (first, last) = (range.lowerBound / Self.page, (range.upperBound - 1) / Self.page)
    for word in first / 64...last / 64 {
      let low = max(first, word * 64)
      let high = min(last, word * 64 + 63)
      let wanted = (UInt64.max << UInt64(low % 64)) & (UInt64.max >> UInt64(63 - high % 64))
      let missing = wanted & ~good[word].load(ordering: .relaxed)
      for place in BitPlaces(missing) {
        let start = (word * 64 + place) * Self.page
        let bytes = section.raw(start, min(Self.page, section.count - start))
        guard xxh3(bytes) == sums.uint64((word * 64 + place) * 8) else { return false }
      }
      if missing != 0 { good[word].bitwiseOr(missing, ordering: .relaxed) }
    }
    return true
  }
}
