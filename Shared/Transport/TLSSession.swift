import COpenSSL
import Wire

/// One TLS connection as a thing that turns ciphertext into plaintext and back: no sockets inside. Must stay on one event loop.
///
/// OpenSSL reads from and writes to the caller's buffers through a BIO over lent memory (`chancery_memory`), so that a record is not copied again on
/// its way in or out.
final class TLSSession {
  /// Largest plaintext of one record (RFC 8446, section 5.1).
  static let maxRecord = 16_384
  /// Bytes that are encrypted at once: the peer decrypts the first of many while we encrypt the next.
  static let batch = 3 * maxRecord
  /// Room for a flight of the handshake; more is lent when a certificate chain needs it.
  private static let handshakeRoom = 4096

  private let session: OpaquePointer
  private let memory: UnsafeMutablePointer<chancery_memory>

  /// - Parameter host: client: the host name or IP address that the server's certificate must be for.
  init(_ context: TLSContext, host: String?) throws(TLSError) {
    ERR_clear_error()
    guard let session = SSL_new(context.pointer) else { throw TLSError.last(nil) }
    memory = .allocate(capacity: 1)
    memory.initialize(to: chancery_memory())
    self.session = session
    guard let method = TLSContext.memoryMethod.pointer, chancery_attach(session, method, memory) == 1 else { throw TLSError.last(nil) }
    switch context.side {
    case .server: SSL_set_accept_state(session)
    case .client:
      SSL_set_connect_state(session)
      guard let host, !host.isEmpty, chancery_check_host(session, host) == 1 else {
        throw TLSError(kind: .wrongHost, reason: "no host name to check the server's certificate against")
      }
    }
  }

  deinit {
    SSL_free(session)
    memory.deallocate()
  }

  /// Who the peer is. Only after the handshake; the certificate was verified then.
  func peer() throws(TLSError) -> PeerIdentity {
    guard let certificate = SSL_get1_peer_certificate(session) else {
      throw TLSError(kind: .noCertificate, reason: "the peer showed no certificate")
    }
    return PeerIdentity(PeerCertificate(certificate, chain: chancery_peer_chain(session)))
  }

  /// Goes on with the handshake. What must be sent is appended to `output` even when this throws (the alert). What is left of `input` is for `decrypt`.
  /// - Returns: true when the handshake is done.
  func handshake(_ input: inout ArraySlice<UInt8>, output: inout [UInt8]) throws(TLSError) -> Bool {
    var room = Self.handshakeRoom
    while true {
      let start = output.count
      output.append(contentsOf: repeatElement(0, count: room))
      var written = 0
      let (outcome, read) = input.withUnsafeBytes { ciphertext in
        output.withUnsafeMutableBytes { output in
          run(ciphertext, output: .init(rebasing: output[start...]), &written) { SSL_do_handshake($0) }
        }
      }
      output.removeLast(room - written)
      input.removeFirst(read)
      switch outcome {
      case SSL_ERROR_NONE:
        guard chancery_has_alpn(session) == 1 else {
          throw TLSError(kind: .application, reason: "the peer named no application protocol; this side speaks chancery/1 only")
        }
        return true
      case SSL_ERROR_WANT_READ: return false
      // A long chain of certificates.
      case SSL_ERROR_WANT_WRITE: room *= 2
      default: throw TLSError.last(session)
      }
    }
  }

  /// What decrypting has come to.
  struct Decrypted {
    /// Bytes of the ciphertext that were taken. The rest is for the next call.
    var taken = 0
    /// Bytes of plaintext.
    var plain = 0
    /// Bytes that must be sent: an alert or a key update.
    var output = 0
    /// False when the peer has said close_notify.
    var isOpen = true
    var failure: TLSError?
  }

  /// Decrypts `input` into `plain`, as far as there is room.
  /// - Parameter records: how many are decrypted at most; a record may count twice when it began in an earlier read.
  func decrypt(
    _ input: UnsafeRawBufferPointer, records: Int, into plain: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
  )
    -> Decrypted
  {
    var result = Decrypted()
    var left = records
    while plain.count - result.plain >= Self.maxRecord {
      var count = 0
      let room = UnsafeMutableRawBufferPointer(rebasing: plain[result.plain...])
      let (outcome, taken) = run(
        UnsafeRawBufferPointer(rebasing: input[result.taken...]), output: .init(rebasing: output[result.output...]), &result.output
      ) { SSL_read_ex($0, room.baseAddress, room.count, &count) }
      result.taken += taken
      result.plain += count
      switch outcome {
      // Another call would only hear that there is nothing left, which costs as much as a small record.
      case SSL_ERROR_NONE:
        left -= 1
        if result.taken == input.count || left <= 0, SSL_pending(session) == 0 { return result }
      case SSL_ERROR_WANT_READ: return result
      case SSL_ERROR_ZERO_RETURN:
        result.isOpen = false
        return result
      default:
        result.failure = TLSError.last(session)
        return result
      }
    }
    return result
  }

  /// Encrypts `plain`, at most `batch` bytes, into as few records as can be.
  /// - Parameter output: has room for `batch` and what `batch` records are longer.
  /// - Returns: bytes of `output`.
  func encrypt(_ plain: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) throws(TLSError) -> Int {
    var written = 0
    var count = 0
    let (outcome, _) = run(.init(start: nil, count: 0), output: output, &count) {
      SSL_write_ex($0, plain.baseAddress, plain.count, &written)
    }
    if outcome != SSL_ERROR_NONE { throw TLSError.last(session) }
    return count
  }

  /// Says close_notify.
  /// - Returns: bytes of `output`.
  func close(output: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    _ = run(.init(start: nil, count: 0), output: output, &count) { SSL_shutdown($0) }
    ERR_clear_error()
    return count
  }

  /// Lends `input` and `output` to OpenSSL while `body` runs.
  /// - Parameter written: grows by the bytes of `output` that were written.
  /// - Returns: what SSL_get_error says, SSL_ERROR_NONE when it went well; and the bytes of `input` that were read.
  private func run(
    _ input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer, _ written: inout Int, _ body: (OpaquePointer) -> Int32
  ) -> (outcome: Int32, read: Int) {
    ERR_clear_error()
    memory.pointee = chancery_memory(
      in: input.baseAddress?.assumingMemoryBound(to: UInt8.self), in_left: input.count,
      out: output.baseAddress?.assumingMemoryBound(to: UInt8.self), out_used: 0, out_room: output.count)
    let result = body(session)
    let outcome = result == 1 ? SSL_ERROR_NONE : SSL_get_error(session, result)
    written += memory.pointee.out_used
    let read = input.count - memory.pointee.in_left
    // The buffers may move or go; OpenSSL must find nothing there until they are lent again.
    memory.pointee = chancery_memory()
    return (outcome, read)
  }
}

/// One step of a handshake, which may be done on another thread.
// Sound: who makes it leaves the session alone until the step has come back.
struct HandshakeStep: @unchecked Sendable {
  private let session: TLSSession
  /// What the peer sent; what the step has not taken.
  private(set) var input: ArraySlice<UInt8>
  /// What is to be sent, an alert too.
  private(set) var output: [UInt8] = []
  /// The peer once the handshake is done; nil while more must come.
  private(set) var result: Result<PeerIdentity?, TLSError> = .success(nil)

  init(session: TLSSession, input: ArraySlice<UInt8>) {
    self.session = session
    self.input = input
  }

  mutating func run() {
    do throws(TLSError) {
      let isDone = try session.handshake(&input, output: &output)
      result = .success(isDone ? try session.peer() : nil)
    } catch {
      result = .failure(error)
    }
  }
}
