import COpenSSL
import NIOCore
import Wire

/// One TLS connection as a thing that turns ciphertext into plaintext and back: no sockets inside. Must stay on one event loop.
///
/// OpenSSL reads from and writes to the caller's buffers through a BIO over lent memory (`chancery_memory`), so that a record is not copied again on
/// its way in or out.
final class TLSSession {
  /// Largest plaintext of one record (RFC 8446, section 5.1).
  static let maxRecord = 16_384
  /// What a record is longer than its plaintext at most with the suites in use: header 5, content type 1, tag 16.
  static let recordOverhead = 22
  /// Room for what OpenSSL itself may want to say while it reads: an alert or a key update.
  private static let controlRoom = 64
  /// Room for a flight of the handshake; more is lent when a certificate chain needs it.
  private static let handshakeRoom = 4096
  /// Room for the plaintext of a record that began in an earlier read.
  private static let leastRoom = 256

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

  /// Goes on with the handshake. What must be sent is in `output` even when this throws (the alert).
  /// - Returns: true when the handshake is done.
  func handshake(_ input: inout ByteBuffer, output: inout ByteBuffer) throws(TLSError) -> Bool {
    switch run(&input, output: &output, room: Self.handshakeRoom, { SSL_do_handshake($0) }) {
    case SSL_ERROR_NONE:
      guard chancery_has_alpn(session) == 1 else {
        throw TLSError(kind: .application, reason: "the peer named no application protocol; this side speaks chancery/1 only")
      }
      return true
    case SSL_ERROR_WANT_READ: return false
    default: throw TLSError.last(session)
    }
  }

  /// Decrypts `input` and appends the plaintext to `plain`. What is left of `input` is for the next call.
  /// - Parameter records: how many are decrypted at most; a record may count twice when it began in an earlier read.
  /// - Returns: false when the peer has said close_notify.
  func decrypt(_ input: inout ByteBuffer, records: Int, into plain: inout ByteBuffer, output: inout ByteBuffer) throws(TLSError) -> Bool {
    var left = records
    while true {
      // A record that began in an earlier read may end here: its plaintext is longer than the input.
      // What does not fit is read in the next turn.
      plain.reserveCapacity(minimumWritableBytes: max(Self.leastRoom, input.readableBytes))
      var count = 0
      let result = run(&input, output: &output, room: Self.controlRoom) { session in
        plain.withUnsafeMutableWritableBytes { SSL_read_ex(session, $0.baseAddress, $0.count, &count) }
      }
      plain.moveWriterIndex(forwardBy: count)
      switch result {
      // Another call would only hear that there is nothing left, which costs as much as a small record.
      case SSL_ERROR_NONE:
        left -= 1
        if input.readableBytes == 0 || left <= 0, SSL_pending(session) == 0 { return true }
      case SSL_ERROR_WANT_READ: return true
      case SSL_ERROR_ZERO_RETURN: return false
      default: throw TLSError.last(session)
      }
    }
  }

  /// Encrypts `plain` into as few records as can be and appends them to `output`.
  func encrypt(_ plain: ByteBuffer, output: inout ByteBuffer) throws(TLSError) {
    if plain.readableBytes == 0 { return }
    var nothing = ByteBuffer()
    let records = plain.readableBytes / Self.maxRecord + 1
    let result = run(&nothing, output: &output, room: plain.readableBytes + records * Self.recordOverhead + Self.controlRoom) { session in
      var written = 0
      return plain.withUnsafeReadableBytes { SSL_write_ex(session, $0.baseAddress, $0.count, &written) }
    }
    if result != SSL_ERROR_NONE { throw TLSError.last(session) }
  }

  /// Appends close_notify to `output`.
  func close(output: inout ByteBuffer) {
    var nothing = ByteBuffer()
    _ = run(&nothing, output: &output, room: Self.controlRoom) { SSL_shutdown($0) }
    ERR_clear_error()
  }

  /// Lends `input` and `room` bytes of `output` to OpenSSL while `body` runs, again with more room when that was too little.
  /// - Returns: what SSL_get_error says; SSL_ERROR_NONE when it went well.
  private func run(
    _ input: inout ByteBuffer, output: inout ByteBuffer, room: Int, _ body: (OpaquePointer) -> Int32
  ) -> Int32 {
    while true {
      ERR_clear_error()
      var outcome: Int32 = 0
      input.readWithUnsafeReadableBytes { ciphertext in
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { free in
          memory.pointee = chancery_memory(
            in: ciphertext.baseAddress?.assumingMemoryBound(to: UInt8.self), in_left: ciphertext.count,
            out: free.baseAddress?.assumingMemoryBound(to: UInt8.self), out_used: 0, out_room: free.count)
          let result = body(session)
          outcome = result == 1 ? SSL_ERROR_NONE : SSL_get_error(session, result)
          return memory.pointee.out_used
        }
        return ciphertext.count - memory.pointee.in_left
      }
      // The buffers may move or go; OpenSSL must find nothing there until they are lent again.
      memory.pointee = chancery_memory()
      if outcome != SSL_ERROR_WANT_WRITE { return outcome }
    }
  }
}

/// One step of a handshake, which may be done on another thread.
// Sound: who makes it leaves the session alone until the step has come back.
struct HandshakeStep: @unchecked Sendable {
  private let session: TLSSession
  /// What the peer sent; what the step has not taken.
  private(set) var input: ByteBuffer
  /// What is to be sent, an alert too.
  private(set) var output = ByteBuffer()
  /// The peer once the handshake is done; nil while more must come.
  private(set) var result: Result<PeerIdentity?, TLSError> = .success(nil)

  init(session: TLSSession, input: ByteBuffer) {
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
