import Platform
import Wire

extension ManifestMessage {
  /// The manifest with the checksum of its other fields.
  public var sealed: ManifestMessage {
    var manifest = self
    manifest.checksum = 0
    manifest.checksum = xxh3(manifest.encoded)
    return manifest
  }

  /// Whether the checksum is that of the other fields.
  public var isSound: Bool { sealed.checksum == checksum }

  /// Reads a manifest's object. Throws `.corrupt` when it cannot be decoded or its checksum is wrong.
  public init(checked bytes: [UInt8], subject: String) throws(StoreError) {
    do throws(CodecError) { try self.init(decoding: bytes) } catch {
      throw .corrupt(subject: subject, what: "it cannot be decoded: \(error)")
    }
    guard isSound else { throw .corrupt(subject: subject, what: "its checksum") }
  }
}
