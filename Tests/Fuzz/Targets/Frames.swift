import Wire

/// What a parser made of bytes: whole frames, DATA joined, and how it ended.
private struct Parsed: Equatable {
  var frames: [FrameHeader] = []
  var bodies: [[UInt8]] = []
  var error: FrameError?
  var isAtBoundary = true

  init(_ pieces: some Sequence<ArraySlice<UInt8>>, limit: UInt32) throws(Broken) {
    var parser = FrameParser(maxFrameLength: limit)
    for piece in pieces {
      var rest = piece
      do throws(FrameError) {
        while let output = try parser.next(&rest) {
          switch output {
          case .frame(let header, let body):
            frames.append(header)
            bodies.append(Array(body))
          case .data(let header, let piece, let isFirst):
            if isFirst {
              frames.append(header)
              bodies.append([])
            }
            bodies[bodies.count - 1] += piece
          case .skipped: break
          }
        }
      } catch {
        self.error = error
        return
      }
      try require(rest.isEmpty, "the parser takes all bytes when it asks for more")
    }
    isAtBoundary = parser.isAtBoundary
  }
}

/// Any split of the bytes gives the same frames and the same error; no body is longer than the limit; frames written again are the bytes they were read from.
/// Input: seed of the cuts, limit in 64 bytes, frames.
func checkFrames(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  let seed = choices.byte()
  let limit = UInt32(choices.byte()) * 64
  let input = choices.rest
  let whole = try Parsed(CollectionOfOne(input), limit: limit)
  let split = try Parsed(Cuts(input, seed: seed), limit: limit)
  try require(whole == split, "any split of the bytes gives the same frames")
  try require(whole.bodies.allSatisfy { $0.count <= limit }, "no body is longer than the limit")
  var written: [UInt8] = []
  for (header, body) in zip(whole.frames, whole.bodies) {
    header.encode(into: &written)
    written += body
  }
  try require(written.count <= input.count, "no byte comes from nowhere")
  let skipped = input.count > written.count
  try require(skipped || written[...] == input, "frames written again are the bytes they were read from")
}
