import Certificates
import Foundation
import Platform
import Testing
import Wire

@testable import chancery

/// Runs `body` with an authority in a directory that goes afterwards.
private func withFolder(_ body: (String, CertificateFolder) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "chancery-certs-" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path, try CertificateFolder(making: "Test authority", seconds: 86_400 * 100, in: path))
}

private func request(_ name: String, days: Int64 = 10) -> CertificateRequest {
  CertificateRequest(name: name, roles: [.reader], clearance: .limited, seconds: days * 86_400)
}

@Test func aCertificateIsGoodUntilItIsReplacedRevokedOrCannotBeUsed() throws {
  try withFolder { path, folder in
    let first = try folder.issue(request("jane"))
    for name in ["joe", "ann", "eve"] { _ = try folder.issue(request(name)) }
    let second = try folder.issue(request("jane"))
    _ = try folder.revoke([try #require(try folder.certificate(of: "joe")).serial])
    try Directory.remove(path + "/ann.key")
    let other = try Authority(name: "Test authority", seconds: 86_400).issue(request("eve"))
    try Data(other.certificate.pem).write(to: URL(filePath: path + "/eve.pem"))
    let states = Dictionary(uniqueKeysWithValues: try folder.rows().map { ($0.certificate.serial, $0) })
    #expect(states[first.serial]?.state == .replaced && states[first.serial]?.file == nil)
    #expect(states[second.serial]?.state == .good && states[second.serial]?.file == path + "/jane.pem")
    #expect(states[other.certificate.serial]?.state == .foreign)
    #expect(try folder.rows().filter { $0.file != nil }.map(\.state.rawValue) == ["keyless", "foreign", "good", "revoked"])
    #expect(try folder.rows().count == 6)
    for name in ["ca", "jane"] {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name).key")[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).allSatisfy { !$0.hasSuffix(".new") })
  }
}

@Test func revokingAddsToTheListAndCountsIt() throws {
  try withFolder { path, folder in
    #expect(try folder.revocations() == RevocationList())
    let serials = try ["jane", "joe"].map { try folder.issue(request($0)).serial }
    #expect(try folder.revoke([serials[0]]).number == 2)
    #expect(try folder.revoke(serials).entries.map(\.serial) == serials)
    let read = try folder.revocations()
    #expect(read.number == 3 && Set(read.entries.map(\.serial)) == Set(serials))
    // A list that is lost begins anew.
    try Directory.remove(path + "/crl.pem")
    #expect(try folder.revoke([]).entries == [])
  }
}

@Test(arguments: ["ca", "crl", "", ".hidden", "a/b", "../x", "a b", String(repeating: "a", count: 65)])
func aNameThatIsNoNameOfAFileIsRefused(_ name: String) throws {
  try withFolder { path, folder in
    #expect(throws: CertificateError.self) { try folder.issue(request(name)) }
    #expect(!Directory.exists(path + "/issued"))
  }
}

@Test func anAuthorityIsNotOverwrittenAndWithoutItsKeySignsNothing() throws {
  let path = NSTemporaryDirectory() + "chancery-certs-" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: path) }
  #expect(throws: CertificateError.self) { try CertificateFolder(path) }
  let authority = try CertificateFolder(making: "one", seconds: 86_400, in: path).authority
  #expect(throws: CertificateError.self) { try CertificateFolder(making: "two", seconds: 86_400, in: path) }
  try Directory.rename(path + "/ca.key", path + "/ca.key.away")
  let folder = try CertificateFolder(path)
  #expect(folder.authority == authority)
  let error = try #require(throws: CertificateError.self) { try folder.issue(request("jane")) }
  #expect(error.description.contains("ca.key is needed to sign"))
}

@Test func aLifetimeIsDaysHoursOrMinutes() {
  #expect(Lifetime(argument: "397d")?.seconds == 397 * 86_400 && Lifetime(argument: "12h")?.seconds == 43_200)
  #expect(Lifetime(argument: "90m")?.seconds == 5400)
  for text in ["", "d", "0d", "-1d", "12", "1w", "1.5h", "99999999999999999999d", "100001d"] {
    #expect(Lifetime(argument: text) == nil, "\(text)")
  }
}
