import Platform
import Transport
import Wire

extension CallError {
  /// What a caller is told when the store fails.
  public init(storing error: StoreError) {
    switch error {
    case .system(let reason) where reason.isFull:
      self.init(
        .unavailable, "the disk is full: nothing was kept; free space on the service's machine and send again", retryable: true,
        processed: .no)
    case .missing(let name): self.init(.notFound, "there is no object \(name)", processed: .no)
    case .badName(let name): self.init(.invalid, "\(name) is not an object name", processed: .no)
    case .tooLarge: self.init(.tooLarge, error.description, processed: .no)
    case .unreachable, .closed: self.init(.unavailable, error.description, retryable: true)
    default: self.init(.internal, error.description)
    }
  }
}

extension ServerCall {
  /// Bytes of an object that are read at a time while it is sent.
  private static let transferBytes: UInt64 = 256 << 10

  /// Sends bytes of an object as DATA after `reply(last: false)`, never holding more than a small part of it.
  public func send(_ range: Range<UInt64>, of name: String, in store: some ObjectStore) async throws(CallError) {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let piece: [UInt8]
      do throws(StoreError) { piece = try await store.get(name, offset..<min(offset + Self.transferBytes, range.upperBound)) } catch {
        throw CallError(storing: error)
      }
      guard !piece.isEmpty else { throw CallError(.internal, "the object \(name) is shorter than it was", retryable: true) }
      try await send(piece)
      offset += UInt64(piece.count)
    }
  }

  /// Answers GetObject from a store.
  public func sendObject(from store: some ObjectStore) async throws(CallError) {
    let request = try GetObjectRequest(request: body)
    let size: UInt64
    do throws(StoreError) { size = try await store.size(request.name) } catch { throw CallError(storing: error) }
    guard request.offset <= size else {
      throw CallError(.invalid, "offset \(request.offset) lies past the object's \(size) bytes", processed: .no)
    }
    let length = request.length == 0 ? size - request.offset : min(request.length, size - request.offset)
    reply(GetObjectReply(size: size, offset: request.offset, length: length), last: false)
    try await send(request.offset..<request.offset + length, of: request.name, in: store)
    finish()
  }

  /// Answers ListObjects from a store.
  public func listObjects(from store: some ObjectStore) async throws(CallError) {
    let request = try ListObjectsRequest(request: body)
    let limit = request.limit == 0 ? 1000 : min(Int(request.limit), 10_000)
    let found: [StoredObject]
    do throws(StoreError) { found = try await store.list(request.prefix, after: request.after, limit: limit + 1) } catch {
      throw CallError(storing: error)
    }
    reply(ListObjectsReply(objects: found.prefix(limit).map { ObjectEntry(name: $0.name, size: $0.size) }, more: found.count > limit))
  }
}
