import Foundation
import Platform
import Testing

@testable import Store

@Test func anObjectIsWrittenOnceAndReadByRange() async throws {
  let scratch = try Scratch()
  let store = try DirectoryStore(scratch.path)
  #expect(try await store.putIfAbsent("a/b/one", [1, 2, 3, 4]))
  #expect(try await !store.putIfAbsent("a/b/one", [9]))
  #expect(try await store.get("a/b/one", nil) == [1, 2, 3, 4])
  #expect(try await store.get("a/b/one", 1..<3) == [2, 3])
  #expect(try await store.get("a/b/one", 3..<30) == [4])
  #expect(try await store.get("a/b/one", 7..<9) == [])
  #expect(try await store.size("a/b/one") == 4)
  await #expect(throws: StoreError.missing("a/two")) { try await store.get("a/two", nil) }
  try await store.delete("a/b/one")
  try await store.delete("a/b/one")
  await #expect(throws: StoreError.missing("a/b/one")) { try await store.size("a/b/one") }
}

@Test func ofManyWritersExactlyOneWins() async throws {
  let scratch = try Scratch()
  let store = try DirectoryStore(scratch.path)
  let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
    for number in 0..<20 { group.addTask { try await store.putIfAbsent("x/same", [UInt8(number)]) } }
    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
  }
  #expect(wins == 1)
  #expect(try Directory.names(scratch.path + "/.tmp") == [])
}

@Test func aListingIsSortedBoundedAndByPrefix() async throws {
  let scratch = try Scratch()
  let store = try DirectoryStore(scratch.path)
  for name in ["m/3", "m/1", "m/2", "n/1", "top"] { _ = try await store.putIfAbsent(name, [0]) }
  #expect(try await store.list("m/", after: "", limit: 10).map(\.name) == ["m/1", "m/2", "m/3"])
  #expect(try await store.list("m/", after: "m/1", limit: 1).map(\.name) == ["m/2"])
  #expect(try await store.list("", after: "", limit: 10).map(\.name) == ["m/1", "m/2", "m/3", "n/1", "top"])
  #expect(try await store.list("nothing/", after: "", limit: 10) == [])
}

@Test(arguments: [
  "", "/a", "a/", "a//b", "../a", "a/../b", ".tmp/x", "a b", "a\0", String(repeating: "a", count: 201), "1/2/3/4/5/6/7/8/9",
])
func aNameThatLeavesTheStoreIsRefused(name: String) async throws {
  let scratch = try Scratch()
  let store = try DirectoryStore(scratch.path)
  await #expect(throws: StoreError.badName(name)) { try await store.putIfAbsent(name, [1]) }
}

@Test func ofTwoIndexWritersOneIsFenced() async throws {
  let scratch = try Scratch()
  let log = ManifestLog(try DirectoryStore(scratch.path))
  #expect(try await log.newest()?.generation == nil)
  try await log.commit(1, [1])
  await #expect(throws: StoreError.self) { try await log.commit(1, [2]) }
  #expect(try await log.newest()?.bytes == [1])
}

@Test func aStalledWriterCannotReuseACollectedNumber() async throws {
  let scratch = try Scratch()
  let store = try DirectoryStore(scratch.path)
  let log = ManifestLog(store)
  for generation: UInt64 in 1...6 { try await log.commit(generation, [UInt8(generation)]) }
  #expect(try await log.collect(keeping: 2) == [5, 6])
  #expect(try await log.boundary() == 4)
  await #expect(throws: StoreError.self) { try await log.commit(3, [33]) }
  await #expect(throws: StoreError.missing(ManifestLog.name(3))) { try await store.size(ManifestLog.name(3)) }
  #expect(try await log.newest()?.generation == 6)
}
