import Wire

/// Every message of docs/chancery.proto. The corpus names them by their place: new ones go to the end.
private let messages: [any WireMessage.Type] = [
  HelloMessage.self, Request.self, ErrorMessage.self, ErrorDetail.self, Credit.self, GoAway.self, Ping.self, DocumentMessage.self,
  SessionMessage.self, AgendaItemMessage.self, PartyMessage.self, SignatoryMessage.self, ParagraphMessage.self, HealthRequest.self,
  HealthReply.self, StatusRequest.self, StatusReply.self, Figure.self, SubmitRequest.self, SubmitReply.self, GetOriginalRequest.self,
  GetOriginalReply.self, ReadJournalRequest.self, ReadJournalReply.self, JournalEntry.self, DeleteRequest.self, DeleteReply.self,
  WatchManifestRequest.self, WatchManifestReply.self, ManifestMessage.self, SegmentEntry.self, GetObjectRequest.self, GetObjectReply.self,
  ListObjectsRequest.self, ListObjectsReply.self, ObjectEntry.self, VerifyRequest.self, VerifyReply.self, SearchRequest.self,
  SearchReply.self, Hit.self, Snippet.self, Highlight.self, Facet.self, FacetValue.self, GetRequest.self, GetReply.self,
  SuggestRequest.self, SuggestReply.self, TraceRequest.self, TraceReply.self, SpanMessage.self, ExplainRequest.self,
  ExplainReply.self, ExplainStep.self, FieldReadingMessage.self, TextSpanMessage.self, CitationMessage.self, MentionMessage.self,
  AnnexMessage.self,
]

/// Bytes are a message or an error inside them, and what was read and written once is read and written alike ever after.
/// Input: the message's number, its bytes.
func checkMessages(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  let number = Int(choices.byte())
  if number < messages.count { try checkMessage(messages[number], choices.rest) }
}

private func checkMessage<M: WireMessage>(_ type: M.Type, _ bytes: ArraySlice<UInt8>) throws(Broken) {
  let message: M
  do throws(CodecError) { message = try M(decoding: bytes) } catch {
    return try require((0...bytes.count).contains(error.offset), "an error's place lies in the message, not at \(error.offset)")
  }
  let written = message.encoded
  // A field of its default value is left out, a varint is written as short as it can be, an empty message in a field takes two bytes.
  try require(written.count <= bytes.count, "a message is not longer than the bytes it was read from: \(written.count)")
  let again: M
  do throws(CodecError) { again = try M(decoding: written) } catch {
    throw Broken(description: "a message that was written can be read: \(error)")
  }
  try require(again.encoded == written, "a message that was written is written alike again")
}

/// Any split of the bytes gives the same messages, and no more is held than one message.
/// Input: seed of the cuts, which message, the stream.
func checkDelimited(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  let seed = choices.byte()
  switch choices.byte() % 3 {
  case 0: try checkDelimited(Credit.self, choices.rest, seed)
  case 1: try checkDelimited(JournalEntry.self, choices.rest, seed)
  default: try checkDelimited(ManifestMessage.self, choices.rest, seed)
  }
}

private struct Delimited<M: WireMessage>: Equatable {
  static var limit: Int { 1000 }
  var messages: [M] = []
  var error: CodecError?
  var held = 0

  init(_ pieces: some Sequence<ArraySlice<UInt8>>) throws(Broken) {
    var decoder = DelimitedDecoder<M>(maxLength: Self.limit)
    for piece in pieces {
      decoder.push(piece)
      do throws(CodecError) { while let message = try decoder.next() { messages.append(message) } } catch {
        self.error = error
        return
      }
      // A length has five bytes at the most.
      try require(decoder.heldBytes < Self.limit + 5, "no more is held than one message")
    }
    held = decoder.heldBytes
  }
}

private func checkDelimited<M: WireMessage>(_ type: M.Type, _ bytes: ArraySlice<UInt8>, _ seed: UInt8) throws(Broken) {
  let whole = try Delimited<M>(CollectionOfOne(bytes))
  let split = try Delimited<M>(Cuts(bytes, seed: seed))
  try require(whole == split, "any split of the bytes gives the same messages")
  var decoder = DelimitedDecoder<M>(maxLength: 1 << 20)
  for message in whole.messages {
    decoder.push(delimited(message)[...])
    let again = Result { () throws(CodecError) in try decoder.next() }
    try require((try? again.get())?.encoded == message.encoded, "a message that was written is read again")
  }
}
