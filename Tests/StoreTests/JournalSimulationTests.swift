import Foundation
import Platform
import TestSupport
import Testing

@testable import Store

/// A journal whose process dies at any byte of any write, over and over, and is recovered by the real scan.
private struct CrashingJournal {
  let folder: String
  /// All payloads known to be durable, by what the machine said.
  var acknowledged: [[UInt8]] = []
  /// Payloads handed in since the last recovery, in order, whether acknowledged or not.
  var handedIn: [[UInt8]] = []
  var counter = 0

  /// Runs one life of the process: opens, appends, and dies in the middle of a write. Returns what was found at the start.
  mutating func live(_ random: inout Seeded) throws -> [[UInt8]] {
    let scan = try JournalScan(folder)
    let found = try scan.places.enumerated().map { index, place in
      let file = try File(folder + "/" + JournalFormat.name(place.fileFirst), .read)
      return try file.read(at: place.offset, count: Int(place.length))
    }
    acknowledged = found
    handedIn = found
    var machine = JournalMachine<Int>(
      id: scan.id ?? [UInt8](repeating: 5, count: 16), last: UInt64(found.count), fileFirst: scan.newestFirst, fileEnd: scan.newestEnd,
      fileLimit: 400)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        counter += 1
        let payload = (0..<Int.random(in: 0...60, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* counter) }
        handedIn.append(payload)
        let taken = machine.append(payload, counter)
        #expect(taken)
      }
      guard let batch = machine.nextBatch(byteLimit: 120) else { continue }
      let file = try File(folder + "/" + JournalFormat.name(batch.fileFirst), .readWrite)
      if Bool.random(using: &random) {
        try file.write(Array(batch.bytes.prefix(Int.random(in: 0...batch.bytes.count, using: &random))), at: batch.offset)
        return found
      }
      try file.write(batch.bytes, at: batch.offset)
      _ = machine.finished(.durable)
      acknowledged = Array(handedIn.prefix(Int(machine.last)))
    }
    return found
  }
}

@Test(arguments: 1...40 as ClosedRange<UInt64>) func nothingAcknowledgedIsLostWhereverTheProcessDies(seed: UInt64) throws {
  var random = Seeded(seed)
  let scratch = try Scratch()
  var journal = CrashingJournal(folder: scratch.path)
  for _ in 0..<25 {
    let (acknowledged, handedIn) = (journal.acknowledged, journal.handedIn)
    let found = try journal.live(&random)
    #expect(found.starts(with: acknowledged), "seed \(seed): an acknowledged entry is gone")
    #expect(handedIn.starts(with: found), "seed \(seed): an entry appeared that was never handed in")
  }
}
