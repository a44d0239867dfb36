import Certificates
import Platform
import Testing
import Wire

private let now = Int64(unixMilliseconds() / 1000)

@Test func whatIsIssuedSaysWhatWasAskedForAndFitsItsKeyOnly() throws {
  let authority = try Authority(name: "authority", seconds: 86_400)
  let request = CertificateRequest(
    name: "query-1", roles: [.query, .reader], clearance: .restricted, hosts: ["archive-2", "10.0.0.7", "2001:db8:0:0:0:0:0:1"],
    seconds: 3600)
  let made = try authority.issue(request)
  let read = try Certificate(pem: made.certificate.pem)
  #expect(read == made.certificate)
  #expect(read.name == "query-1" && read.roles == [.query, .reader] && read.clearance == .restricted && read.hosts == request.hosts)
  #expect(read.serial.count == 32 && abs(read.until - now - 3600) < 60 && read.from <= now - 3500)
  #expect(read.isSigned(by: authority.certificate) && read.fits(key: made.key))
  let other = try authority.issue(request)
  #expect(other.certificate.serial != read.serial && !read.fits(key: other.key) && !read.fits(key: authority.key) && !read.fits(key: []))
}

@Test func noCertificateOutlivesItsAuthority() throws {
  let authority = try Authority(name: "authority", seconds: 600)
  let made = try authority.issue(CertificateRequest(name: "jane", roles: [.reader], seconds: 86_400))
  #expect(made.certificate.until == authority.certificate.until)
  #expect(made.certificate.clearance == nil && made.certificate.hosts == [])
}

@Test(arguments: ["a,URI:chancery:role:operator", "", "a b", "münchen", "a/b", String(repeating: "a", count: 254), "10.0.0.7,b"])
func aHostThatIsNoNameAndNoAddressIsRefused(_ host: String) throws {
  let authority = try Authority(name: "authority", seconds: 600)
  #expect(throws: CertificateError.self) {
    try authority.issue(CertificateRequest(name: "jane", roles: [.reader], hosts: [host], seconds: 600))
  }
}

@Test func anotherAuthorityIsNotTakenForOursThoughItHasOurName() throws {
  let (ours, theirs) = (try Authority(name: "authority", seconds: 600), try Authority(name: "authority", seconds: 600))
  let foreign = try theirs.issue(CertificateRequest(name: "jane", roles: [.operator], seconds: 600)).certificate
  #expect(!foreign.isSigned(by: ours.certificate) && foreign.isSigned(by: theirs.certificate))
  #expect(throws: CertificateError.self) { try Authority(certificate: ours.certificate, key: theirs.key) }
  let list = try theirs.sign(RevocationList())
  #expect(throws: CertificateError.self) { try RevocationList(pem: list, of: ours.certificate) }
}

@Test func aRevocationListIsReadAsItWasSigned() throws {
  let authority = try Authority(name: "authority", seconds: 86_400)
  var list = RevocationList()
  #expect(try RevocationList(pem: authority.sign(list), of: authority.certificate) == list)
  list.number = 7
  list.entries = try (0..<50).map { number in
    let made = try authority.issue(CertificateRequest(name: "n\(number)", roles: [.reader], seconds: 600))
    return RevocationList.Entry(serial: made.certificate.serial, time: now - Int64(number))
  }
  let read = try RevocationList(pem: authority.sign(list), of: authority.certificate)
  #expect(read.number == 7 && Set(read.entries) == Set(list.entries) && read.entries.count == 50)
}

@Test func whatIsNoPEMIsRefused() throws {
  let authority = try Authority(name: "authority", seconds: 600)
  for bytes in [[], Array("hello".utf8), authority.key, Array(authority.certificate.pem.dropLast(60))] as [[UInt8]] {
    #expect(throws: CertificateError.self) { try Certificate(pem: bytes) }
    #expect(throws: CertificateError.self) { try RevocationList(pem: bytes, of: authority.certificate) }
  }
}
