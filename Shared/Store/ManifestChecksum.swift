import Platform
import Wire

extension ManifestMessage {
  /// The checksum as it stands at the end: its tag and eight bytes.
  private static let checksumLength = 9
  private static let checksumTag: UInt8 = 15 << 3 | 1

  /// The manifest with the checksum of its other fields.
  public var sealed: ManifestMessage {
    var manifest = self
    manifest.checksum = 0
    manifest.checksum = xxh3(manifest.encoded)
    return manifest
  }

  /// Reads a manifest's bytes. The checksum is over all that stand before it, fields of later versions too. Throws `.corrupt` when they cannot be
  /// decoded or the checksum is wrong.
  public init(checked bytes: some RandomAccessCollection<UInt8>, subject: String) throws(StoreError) {
    let bytes = Array(bytes)
    do throws(CodecError) { try self.init(decoding: bytes) } catch {
      throw .corrupt(subject: subject, what: "it cannot be decoded: \(error)")
    }
    let end = bytes.count - Self.checksumLength
    guard end >= 0, bytes[end] == Self.checksumTag, xxh3(Array(bytes[..<end])) == checksum else {
      throw .corrupt(subject: subject, what: "its checksum")
    }
  }
}
