import Platform

/// What a ZIP archive says of its members, in its directory at the end. Nothing of it is believed that matters: what unpacking gives is bounded too.
struct ZIPDirectory {
  struct Entry {
    var name: String
    /// What is in it, as it is stated.
    var content: Content
    var isEncrypted: Bool
    var size: Int { content.size }
  }

  /// A member's length and CRC-32.
  struct Content: Hashable {
    var size: Int
    var checksum: UInt32

    init(size: Int, checksum: UInt32) { (self.size, self.checksum) = (size, checksum) }

    init(of bytes: [UInt8]) { self.init(size: bytes.count, checksum: crc32(bytes)) }
  }

  /// Entries that are looked at, more than an archive may have.
  static let longest = 65_536

  private(set) var entries: [Entry] = []

  /// nil when the bytes end in no directory.
  init?(_ bytes: UnsafeRawBufferPointer) {
    // The end record has 22 bytes and a comment of at most 65,535.
    let first = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (first...(bytes.count - 22)).last(where: {
        bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4b && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
      })
    else { return nil }
    func short(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    func long(_ at: Int) -> Int { short(at) | short(at + 2) << 16 }
    let size = long(end + 12)
    guard size <= end else { return nil }
    var at = end - size
    while at + 46 <= end, bytes[at] == 0x50, bytes[at + 1] == 0x4b, bytes[at + 2] == 1, bytes[at + 3] == 2, entries.count < Self.longest {
      let name = at + 46
      let next = name + short(at + 28) + short(at + 30) + short(at + 32)
      guard next <= end else { return nil }
      entries.append(
        Entry(
          name: String(decoding: bytes[name..<(name + short(at + 28))], as: UTF8.self),
          content: Content(size: long(at + 24), checksum: UInt32(long(at + 16))), isEncrypted: short(at + 8) & 1 == 1))
      at = next
    }
  }

  func has(_ name: String) -> Bool { entries.contains { $0.name == name } }
}

/// A file that was in another one.
public struct Member: Sendable, Hashable {
  /// Its name, with folders, in what held it.
  public var name: String
  public var bytes: [UInt8]
  /// Whether the bytes are those that an archive states by their length and CRC-32; where they are not, some are missing or wrong.
  public var isWhole = true
}

/// Unpacks ZIP archives with libarchive's bsdtar. It writes no file: it prints the members in cpio's simplest form, which is taken apart here.
struct Unpacker: Sendable {
  /// Files in an archive, at most.
  static let mostMembers = 10_000
  /// How many times its own size an archive may unpack to; the smallest size of which that is asked.
  static let highestRatio = 200
  static let ratioFrom = 16 << 20

  var helper: Helper

  init(_ configuration: ReaderConfiguration) {
    helper = Helper(program: configuration.programs.bsdtar, package: "libarchive-tools", kind: "ZIP", limits: configuration.helperLimits)
  }

  /// Refuses what the directory shows to be beyond the limits. `unpacked`: bytes in all.
  static func check(_ entries: [ZIPDirectory.Entry], of size: Int, unpacked: Int) throws(ReadingError) {
    guard entries.count <= mostMembers else { throw .tooLarge(.members, allowed: mostMembers) }
    let total = entries.reduce(0) { $0 + $1.size }
    guard total <= unpacked else { throw .tooLarge(.helperOutput, allowed: unpacked) }
    guard total < ratioFrom || total / max(size, 1) <= highestRatio else { throw .tooLarge(.ratio, allowed: highestRatio) }
    guard !entries.contains(where: \.isEncrypted) else { throw .encrypted("ZIP") }
  }

  /// The members that are `entries` of the directory, or all that have their names when `byName`.
  func members(
    _ entries: [ZIPDirectory.Entry], byName: Bool = false, in place: borrowing Workplace
  ) async throws(ReadingError) -> [Member] {
    var arguments = ["-c", "-f", "-", "--format", "newc"]
    if byName { for pattern in Set(entries.map(\.name)) { arguments += ["--include", pattern] } }
    let (status, result) = try await helper.run(arguments + ["@\(place.original)"], in: place.directory, reading: [place.original])
    guard let (unpacked, count) = Self.members(result.output), status == 0 || !unpacked.isEmpty else {
      throw .damaged("ZIP", "it cannot be unpacked, as when a file is cut short")
    }
    if status != 0 {
      throw Helper.mentions(result.errorOutput, "ncrypt") || Helper.mentions(result.errorOutput, "assphrase")
        ? .encrypted("ZIP") : .damaged("ZIP", "not all of it can be unpacked")
    }
    guard count >= entries.count else { throw .damaged("ZIP", "its directory names more files than can be unpacked") }
    // bsdtar is content with bytes that are not those stated, and fills with zeros what is missing. It changes names, so that members are known by
    // their content alone.
    let stated = Set(entries.map(\.content))
    var members = unpacked
    for index in members.indices { members[index].isWhole = stated.contains(ZIPDirectory.Content(of: members[index].bytes)) }
    if members.allSatisfy(\.isWhole), Helper.mentions(result.errorOutput, "Truncated write") {
      throw .damaged("ZIP", "a file in it is longer than its directory states")
    }
    return members
  }

  /// cpio(5), the new ASCII format: 110 bytes of hexadecimal numbers, the name, the bytes, both filled to four. `count`: with folders, links and devices.
  private static func members(_ bytes: [UInt8]) -> (members: [Member], count: Int)? {
    var members: [Member] = []
    var count = 0
    var at = 0
    func number(_ field: Int) -> Int? {
      let place = at + 6 + 8 * field
      return Int(String(decoding: bytes[place..<(place + 8)], as: UTF8.self), radix: 16)
    }
    while at + 110 <= bytes.count, bytes[at..<(at + 6)].elementsEqual("070701".utf8) {
      guard let mode = number(1), let size = number(6), let length = number(11), size >= 0, length >= 1, at + 110 + length <= bytes.count
      else { return nil }
      let name = String(decoding: bytes[(at + 110)..<(at + 110 + length - 1)], as: UTF8.self)
      // A file may have the name by which cpio ends; only the end itself has no type.
      if name == "TRAILER!!!", mode & 0o170000 == 0 { return (members, count) }
      count += 1
      let start = (at + 110 + length + 3) & ~3
      guard size <= bytes.count, start + size <= bytes.count else { return nil }
      // Links and devices are no papers.
      if mode & 0o170000 == 0o100000 { members.append(Member(name: name, bytes: Array(bytes[start..<(start + size)]))) }
      at = (start + size + 3) & ~3
    }
    return nil
  }
}
