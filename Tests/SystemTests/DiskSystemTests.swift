import ChanceryClient
import Foundation
import Testing
import Transport
import Wire

/// A file system of its own in memory, so small that it fills; gone when this object is.
private final class SmallDisk {
  let path: String

  init(_ path: String, megabytes: Int) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "chancery-test", path])
  }

  func grow(megabytes: Int) throws { try run("mount", ["-o", "remount,size=\(megabytes)m", path]) }
  deinit { _ = try? run("umount", ["-l", path]) }
}

/// Text that does not compress.
private func paper(_ number: Int) -> [UInt8] {
  var generator = SystemRandomNumberGenerator()
  return Array("Statement \(number). ".utf8) + (0..<100_000).map { _ in UInt8.random(in: 0x61...0x7a, using: &generator) }
}

/// Mounting needs the right to; a machine without it skips this test.
@Test(.enabled(if: getuid() == 0)) func `a full disk refuses with a reason, loses nothing, and takes papers again when there is room`()
  async throws
{
  let deployment = try Deployment()
  let disk = try SmallDisk(deployment.path("small"), megabytes: 3)
  let (_, port) = try deployment.start("ingest", ["--data", disk.path + "/data"])
  let client = try deployment.client(ingest: port)
  var acknowledged: [(reply: SubmitReply, bytes: [UInt8])] = []
  var refusal: (error: CallError, bytes: [UInt8])?
  for number in 0..<100 {
    let bytes = paper(number)
    do { acknowledged.append((try await client.submit(bytes: bytes, fileName: "\(number).txt"), bytes)) } catch {
      refusal = (error, bytes)
      break
    }
  }
  let (error, refused) = try #require(refusal, "three megabytes took \(acknowledged.count) papers")
  #expect(!acknowledged.isEmpty)
  #expect(error.code == .unavailable && error.processed == .no && error.message.contains("disk is full"), "\(error)")
  for (reply, bytes) in acknowledged {
    var original: [UInt8] = []
    _ = try await client.original(sha256: reply.sha256) { original += $0 }
    #expect(original == bytes)
  }
  let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
  #expect(verified.clean && verified.checked == UInt64(acknowledged.count), "\(verified.problems)")
  try disk.grow(megabytes: 20)
  let late = try await client.submit(bytes: refused, fileName: "late.txt")
  #expect(!late.duplicate && late.sequence == UInt64(acknowledged.count) + 1)
  await client.close()
}

/// Zeros without an end.
private struct Zeros: AsyncSequence, AsyncIteratorProtocol, Sendable {
  var left = 2 << 30
  mutating func next() async throws(CallError) -> [UInt8]? { try await next(isolation: nil) }
  mutating func next(isolation actor: isolated (any Actor)?) async throws(CallError) -> [UInt8]? {
    if left == 0 { return nil }
    left -= 1 << 20
    return [UInt8](repeating: 0, count: 1 << 20)
  }
  func makeAsyncIterator() -> Self { self }
}

@Test func `two gigabytes of zeros are refused at the limit, and take neither memory nor disk`() async throws {
  let deployment = try Deployment()
  let (process, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let error = try await #require(throws: CallError.self) { try await client.submit(SubmitRequest(fileName: "zeros"), chunks: Zeros()) }
  #expect(error.code == .tooLarge && error.message.contains("268435456"), "\(error)")
  let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
  let peak = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }.flatMap { Int($0.filter(\.isNumber)) })
  #expect(peak < 200 << 10, "peak memory \(peak) KiB")
  #expect(try await client.submit(bytes: paper(1), fileName: "after.txt").sequence == 1)
  let left = try FileManager.default.subpathsOfDirectory(atPath: deployment.path("data-ingest/objects/.tmp"))
  #expect(left.isEmpty)
  await client.close()
}
