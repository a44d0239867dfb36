import COpenSSL
import Wire

/// Why a certificate, key or list cannot be made or read.
public struct CertificateError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// What OpenSSL has just failed at.
  init(failed what: String) {
    let code = ERR_get_error()
    ERR_clear_error()
    let reason = code == 0 ? nil : ERR_reason_error_string(code).map { String(cString: $0) }
    description = "cannot \(what)" + (reason.map { ": \($0)" } ?? "")
  }
}

/// A certificate, and what it says.
public struct Certificate: Sendable, Hashable {
  public let pem: [UInt8]
  /// Hexadecimal, lower case.
  public let serial: String
  /// The common name.
  public let name: String
  public let roles: [Role]
  /// The highest that its URIs state; nil when they state none.
  public let clearance: DistributionClass?
  /// DNS names and IP addresses, as they are written.
  public let hosts: [String]
  /// When it begins and ends to hold, Unix seconds.
  public let from, until: Int64

  /// Reads the first certificate in a PEM file's bytes. Throws when there is none.
  public init(pem: [UInt8]) throws(CertificateError) {
    let certificate = try OpenCertificate(pem)
    let names = Names(certificate.pointer)
    self.pem = pem
    serial = Self.hexadecimal(X509_get0_serialNumber(certificate.pointer))
    name = Self.commonName(certificate.pointer)
    roles = names.uris.compactMap { Role(uri: $0) }
    clearance = names.uris.compactMap { DistributionClass(uri: $0) }.max()
    hosts = names.hosts
    from = chancery_unix(X509_get0_notBefore(certificate.pointer))
    until = chancery_unix(X509_get0_notAfter(certificate.pointer))
  }

  /// Whether a PEM file's bytes are this certificate's private key, without a passphrase.
  public func fits(key pem: [UInt8]) -> Bool {
    guard let certificate = try? OpenCertificate(self.pem), let key = try? OpenKey(pem) else { return false }
    defer { ERR_clear_error() }
    return X509_check_private_key(certificate.pointer, key.pointer) == 1
  }

  /// Whether `authority` has signed it.
  public func isSigned(by authority: Certificate) -> Bool {
    guard let certificate = try? OpenCertificate(pem), let signer = try? OpenCertificate(authority.pem) else { return false }
    defer { ERR_clear_error() }
    return chancery_is_signed_by(certificate.pointer, signer.pointer) == 1
  }

  static func hexadecimal(_ number: UnsafePointer<ASN1_INTEGER>?) -> String {
    guard let text = chancery_hex(number) else { return "" }
    defer { chancery_free(text) }
    return String(cString: text).lowercased()
  }

  private static func commonName(_ certificate: OpaquePointer) -> String {
    var text: UnsafeMutablePointer<UInt8>?
    let length = chancery_common_name(certificate, &text)
    guard length >= 0, let text else { return "" }
    defer { chancery_free(text) }
    return String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self)
  }
}

/// The subject alternative names of a certificate that are read here.
private struct Names {
  var uris: [String] = []
  var hosts: [String] = []

  init(_ certificate: OpaquePointer) {
    guard let names = chancery_alternative_names(certificate) else { return }
    defer { chancery_names_free(names) }
    for index in 0..<chancery_names_count(names) {
      var length: Int32 = 0
      if let bytes = chancery_names_uri(names, index, &length) {
        uris.append(String(decoding: UnsafeBufferPointer(start: bytes, count: Int(length)), as: UTF8.self))
        continue
      }
      var bytes: UnsafePointer<UInt8>?
      let kind = chancery_names_host(names, index, &bytes, &length)
      guard kind > 0, let bytes else { continue }
      let value = Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
      hosts.append(kind == 1 ? String(decoding: value, as: UTF8.self) : Self.address(value))
    }
  }

  private static func address(_ bytes: [UInt8]) -> String {
    if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: bytes.count - 1, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
    return groups.joined(separator: ":")
  }
}

/// A certificate that OpenSSL holds, as long as this value lives.
struct OpenCertificate: ~Copyable {
  let pointer: OpaquePointer

  init(_ pem: [UInt8]) throws(CertificateError) {
    ERR_clear_error()
    guard let pointer = pem.withUnsafeBytes({ chancery_read_certificate($0.baseAddress, Int32(clamping: $0.count)) }) else {
      throw CertificateError(failed: "read a certificate")
    }
    self.pointer = pointer
  }

  /// Takes a certificate over; nil = it could not be made.
  init(made pointer: OpaquePointer?) throws(CertificateError) {
    guard let pointer else { throw CertificateError(failed: "make a certificate") }
    self.pointer = pointer
  }

  deinit { X509_free(pointer) }
}

/// A private key that OpenSSL holds, as long as this value lives.
struct OpenKey: ~Copyable {
  let pointer: OpaquePointer

  /// A new one on the curve P-256.
  init() throws(CertificateError) {
    guard let pointer = chancery_new_key() else { throw CertificateError(failed: "make a key") }
    self.pointer = pointer
  }

  init(_ pem: [UInt8]) throws(CertificateError) {
    ERR_clear_error()
    guard let pointer = pem.withUnsafeBytes({ chancery_read_key($0.baseAddress, Int32(clamping: $0.count)) }) else {
      throw CertificateError(failed: "read a private key (one with a passphrase is not taken)")
    }
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(pointer) }
}

/// The bytes in a BIO, which is freed.
func taken(_ bio: OpaquePointer?) throws(CertificateError) -> [UInt8] {
  guard let bio else { throw CertificateError(failed: "write PEM") }
  defer { BIO_free(bio) }
  var bytes: UnsafePointer<UInt8>?
  let count = chancery_bytes(bio, &bytes)
  return Array(UnsafeBufferPointer(start: bytes, count: count))
}
