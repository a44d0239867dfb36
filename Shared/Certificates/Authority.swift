import COpenSSL
import Platform
import Wire

/// What a certificate is to say.
public struct CertificateRequest: Sendable, Hashable {
  /// The common name.
  public var name: String
  public var roles: [Role]
  /// Nil = that of general documents.
  public var clearance: DistributionClass?
  /// DNS names and IP addresses that its holder is reached at; none for one who only calls.
  public var hosts: [String]
  /// How long it holds.
  public var seconds: Int64

  public init(name: String, roles: [Role], clearance: DistributionClass? = nil, hosts: [String] = [], seconds: Int64) {
    self.name = name
    self.roles = roles
    self.clearance = clearance
    self.hosts = hosts
    self.seconds = seconds
  }

  /// As subject alternative names. Throws for a host that is no name and no address.
  fileprivate var names: String {
    get throws(CertificateError) {
      var names: [String] = []
      for host in hosts {
        if chancery_is_address(host) == 1 {
          names.append("IP:\(host)")
          continue
        }
        let isName =
          (1...253).contains(host.utf8.count)
          && host.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || [0x2d, 0x2e, 0x5f, 0x2a].contains(byte)
          }
        guard isName else { throw CertificateError("\(host) is neither a host's name nor an IP address") }
        names.append("DNS:\(host)")
      }
      let uris = roles.map(\.uri) + (clearance.map { [$0.uri] } ?? [])
      return (names + uris.map { "URI:\($0)" }).joined(separator: ",")
    }
  }
}

/// Who signs certificates: a certificate of its own and its key, P-256. What is signed begins an hour ago, for the clocks of hosts differ.
public struct Authority: Sendable {
  public let certificate: Certificate
  /// The private key, PEM.
  public let key: [UInt8]

  /// Throws when the key is not the certificate's.
  public init(certificate: Certificate, key: [UInt8]) throws(CertificateError) {
    guard certificate.fits(key: key) else { throw CertificateError("the authority's key is not that of its certificate") }
    self.certificate = certificate
    self.key = key
  }

  /// Makes a new authority.
  public init(name: String, seconds: Int64) throws(CertificateError) {
    let key = try OpenKey()
    let made = try OpenCertificate(made: chancery_new_certificate(key.pointer, name, nil, unixSeconds() + seconds))
    try Self.extend(
      made,
      [
        (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
        (NID_subject_key_identifier, "hash"),
      ], issuer: nil)
    guard chancery_sign(made.pointer, key.pointer) == 1 else { throw CertificateError(failed: "sign the authority's certificate") }
    certificate = try Certificate(pem: taken(chancery_certificate_pem(made.pointer)))
    self.key = try taken(chancery_key_pem(key.pointer))
  }

  /// Signs a certificate for a new key. It ends no later than the authority's own.
  public func issue(_ request: CertificateRequest) throws(CertificateError) -> (certificate: Certificate, key: [UInt8]) {
    guard !request.roles.isEmpty else { throw CertificateError("a certificate needs a role") }
    let issuer = try OpenCertificate(certificate.pem)
    let signer = try OpenKey(self.key)
    let key = try OpenKey()
    let end = min(unixSeconds() + request.seconds, certificate.until)
    let made = try OpenCertificate(made: chancery_new_certificate(key.pointer, request.name, issuer.pointer, end))
    try Self.extend(
      made,
      [
        (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
        (NID_ext_key_usage, request.hosts.isEmpty ? "clientAuth" : "serverAuth,clientAuth"), (NID_subject_key_identifier, "hash"),
        (NID_authority_key_identifier, "keyid"), (NID_subject_alt_name, try request.names),
      ], issuer: issuer.pointer)
    guard chancery_sign(made.pointer, signer.pointer) == 1 else { throw CertificateError(failed: "sign a certificate") }
    return (try Certificate(pem: taken(chancery_certificate_pem(made.pointer))), try taken(chancery_key_pem(key.pointer)))
  }

  private static func extend(
    _ made: borrowing OpenCertificate, _ extensions: [(Int32, String)], issuer: OpaquePointer?
  ) throws(CertificateError) {
    for (number, value) in extensions {
      guard chancery_add_extension(made.pointer, issuer, number, value) == 1 else { throw CertificateError(failed: "state \(value)") }
    }
  }

  /// Signs a list of what is revoked. It holds as long as the authority does, so that no list has to be brought to every host in time.
  public func sign(_ list: RevocationList) throws(CertificateError) -> [UInt8] {
    let issuer = try OpenCertificate(certificate.pem)
    let signer = try OpenKey(key)
    let made = try OpenList(chancery_new_list(issuer.pointer, list.number))
    for entry in list.entries {
      guard chancery_list_add(made.pointer, entry.serial, entry.time) == 1 else { throw CertificateError(failed: "revoke \(entry.serial)") }
    }
    guard chancery_list_sign(made.pointer, signer.pointer) == 1 else { throw CertificateError(failed: "sign the revocation list") }
    return try taken(chancery_list_pem(made.pointer))
  }
}

/// What an authority has revoked.
public struct RevocationList: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    /// Of the certificate, hexadecimal, lower case.
    public let serial: String
    /// When it was revoked, Unix seconds.
    public let time: Int64

    public init(serial: String, time: Int64) {
      self.serial = serial
      self.time = time
    }
  }

  /// Counts an authority's lists.
  public var number = 1
  public var entries: [Entry] = []

  public init() {}

  /// Reads a list that `authority` has signed. Throws when it has not.
  public init(pem: [UInt8], of authority: Certificate) throws(CertificateError) {
    let list = try OpenList(pem.withUnsafeBytes { chancery_read_list($0.baseAddress, Int32(clamping: $0.count)) })
    let issuer = try OpenCertificate(authority.pem)
    guard chancery_list_is_signed_by(list.pointer, issuer.pointer) == 1 else {
      throw CertificateError(failed: "trust the revocation list: another authority has signed it")
    }
    number = chancery_list_number(list.pointer)
    for index in 0..<max(0, chancery_list_count(list.pointer)) {
      guard let entry = chancery_list_entry(list.pointer, index) else { continue }
      entries.append(
        Entry(
          serial: Certificate.hexadecimal(X509_REVOKED_get0_serialNumber(entry)),
          time: chancery_unix(X509_REVOKED_get0_revocationDate(entry))))
    }
  }
}

/// A revocation list that OpenSSL holds, as long as this value lives.
private struct OpenList: ~Copyable {
  let pointer: OpaquePointer

  /// Takes a list over; nil = it could not be made or read.
  init(_ pointer: OpaquePointer?) throws(CertificateError) {
    guard let pointer else { throw CertificateError(failed: "read or make a revocation list") }
    self.pointer = pointer
  }

  deinit { X509_CRL_free(pointer) }
}
