import Wire

extension WireMessage {
  /// Reads a request's body. Throws `invalid`, naming the place, when it is no message of this kind.
  public init(request body: ArraySlice<UInt8>) throws(CallError) {
    do throws(CodecError) { try self.init(decoding: body) } catch {
      throw CallError(.invalid, "the request's body cannot be decoded: \(error)", processed: .no)
    }
  }

  /// Reads a reply's body. Throws `internal` when it is no message of this kind.
  public init(reply body: ArraySlice<UInt8>) throws(CallError) {
    do throws(CodecError) { try self.init(decoding: body) } catch {
      throw CallError(.internal, "the reply's body cannot be decoded: \(error)", processed: .yes)
    }
  }
}

extension ServerCall {
  /// Answers with a message; with `last: false` DATA follows.
  public func reply(_ message: some WireMessage, last: Bool = true) { reply(message.encoded, last: last) }
}
