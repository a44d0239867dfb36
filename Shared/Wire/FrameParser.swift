/// A frame that the connection cannot go on after.
public enum FrameError: Error, Sendable, Hashable {
  /// The header claims a body longer than the limit. Nothing of the body was buffered.
  case tooLong(kind: UInt8, length: UInt32, limit: UInt32)
  /// A kind we do not know, without the `ignorable` flag.
  case unknownKind(UInt8)
}

/// Cuts a stream of bytes, in whatever pieces they come, into frames.
///
/// DATA bodies are passed on piece by piece as they arrive and are never held. Bodies of other kinds are held until whole; a body that lies
/// whole in one piece of input is a slice of it, not a copy, which keeps all of that piece alive: who holds a small one for long makes it his
/// own (`tight`). At most 16 + the limit bytes are held, and no more than have come.
public struct FrameParser: Sendable {
  /// What the parser found.
  public enum Output: Sendable, Hashable {
    /// A whole frame of any known kind but DATA.
    case frame(FrameHeader, body: ArraySlice<UInt8>)
    /// Bytes of a DATA frame; `isFirst` for the first piece of the frame, which may be empty only if the whole frame is.
    case data(FrameHeader, piece: ArraySlice<UInt8>, isFirst: Bool)
    /// A frame of a kind that is not known and may be skipped, whose body is passed over.
    case skipped(FrameHeader)
  }

  /// Largest body accepted, in bytes (control kinds have the smaller limit of `WireLimits.maxControlLength`).
  public var maxFrameLength: UInt32

  private enum State {
    case header
    case body(FrameHeader)
    case data(FrameHeader, remaining: Int, isFirst: Bool)
    case skip(remaining: Int)
  }
  private var state = State.header
  private var held: [UInt8] = []

  public init(maxFrameLength: UInt32 = WireLimits.maxControlLength) { self.maxFrameLength = maxFrameLength }

  /// True while a header or body of a kind other than DATA has begun and is not whole.
  public var isInsideFrame: Bool {
    switch state {
    case .header: !held.isEmpty
    case .body, .skip: true
    case .data: false
    }
  }

  /// True when all bytes so far made whole frames.
  public var isAtBoundary: Bool {
    if case .header = state { return held.isEmpty }
    return false
  }

  /// Takes bytes off the front of `input` up to the end of the next frame or DATA piece. Nil when `input` is used up and more bytes are
  /// needed.
  public mutating func next(_ input: inout ArraySlice<UInt8>) throws(FrameError) -> Output? {
    while true {
      switch state {
      case .header:
        guard let header = header(from: &input) else { return nil }
        if let whole = try begin(header) { return whole }
      case .body(let header):
        guard let body = collect(Int(header.length), from: &input) else { return nil }
        state = .header
        return .frame(header, body: body)
      case .data(let header, let remaining, let isFirst):
        if input.isEmpty { return nil }
        let count = min(remaining, input.count)
        let piece = input.prefix(count)
        input.removeFirst(count)
        state = count == remaining ? .header : .data(header, remaining: remaining - count, isFirst: false)
        return .data(header, piece: piece, isFirst: isFirst)
      case .skip(let remaining):
        let count = min(remaining, input.count)
        input.removeFirst(count)
        if count < remaining {
          state = .skip(remaining: remaining - count)
          return nil
        }
        state = .header
      }
    }
  }

  /// Chooses what follows a header; a frame without a body is whole at once, and of one that is skipped the body does not matter.
  private mutating func begin(_ header: FrameHeader) throws(FrameError) -> Output? {
    guard let kind = header.kind else {
      guard header.flags.contains(.ignorable) else { throw .unknownKind(header.kindNumber) }
      try check(header, limit: maxFrameLength)
      state = header.length == 0 ? .header : .skip(remaining: Int(header.length))
      return .skipped(header)
    }
    try check(header, limit: kind.maxLength(negotiated: maxFrameLength))
    if header.length == 0 {
      state = .header
      return kind == .data ? .data(header, piece: [], isFirst: true) : .frame(header, body: [])
    }
    state = kind == .data ? .data(header, remaining: Int(header.length), isFirst: true) : .body(header)
    return nil
  }

  private func check(_ header: FrameHeader, limit: UInt32) throws(FrameError) {
    if header.length > limit { throw .tooLong(kind: header.kindNumber, length: header.length, limit: limit) }
  }

  private mutating func header(from input: inout ArraySlice<UInt8>) -> FrameHeader? {
    if held.isEmpty, input.count >= FrameHeader.length {
      let header = FrameHeader(input)
      input.removeFirst(FrameHeader.length)
      return header
    }
    return collect(FrameHeader.length, from: &input).map { FrameHeader($0) }
  }

  /// `count` bytes in one piece: from `input` alone when they are all there, else joined with those held.
  private mutating func collect(_ count: Int, from input: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if held.isEmpty, input.count >= count {
      let bytes = input.prefix(count)
      input.removeFirst(count)
      return bytes
    }
    let taken = min(count - held.count, input.count)
    held.append(contentsOf: input.prefix(taken))
    input.removeFirst(taken)
    if held.count < count { return nil }
    let bytes = held[...]
    held = []
    return bytes
  }
}

extension ArraySlice<UInt8> {
  /// These bytes for somebody who may hold them for long: a slice keeps the whole array that it was cut from alive, so one that is small beside its array
  /// is copied. What is kept alive is never more than about four times what was received.
  /// - Parameter end: the end of the array.
  func tight(within end: Int) -> ArraySlice { count * 4 < end ? ArraySlice(Array(self)) : self }
}
