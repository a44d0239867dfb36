import Certificates
import Platform
import Wire

/// A directory with an authority and what it has signed:
///
/// - `ca.pem`, `ca.key`: the authority; the key may be kept elsewhere, and is needed to sign;
/// - `crl.pem`: what it has revoked;
/// - `NAME.pem`, `NAME.key`: the certificate that NAME uses, and its key;
/// - `issued/SERIAL.pem`: every certificate that was ever signed.
///
/// Its lock keeps a second command out as long as this value lives.
final class CertificateFolder {
  /// Whether a certificate is of use, and if not, why.
  enum State: String {
    case good, revoked, expired
    /// NAME uses a newer one; this one is still accepted.
    case replaced
    /// Another authority has signed it.
    case foreign
    /// Its key is missing, or is another's.
    case keyless
  }
  struct Row {
    let certificate: Certificate
    let state: State
    /// Where the certificate is that its name uses; nil for others.
    let file: String?
  }

  /// The longest file that is read, bytes.
  private static let fileLimit = 1 << 20
  private static let taken: Set<String> = ["ca", "crl"]

  let path: String
  private let lock: File
  let authority: Certificate

  /// Opens a directory that has an authority. Throws `CertificateError` and `SystemError`.
  init(_ path: String) throws {
    guard Directory.exists(path + "/ca.pem") else {
      throw CertificateError("there is no authority in \(path): `chancery certs init` makes one, --directory names another place")
    }
    self.path = path
    lock = try Self.locked(path)
    authority = try Certificate(pem: Self.read(path + "/ca.pem"))
  }

  /// Makes a new authority in `path`, which has none.
  init(making name: String, seconds: Int64, in path: String) throws {
    try Directory.make(path)
    lock = try Self.locked(path)
    guard !Directory.exists(path + "/ca.pem") else { throw CertificateError("\(path) has an authority already") }
    self.path = path
    let made = try Authority(name: name, seconds: seconds)
    authority = made.certificate
    try write("ca.key", made.key, isPrivate: true)
    try write("crl.pem", try made.sign(RevocationList()))
    try write("ca.pem", made.certificate.pem)
  }

  private static func locked(_ path: String) throws -> File {
    let lock = try File(path + "/lock", .readWrite)
    guard lock.lock(within: 10_000) else { throw CertificateError("another command works on \(path)") }
    return lock
  }

  private static func read(_ path: String) throws(SystemError) -> [UInt8] { try File(path, .read).read(at: 0, count: fileLimit) }

  /// Writes a file whole, in the place of the one that is there.
  private func write(_ name: String, _ bytes: [UInt8], isPrivate: Bool = false) throws(SystemError) {
    let scratch = "\(path)/\(name).new"
    if Directory.exists(scratch) { try Directory.remove(scratch) }
    let file = try File(scratch, isPrivate ? .createPrivate : .create)
    try file.write(bytes, at: 0)
    try file.sync()
    try Directory.rename(scratch, "\(path)/\(name)")
  }

  // MARK: What is there

  /// The certificate that `name` uses; nil when there is none.
  func certificate(of name: String) throws -> Certificate? {
    let file = "\(path)/\(name).pem"
    return Directory.exists(file) ? try Certificate(pem: Self.read(file)) : nil
  }

  /// What is revoked; nothing when there is no list.
  func revocations() throws -> RevocationList {
    let file = path + "/crl.pem"
    return Directory.exists(file) ? try RevocationList(pem: Self.read(file), of: authority) : RevocationList()
  }

  /// All certificates, by name and then by their end, the newest first.
  func rows() throws -> [Row] {
    let revoked = Set(try revocations().entries.map(\.serial))
    let now = unixSeconds()
    func state(_ certificate: Certificate, _ otherwise: State) -> State {
      if !certificate.isSigned(by: authority) { return .foreign }
      return revoked.contains(certificate.serial) ? .revoked : certificate.until <= now ? .expired : otherwise
    }
    var rows: [Row] = []
    var used: Set<String> = []
    for file in try Directory.names(path) where file.hasSuffix(".pem") && !Self.taken.contains(String(file.dropLast(4))) {
      let certificate = try Certificate(pem: Self.read("\(path)/\(file)"))
      used.insert(certificate.serial)
      let key = (try? Self.read("\(path)/\(file.dropLast(4)).key")) ?? []
      rows.append(
        Row(certificate: certificate, state: state(certificate, certificate.fits(key: key) ? .good : .keyless), file: "\(path)/\(file)"))
    }
    for file in (try? Directory.names(path + "/issued")) ?? [] where file.hasSuffix(".pem") && !used.contains(String(file.dropLast(4))) {
      let certificate = try Certificate(pem: Self.read("\(path)/issued/\(file)"))
      rows.append(Row(certificate: certificate, state: state(certificate, .replaced), file: nil))
    }
    return rows.sorted { ($0.certificate.name, -$0.certificate.until) < ($1.certificate.name, -$1.certificate.until) }
  }

  // MARK: Signing

  private func signer() throws -> Authority {
    guard Directory.exists(path + "/ca.key") else {
      throw CertificateError("\(path)/ca.key is needed to sign: put it back; or remove ca.pem there, and make a new authority")
    }
    return try Authority(certificate: authority, key: Self.read(path + "/ca.key"))
  }

  /// Signs a certificate, which its name uses from now on.
  func issue(_ request: CertificateRequest) throws -> Certificate {
    let name = request.name
    let isName =
      (1...64).contains(name.utf8.count) && name.first != "."
      && name.utf8.allSatisfy { byte in
        (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || [0x2d, 0x2e, 0x5f].contains(byte)
      }
    guard isName, !Self.taken.contains(name) else {
      throw CertificateError("\(name) cannot be a name: it has letters, digits, -, . and _, and is not ca or crl")
    }
    let made = try signer().issue(request)
    try Directory.make(path + "/issued")
    try write("issued/\(made.certificate.serial).pem", made.certificate.pem)
    try write("\(name).key", made.key, isPrivate: true)
    try write("\(name).pem", made.certificate.pem)
    return made.certificate
  }

  /// Signs a new list, with these certificates too.
  func revoke(_ serials: [String]) throws -> RevocationList {
    let file = path + "/crl.pem"
    var list = try revocations()
    if Directory.exists(file) { list.number += 1 }
    let known = Set(list.entries.map(\.serial))
    let now = unixSeconds()
    list.entries += serials.filter { !known.contains($0) }.map { RevocationList.Entry(serial: $0, time: now) }
    try write("crl.pem", try signer().sign(list))
    return list
  }
}
