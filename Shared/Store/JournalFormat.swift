import Platform

// A journal is a row of files `journal-<first sequence, 20 digits>`. All integers little-endian.
//
//   file   := header record*
//   header := "CHJOURNL" version:u32 0:u32 id:16 bytes first:u64 check:u64          (48 bytes; check = XXH3-64 of the 40 bytes before)
//   record := length:u32 0:u32 sequence:u64 check:u64 payload:length bytes           (check = XXH3-64 of the payload, xor sequence, xor length)

/// The layout of journal files.
package enum JournalFormat {
  static let magic = Array("CHJOURNL".utf8)
  static let version: UInt32 = 1
  /// Bytes before the first record.
  package static let headerLength = 48
  /// Bytes before a record's payload.
  package static let recordHeaderLength = 24
  /// The longest payload, bytes.
  static let payloadLimit = 64 << 20

  /// A file's name.
  package static func name(_ first: UInt64) -> String {
    let text = String(first)
    return "journal-" + String(repeating: "0", count: 20 - text.count) + text
  }

  static func append<I: FixedWidthInteger>(_ value: I, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  static func integer<I: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, at offset: Int, as type: I.Type = I.self) -> I {
    I(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: I.self))
  }

  /// A file's header.
  package static func header(id: [UInt8], first: UInt64) -> [UInt8] {
    var bytes = magic
    append(version, to: &bytes)
    append(UInt32(0), to: &bytes)
    bytes += id
    append(first, to: &bytes)
    append(xxh3(bytes), to: &bytes)
    return bytes
  }

  static func check(_ payload: UnsafeRawBufferPointer, sequence: UInt64) -> UInt64 { xxh3(payload) ^ sequence ^ UInt64(payload.count) }

  /// Appends a record to a file's bytes.
  package static func appendRecord(_ payload: [UInt8], sequence: UInt64, to bytes: inout [UInt8]) {
    append(UInt32(payload.count), to: &bytes)
    append(UInt32(0), to: &bytes)
    append(sequence, to: &bytes)
    append(payload.withUnsafeBytes { check($0, sequence: sequence) }, to: &bytes)
    bytes += payload
  }

  /// Reads a header. Throws `.corrupt` or `.tooNew`.
  static func readHeader(_ bytes: UnsafeRawBufferPointer, _ name: String) throws(StoreError) -> (id: [UInt8], first: UInt64) {
    guard bytes.count >= headerLength, bytes[0..<8].elementsEqual(magic) else { throw .corrupt(subject: name, what: "not a journal file") }
    let found: UInt32 = integer(bytes, at: 8)
    guard found <= version else { throw .tooNew(subject: name, version: found) }
    let check: UInt64 = integer(bytes, at: 40)
    guard check == xxh3(UnsafeRawBufferPointer(rebasing: bytes[0..<40])) else { throw .corrupt(subject: name, what: "header checksum") }
    return (Array(bytes[16..<32]), integer(bytes, at: 32))
  }

  /// The payload's length of a sound record with this sequence at `offset`; nil when there is none.
  static func recordLength(_ bytes: UnsafeRawBufferPointer, at offset: Int, sequence: UInt64) -> Int? {
    guard offset + recordHeaderLength <= bytes.count else { return nil }
    let length = Int(integer(bytes, at: offset, as: UInt32.self))
    guard integer(bytes, at: offset + 8, as: UInt64.self) == sequence, length <= payloadLimit else { return nil }
    let start = offset + recordHeaderLength
    guard start + length <= bytes.count else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
    return integer(bytes, at: offset + 16, as: UInt64.self) == check(payload, sequence: sequence) ? length : nil
  }

  /// Whether a sound record of a later sequence stands at `offset` or anywhere after it: then what is damaged or missing before it is no torn tail.
  static func laterRecordExists(_ bytes: UnsafeRawBufferPointer, from offset: Int, sequence: UInt64) -> Bool {
    var position = offset
    while position + recordHeaderLength <= bytes.count {
      let found: UInt64 = integer(bytes, at: position + 8)
      if found > sequence, found - sequence < 1 << 32, recordLength(bytes, at: position, sequence: found) != nil { return true }
      position += 1
    }
    return false
  }
}
