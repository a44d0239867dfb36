import COpenSSL
import Wire

/// Who the peer is, from its verified certificate.
public struct PeerIdentity: Sendable {
  /// Shared by all who know the peer: an identity goes along with every call.
  private final class Facts: Sendable {
    let name: String
    let roles: Set<Role>
    let clearance: DistributionClass
    let certificate: PeerCertificate?
    /// What the roles may call, a bit for each method's number (all are below 64), reckoned once: it is asked for each call.
    let methods: UInt64

    init(name: String, roles: Set<Role>, clearances: [DistributionClass], certificate: PeerCertificate?) {
      self.certificate = certificate
      self.name = name
      self.roles = roles
      clearance = roles.contains { $0.seesEverything } ? .strictlyConfidential : clearances.max() ?? .general
      methods = Method.allCases.filter { method in roles.contains { method.allows($0) } }.reduce(0) { $0 | 1 << $1.rawValue }
    }
  }
  private let facts: Facts

  /// The subject's common name, for logs; empty when the certificate has none.
  public var name: String { facts.name }
  /// The roles that its URIs `chancery:role:NAME` state. Unknown names are left out.
  public var roles: Set<Role> { facts.roles }
  /// The documents of which classes it may see.
  public var clearance: DistributionClass { facts.clearance }
  /// What it is read from; nil in tests.
  var certificate: PeerCertificate? { facts.certificate }

  /// - Parameter clearances: what the certificate's URIs state; the highest holds, and without one that of general documents. A role whose methods hand out
  ///   the whole registry is cleared for all of it.
  public init(name: String, roles: Set<Role>, clearances: [DistributionClass] = []) {
    self.init(name: name, roles: roles, clearances: clearances, certificate: nil)
  }

  private init(name: String, roles: Set<Role>, clearances: [DistributionClass], certificate: PeerCertificate?) {
    facts = Facts(name: name, roles: roles, clearances: clearances, certificate: certificate)
  }

  /// True when one of the roles may call `method`.
  public func mayCall(_ method: Method) -> Bool { facts.methods >> method.rawValue & 1 == 1 }
}

extension PeerIdentity: Hashable {
  public static func == (one: Self, other: Self) -> Bool {
    one.name == other.name && one.roles == other.roles && one.clearance == other.clearance
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(roles)
    hasher.combine(clearance)
  }
}

/// The certificate of a peer that is connected, and those that it sent with it.
// Sound: both are counted objects of OpenSSL that are only read.
final class PeerCertificate: @unchecked Sendable {
  let pointer: OpaquePointer
  let chain: OpaquePointer?
  /// When it ends, Unix seconds.
  let end: Int64

  /// Takes the certificate and its chain over.
  init(_ pointer: OpaquePointer, chain: OpaquePointer?) {
    self.pointer = pointer
    self.chain = chain
    end = chancery_end(pointer)
  }

  deinit {
    X509_free(pointer)
    chancery_chain_free(chain)
  }
}

extension PeerIdentity {
  /// Longest common name kept, in bytes; a certificate may state any.
  private static let maxName = 128

  /// Reads a certificate that OpenSSL has verified.
  init(_ certificate: PeerCertificate) {
    let uris = Self.uris(certificate.pointer)
    self.init(
      name: Self.commonName(certificate.pointer), roles: Set(uris.compactMap { Role(uri: $0) }),
      clearances: uris.compactMap { DistributionClass(uri: $0) }, certificate: certificate)
  }

  private static func commonName(_ certificate: OpaquePointer) -> String {
    var text: UnsafeMutablePointer<UInt8>?
    let length = chancery_common_name(certificate, &text)
    guard length >= 0, let text else { return "" }
    defer { chancery_free(text) }
    let name = String(decoding: UnsafeBufferPointer(start: text, count: min(Int(length), maxName)), as: UTF8.self)
    // It goes into logs: no line breaks or terminal codes of the peer's choosing.
    return String(
      String.UnicodeScalarView(
        name.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20 && $0.value != 0x7F }))
  }

  private static func uris(_ certificate: OpaquePointer) -> [String] {
    guard let names = chancery_alternative_names(certificate) else { return [] }
    defer { chancery_names_free(names) }
    var uris: [String] = []
    for index in 0..<chancery_names_count(names) {
      var length: Int32 = 0
      guard let bytes = chancery_names_uri(names, index, &length), length > 0 else { continue }
      uris.append(String(decoding: UnsafeBufferPointer(start: bytes, count: Int(length)), as: UTF8.self))
    }
    return uris
  }
}
