/// Which segments an index merges next: tiers of like size, so that a document is rewritten a logarithmic number of times, and any segment that is
/// largely deleted. A value without I/O.
public struct MergePolicy: Sendable, Hashable {
  /// What the policy knows of a segment.
  public struct Candidate: Sendable, Hashable {
    /// The segment's object name.
    public let name: String
    public let bytes: UInt64
    /// All documents it holds, and those of them that are deleted.
    public let documents: UInt32
    public let deleted: UInt32

    public init(name: String, bytes: UInt64, documents: UInt32, deleted: UInt32) {
      self.name = name
      self.bytes = bytes
      self.documents = documents
      self.deleted = deleted
    }

    /// Bytes that a merge would keep, by the share of live documents.
    var liveBytes: UInt64 { documents == 0 ? 0 : UInt64(Double(bytes) * Double(documents - min(deleted, documents)) / Double(documents)) }
  }

  /// So many segments of one tier are merged into one of the next.
  public var width = 8
  /// Segments below this many bytes are all of the lowest tier.
  public var floorBytes: UInt64 = 1 << 20
  /// No merge makes a segment of more bytes than this.
  public var limitBytes: UInt64 = 8 << 30
  /// A segment with at least this share of deleted documents is rewritten by itself.
  public var deletedShare = 0.33

  public init() {}

  /// The tier of a segment of `bytes`: 0 below the floor, then one for each factor of `width`.
  public func tier(_ bytes: UInt64) -> Int {
    var (tier, bound) = (0, floorBytes)
    while bytes >= bound, tier < 40 {
      tier += 1
      bound = bound.multipliedReportingOverflow(by: UInt64(width)).overflow ? .max : bound * UInt64(width)
    }
    return tier
  }

  /// The names of the segments to merge into one now, which follow one another in the order given; none when there is nothing worth doing.
  ///
  /// Neighbours only: documents then stay in the order in which they were indexed, whatever was merged when.
  public func next(_ candidates: [Candidate]) -> [String] {
    let tiers = candidates.map { tier($0.liveBytes) }
    for tier in Set(tiers).sorted() {
      // Between two larger segments; smaller ones among them are taken along.
      for run in candidates.indices.split(whereSeparator: { tiers[$0] > tier }) {
        let members = run.filter { tiers[$0] == tier }
        guard members.count >= width else { continue }
        for first in members {
          let chosen = group(candidates, run[first...], tiers, tier)
          if chosen.count > 1 { return candidates[chosen].map(\.name) }
        }
      }
    }
    let worst = candidates.filter { $0.documents > 0 && Double($0.deleted) >= deletedShare * Double($0.documents) }
      .max { $0.deleted < $1.deleted }
    return worst.map { [$0.name] } ?? []
  }

  /// The longest beginning of `run` that ends with a segment of the tier, has at most `width` of them, and no more bytes than a merge may make.
  private func group(_ candidates: [Candidate], _ run: Range<Int>, _ tiers: [Int], _ tier: Int) -> Range<Int> {
    var (end, members, total): (Int, Int, UInt64) = (run.lowerBound, 0, 0)
    for index in run {
      total += candidates[index].liveBytes
      if total > limitBytes { break }
      guard tiers[index] == tier else { continue }
      (end, members) = (index + 1, members + 1)
      if members == width { break }
    }
    return run.lowerBound..<end
  }
}
