import Documents
import Engine
import Platform
import Wire

/// Where an answer goes on: a place in the order of the hits, and to what it belongs. Opaque to callers; one that was made up asks for hits behind a place
/// that is none, and gets no more than anyone may ask for.
struct SearchCursor: Sendable, Hashable {
  private static let version: UInt8 = 1
  private static let length = 1 + 3 * 8 + DocumentID.length

  /// The generation that it was made from. By relevance it is a place in that one's answers only.
  let generation: UInt64
  /// Of the query and its order.
  private let fingerprint: UInt64
  let place: EngineCursor

  init(_ place: EngineCursor, _ request: SearchRequest, generation: UInt64) {
    self.generation = generation
    self.place = place
    fingerprint = Self.fingerprint(request)
  }

  /// Reads the request's cursor. Throws `invalid` when it is none, or belongs to another request.
  init(_ request: SearchRequest) throws(CallError) {
    let bytes = request.cursor
    guard bytes.count == Self.length, bytes[0] == Self.version else {
      throw CallError(
        .invalid, "this is no cursor of this version's; take the next_cursor of an answer as it is, or begin without", processed: .no)
    }
    func word(_ index: Int) -> UInt64 { bytes[(1 + 8 * index)...].prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
    generation = word(0)
    fingerprint = word(1)
    place = EngineCursor(key: Double(bitPattern: word(2)), id: Array(bytes.suffix(DocumentID.length)))
    guard fingerprint == Self.fingerprint(request), !place.key.isNaN else {
      throw CallError(.invalid, "the cursor belongs to another query or order; begin this one without a cursor", processed: .no)
    }
  }

  var bytes: [UInt8] {
    let words = [generation, fingerprint, place.key.bitPattern].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
    return [Self.version] + words + place.id
  }

  /// Of all in a request that its hits and their order depend on.
  private static func fingerprint(_ request: SearchRequest) -> UInt64 {
    var request = request
    (request.limit, request.offset, request.snippets, request.cursor) = (0, 0, 0, [])
    (request.facets, request.facetLimit) = ([], 0)
    if request.sort == "relevance" { request.sort = "" }
    return xxh3(request.encoded)
  }
}
