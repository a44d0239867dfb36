import COpenSSL
import Platform

/// Where one side's certificate, its key and the authority that it trusts lie: paths of PEM files.
public struct TLSIdentity: Sendable, Hashable {
  /// This side's certificate, followed by any intermediate ones.
  public var certificateChain: String
  /// The certificate's private key.
  public var privateKey: String
  /// The authorities that sign the peers' certificates.
  public var authority: String
  /// What the authorities have revoked, a list of each that signs peers' certificates; nil = nothing is looked up.
  public var revocations: String?

  public init(certificateChain: String, privateKey: String, authority: String, revocations: String? = nil) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
    self.authority = authority
    self.revocations = revocations
  }

  /// All its files.
  public var paths: [String] { [certificateChain, privateKey, authority] + (revocations.map { [$0] } ?? []) }
}

/// What shows certificates and checks those of others.
public protocol CertificateUser: Sendable {
  /// Reads the files again. When this throws, what was read before stays in use.
  func reload() throws(TransportError)
  /// Ends the connections of peers whose certificates have ended at `now`, Unix seconds.
  func closeExpired(at now: Int64)
}

/// What every TLS session of one side has in common: TLS 1.3 only, both sides show a certificate, ALPN `chancery/1`, no session tickets.
///
/// Certificates are read once. To use new ones make a new context; sessions of the old one go on.
// Sound: SSL_CTX is counted and may be used by many threads (OpenSSL's documentation of SSL_new); nothing here changes after init.
package final class TLSContext: @unchecked Sendable {
  /// Which end of a connection the sessions are.
  package enum Side: Sendable { case client, server }

  /// Longest chain of certificates accepted between the peer's and the authority's.
  private static let maxChain: Int32 = 4
  /// AES-128 first: it is a third faster than AES-256, and 128 bits are beyond any search.
  private static let cipherSuites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
  /// Nil when memory ran out at the first use.
  static let memoryMethod = MemoryMethod()

  let pointer: OpaquePointer
  package let side: Side

  /// Reads the certificates that `identity` names. Throws when one cannot be read or does not fit its key.
  package init(_ identity: TLSIdentity, side: Side) throws(TransportError) {
    guard let pointer = SSL_CTX_new(TLS_method()) else { throw Self.failure("make", "a TLS context") }
    self.pointer = pointer
    self.side = side
    guard chancery_only_tls13(pointer) == 1, SSL_CTX_set_ciphersuites(pointer, Self.cipherSuites) == 1 else {
      throw Self.failure("set up", "TLS 1.3")
    }
    SSL_CTX_set_num_tickets(pointer, 0)
    chancery_no_session_cache(pointer)
    chancery_release_buffers(pointer)
    SSL_CTX_set_options(pointer, UInt64(chancery_options()))
    guard SSL_CTX_use_certificate_chain_file(pointer, identity.certificateChain) == 1 else {
      throw Self.failure("load certificate", identity.certificateChain)
    }
    guard SSL_CTX_use_PrivateKey_file(pointer, identity.privateKey, SSL_FILETYPE_PEM) == 1 else {
      throw Self.failure("load private key", identity.privateKey)
    }
    guard SSL_CTX_check_private_key(pointer) == 1 else {
      throw Self.failure("use private key \(identity.privateKey) with", identity.certificateChain)
    }
    guard SSL_CTX_load_verify_file(pointer, identity.authority) == 1 else { throw Self.failure("load authority", identity.authority) }
    if let revocations = identity.revocations, chancery_load_revocations(pointer, revocations) != 1 {
      throw Self.failure("load revocation list", revocations)
    }
    SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    SSL_CTX_set_verify_depth(pointer, Self.maxChain)
    switch side {
    case .server: chancery_serve_alpn(pointer)
    case .client: if chancery_offer_alpn(pointer) == 0 { throw Self.failure("offer", "chancery/1") }
    }
  }

  deinit { SSL_CTX_free(pointer) }

  /// Why a peer that is connected would be refused at `now`, Unix seconds; nil when it would not.
  func refusal(of peer: PeerCertificate, at now: Int64 = unixSeconds()) -> String? {
    let purpose = side == .server ? "ssl_client" : "ssl_server"
    let result = chancery_verify(pointer, peer.pointer, peer.chain, purpose, now)
    return result == X509_V_OK ? nil : "the peer's certificate is refused: \(TLSError.verificationText(Int(result)))"
  }

  private static func failure(_ operation: String, _ subject: String) -> TransportError {
    TransportError(operation, subject, reason: TLSError.reasonText(TLSError.takeErrors()))
  }
}

/// The kind of our memory BIO, made once and never freed.
// Sound: OpenSSL only reads a BIO_METHOD after it is made.
struct MemoryMethod: @unchecked Sendable {
  let pointer = chancery_memory_method()
}
