import COpenSSL

/// Why a TLS connection was refused or broke.
package struct TLSError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The reasons that an operator must be able to tell apart.
  package enum Kind: Sendable, Hashable {
    /// The bytes are not TLS at all, e.g. a plaintext HTTP request.
    case notTLS
    /// The peer does not speak TLS 1.3.
    case version
    /// The peer showed no certificate.
    case noCertificate
    /// The peer's certificate is not of our CA, has expired, or is otherwise not valid.
    case untrusted
    /// The server's certificate is for another host.
    case wrongHost
    /// The peer does not speak chancery/1 (ALPN).
    case application
    /// The peer refused us, with a TLS alert.
    case refused
    /// The handshake took too long.
    case timeout
    /// The connection ended without close_notify.
    case cutOff
    /// Any other failure of the TLS library.
    case failed
  }

  package let kind: Kind
  /// For people: what happened, with OpenSSL's own words.
  package let reason: String

  package var description: String { reason }
}

extension TLSError {
  /// The error that OpenSSL has just reported for `session`, which may say more of a certificate.
  static func last(_ session: OpaquePointer?) -> TLSError {
    let code = takeErrors()
    let text = code == 0 ? "the connection ended during TLS" : reasonText(code)
    switch chancery_reason(code) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return unverified(session)
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return TLSError(kind: .noCertificate, reason: "the peer showed no certificate")
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNKNOWN_PROTOCOL, SSL_R_VERSION_TOO_LOW:
      return TLSError(kind: .version, reason: "the peer does not speak TLS 1.3 (\(text))")
    case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
      return TLSError(kind: .notTLS, reason: "the peer spoke plaintext HTTP, not TLS")
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_BAD_RECORD_TYPE, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH:
      return TLSError(kind: .notTLS, reason: "the peer did not speak TLS (\(text))")
    // The only callback that fails is the one that finds no application protocol in a client's hello.
    case SSL_R_NO_APPLICATION_PROTOCOL, SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL, SSL_R_CALLBACK_FAILED:
      return TLSError(kind: .application, reason: "no application protocol in common; this side speaks chancery/1 only")
    case let reason where reason > SSL_AD_REASON_OFFSET:
      return TLSError(kind: .refused, reason: "the peer refused us: \(text)")
    default:
      return TLSError(kind: .failed, reason: text)
    }
  }

  private static func unverified(_ session: OpaquePointer?) -> TLSError {
    let result = session.map { SSL_get_verify_result($0) } ?? Int(X509_V_ERR_UNSPECIFIED)
    let text = verificationText(result)
    let isHost = result == Int(X509_V_ERR_HOSTNAME_MISMATCH) || result == Int(X509_V_ERR_IP_ADDRESS_MISMATCH)
    return TLSError(kind: isHost ? .wrongHost : .untrusted, reason: "the peer's certificate is refused: \(text)")
  }

  /// OpenSSL's text for the result of a verification.
  static func verificationText(_ result: Int) -> String {
    X509_verify_cert_error_string(result).map { String(cString: $0) } ?? "error \(result)"
  }

  /// The first error of the thread's queue, which names the cause; the queue is empty afterwards.
  static func takeErrors() -> UInt {
    let first = ERR_get_error()
    ERR_clear_error()
    return first
  }

  /// OpenSSL's text for an error code.
  static func reasonText(_ code: UInt) -> String {
    if code == 0 { return "no reason given" }
    if let text = ERR_reason_error_string(code) { return String(cString: text) }
    // So have alerts that no version of OpenSSL sends, but a peer may.
    let reason = chancery_reason(code)
    if reason > SSL_AD_REASON_OFFSET, reason <= SSL_AD_REASON_OFFSET + 255 { return "alert \(reason - SSL_AD_REASON_OFFSET)" }
    // Errors of the system (a missing file) have their number only.
    return chancery_system_error(code).map { String(cString: $0) } ?? "OpenSSL error \(code)"
  }
}
