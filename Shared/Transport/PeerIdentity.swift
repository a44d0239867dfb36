import COpenSSL
import Wire

/// Who the peer is, from its verified certificate.
public struct PeerIdentity: Sendable, Hashable {
  /// The subject's common name, for logs; empty when the certificate has none.
  public let name: String
  /// The roles that its URIs `chancery:role:NAME` state. Unknown names are left out.
  public let roles: Set<Role>
  /// What the roles may call, reckoned once: it is asked for each call.
  private let methods: Set<Method>

  public init(name: String, roles: Set<Role>) {
    self.name = name
    self.roles = roles
    methods = Set(Method.allCases.filter { method in roles.contains { method.allows($0) } })
  }

  /// True when one of the roles may call `method`.
  public func mayCall(_ method: Method) -> Bool { methods.contains(method) }
}

extension PeerIdentity {
  /// Longest common name kept, in bytes; a certificate may state any.
  private static let maxName = 128

  /// Reads a certificate that OpenSSL has verified.
  init(certificate: OpaquePointer) {
    self.init(name: Self.commonName(certificate), roles: Self.roles(certificate))
  }

  private static func commonName(_ certificate: OpaquePointer) -> String {
    guard let subject = X509_get_subject_name(certificate) else { return "" }
    let index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
    guard index >= 0, let data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)) else { return "" }
    var text: UnsafeMutablePointer<UInt8>?
    let length = ASN1_STRING_to_UTF8(&text, data)
    guard length >= 0, let text else { return "" }
    defer { chancery_free(text) }
    let name = String(decoding: UnsafeBufferPointer(start: text, count: min(Int(length), maxName)), as: UTF8.self)
    // It goes into logs: no line breaks or terminal codes of the peer's choosing.
    return String(
      String.UnicodeScalarView(
        name.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20 && $0.value != 0x7F }))
  }

  private static func roles(_ certificate: OpaquePointer) -> Set<Role> {
    guard let names = chancery_alternative_names(certificate) else { return [] }
    defer { chancery_names_free(names) }
    var roles: Set<Role> = []
    for index in 0..<chancery_names_count(names) {
      var length: Int32 = 0
      guard let bytes = chancery_names_uri(names, index, &length), length > 0 else { continue }
      let uri = String(decoding: UnsafeBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
      if let role = Role(uri: uri) { roles.insert(role) }
    }
    return roles
  }
}
