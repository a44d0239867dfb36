import Foundation
import Platform
import Testing

@testable import Store

/// A folder that goes when the test ends.
final class Scratch: Sendable {
  let path = NSTemporaryDirectory() + "chancery-store-" + UUID().uuidString
  init() throws { try Directory.make(path) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func payload(_ number: Int) -> [UInt8] {
  Array("entry \(number) ".utf8) + [UInt8](repeating: UInt8(number & 255), count: number % 300)
}

@Test func entriesComeBackInOrderAfterReopening() async throws {
  let scratch = try Scratch()
  do {
    let journal = try Journal(scratch.path, fileLimit: 4096)
    for number in 1...100 {
      let sequence = try await journal.append(payload(number))
      #expect(sequence == UInt64(number))
    }
  }
  let journal = try Journal(scratch.path, fileLimit: 4096)
  #expect(journal.last == 100)
  var after: UInt64 = 0
  while after < 100 {
    for entry in try await journal.read(after: after, byteLimit: 1000) {
      #expect(entry.payload == payload(Int(entry.sequence)))
      after = entry.sequence
    }
  }
  #expect(await journal.verify() == [])
  #expect(try await journal.append(payload(101)) == 101)
}

@Test func appendsTogetherGetDistinctSequenceNumbers() async throws {
  let scratch = try Scratch()
  let journal = try Journal(scratch.path)
  let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
    for number in 1...200 { group.addTask { try await journal.append(payload(number)) } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(numbers.sorted() == Array(1...200))
}

@Test func aTornTailIsCutOffAtEveryLength() async throws {
  let scratch = try Scratch()
  let journal = try Journal(scratch.path)
  for number in 1...3 { _ = try await journal.append(payload(number)) }
  let file = scratch.path + "/" + JournalFormat.name(1)
  let whole = try Data(contentsOf: URL(filePath: file))
  let lastRecord = JournalFormat.recordHeaderLength + payload(3).count
  for cut in 1...lastRecord {
    let copy = try Scratch()
    try whole.dropLast(cut).write(to: URL(filePath: copy.path + "/" + JournalFormat.name(1)))
    let opened = try Journal(copy.path)
    #expect(opened.last == 2)
    #expect(try await opened.append(payload(9)) == 3)
  }
}

@Test func damageBeforeASoundRecordIsAnErrorAndNotATornTail() async throws {
  let scratch = try Scratch()
  do {
    let journal = try Journal(scratch.path)
    for number in 1...3 { _ = try await journal.append(payload(number)) }
  }
  let file = scratch.path + "/" + JournalFormat.name(1)
  let whole = try [UInt8](Data(contentsOf: URL(filePath: file)))
  let secondStart = JournalFormat.headerLength + JournalFormat.recordHeaderLength + payload(1).count
  for position in secondStart..<secondStart + JournalFormat.recordHeaderLength + 5 {
    let copy = try Scratch()
    var damaged = whole
    damaged[position] ^= 0x10
    try Data(damaged).write(to: URL(filePath: copy.path + "/" + JournalFormat.name(1)))
    // The four reserved bytes are no part of a record's meaning.
    let reserved = (4..<8).contains(position - secondStart)
    if reserved { _ = try Journal(copy.path) } else { #expect(throws: StoreError.self) { _ = try Journal(copy.path) } }
  }
}

@Test func aSecondProcessIsKeptOut() throws {
  let scratch = try Scratch()
  let journal = try Journal(scratch.path)
  #expect(throws: StoreError.self) { _ = try Journal(scratch.path) }
  withExtendedLifetime(journal) {}
}

@Test func aWatcherHearsOfGrowth() async throws {
  let scratch = try Scratch()
  let journal = try Journal(scratch.path)
  var heard = journal.watch().makeAsyncIterator()
  #expect(await heard.next() == 0)
  _ = try await journal.append([1])
  #expect(await heard.next() == 1)
}

@Test func anAppendOverTheLimitIsRefused() async throws {
  let scratch = try Scratch()
  let journal = try Journal(scratch.path)
  await #expect(throws: StoreError.self) { try await journal.append([UInt8](repeating: 0, count: JournalFormat.payloadLimit + 1)) }
}

@Test func afterAnUnknownOutcomeNothingMoreIsTaken() {
  var machine = JournalMachine<Int>(id: [UInt8](repeating: 7, count: 16), last: 0, fileFirst: 1, fileEnd: 0, fileLimit: 1 << 20)
  let first = machine.append([1], 1)
  let batch = machine.nextBatch()
  let second = machine.append([2], 2)
  #expect(first && second)
  #expect(batch?.opensFile == true)
  let isBusy = machine.nextBatch() == nil
  #expect(isBusy)
  let told = machine.finished(.unknown)
  #expect(told == [1, 2])
  let third = machine.append([3], 3)
  #expect(!third)
}

@Test func anUndoneBatchLeavesNoGap() {
  var machine = JournalMachine<Int>(id: [UInt8](repeating: 7, count: 16), last: 4, fileFirst: 1, fileEnd: 500, fileLimit: 1 << 20)
  for (number, outcome) in [(1, JournalMachine<Int>.Outcome.undone), (2, .durable)] {
    _ = machine.append([1], number)
    let offset = machine.nextBatch()?.offset
    let told = machine.finished(outcome)
    #expect(offset == 500)
    #expect(told == [number])
  }
  #expect(machine.last == 5)
}
