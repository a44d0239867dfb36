import Foundation
import Platform
import Synchronization
import Testing

private func temporary() -> String {
  let path = NSTemporaryDirectory() + "chancery-platform-" + UUID().uuidString
  try? Directory.make(path)
  return path
}

@Test func sha256AgreesWithTheStandardsVector() {
  #expect(hexadecimal(SHA256.hash(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  var pieces = SHA256()
  pieces.update(Array("a".utf8))
  pieces.update([])
  pieces.update(Array("bc".utf8))
  #expect(pieces.finish() == SHA256.hash(Array("abc".utf8)))
}

@Test func crc32AgreesWithTheStandardsCheckValue() {
  #expect(crc32(Array("123456789".utf8)) == 0xcbf4_3926 && crc32([]) == 0)
}

@Test func xxh3AgreesWithTheSpecificationsVectorOfNoBytes() { #expect(xxh3([]) == 0x2D06_8005_38D3_94C2) }

@Test func hexadecimalComesBackAndRefusesWhatIsNone() {
  #expect(bytes(hexadecimal: hexadecimal([0, 15, 255])) == [0, 15, 255])
  #expect(bytes(hexadecimal: "0") == nil)
  #expect(bytes(hexadecimal: "zz") == nil)
}

@Test func aZstdFrameComesBackAndADamagedOneIsRefused() throws {
  let text = Array(String(repeating: "registry ", count: 1000).utf8)
  var frame = Zstd.compress(text)
  #expect(try Zstd.decompress(frame, limit: text.count) == text)
  #expect(throws: Zstd.Corrupt.self) { try Zstd.decompress(frame, limit: text.count - 1) }
  frame.removeLast(4)
  #expect(throws: Zstd.Corrupt.self) { try Zstd.decompress(frame, limit: text.count) }
  #expect(throws: Zstd.Corrupt.self) { try Zstd.decompress([], limit: 10) }
}

@Test func aFileIsWrittenReadAndMapped() throws {
  let folder = temporary()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let path = folder + "/file"
  do {
    let file = try File(path, .create)
    try file.write(Array("hello".utf8), at: 0)
    try file.write(Array("!".utf8), at: 5)
    try file.sync()
    let size = try file.size()
    let tail = try file.read(at: 1, count: 100)
    #expect(size == 6)
    #expect(tail == Array("ello!".utf8))
  }
  #expect(throws: SystemError.self) { _ = try File(path, .create) }
  let mapped = try MappedFile(path)
  #expect(mapped.withBytes { Array($0) } == Array("hello!".utf8))
  #expect(try Directory.names(folder) == ["file"])
  try Directory.remove(path)
  #expect(!Directory.exists(path))
}

@Test func aLockIsHeldByOne() throws {
  let folder = temporary()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let first = try File(folder + "/lock", .readWrite)
  let second = try File(folder + "/lock", .readWrite)
  let firstHolds = first.lock(within: 0)
  let secondHolds = second.lock(within: 20)
  #expect(firstHolds)
  #expect(!secondHolds)
}

@Test(.timeLimit(.minutes(10))) func `tasks that compute on threads of their own keep no other waiting`() async {
  let isOver = Flag()
  await withTaskGroup { group in
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount * 2 {
      group.addTask { await onOwnThread { await isOver.spin() } }
    }
    // Both would wait for a processor that is never free.
    await offload {}
    await withTaskGroup { $0.addTask {} }
    isOver.set()
  }
}

/// Set by one thread and waited for by others.
private final class Flag: Sendable {
  private let value = Mutex(false)
  var isSet: Bool { value.withLock { $0 } }
  func set() { value.withLock { $0 = true } }
  func spin() async { while !isSet {} }
}
