import Platform
import Reading
import Store
import Transport
import Wire

/// A file that is to be registered: one that was submitted, or one that was in it.
struct Arrival: Sendable {
  var path: String
  var sha256: [UInt8]
  var size: UInt64
  var mediaType = ""
  var fileName: String
  var symbol = ""
  var metadata: [String: String]
  var distribution: String
  /// The SHA-256 of each archive and mail it was in.
  var containers: [[UInt8]] = []

  var isMember: Bool { !containers.isEmpty }

  var original: Original {
    Original(
      .file(path), sha256: sha256, mediaType: mediaType.isEmpty ? nil : mediaType, fileName: fileName,
      givenSymbol: symbol.isEmpty ? nil : symbol, metadata: metadata)
  }
}

/// What one submission has held so far, over all archives in it.
struct Holding {
  /// Files in a submission; archives and mail inside each other; bytes in all.
  static let mostMembers = 1_000
  static let deepest = 4
  static let mostBytes = 1 << 30

  let call: ServerCall
  var members = 0
  var bytes = 0
}

extension IngestHandler {
  /// Registers the files that were in another, each a document of its own that names in `container` what it was in. A refusal is one member's alone.
  func register(_ members: [Member], of container: Arrival, _ holding: inout Holding) async -> [SubmitReply] {
    var replies: [SubmitReply] = []
    for member in members where !Self.isMachinery(member.name) {
      holding.members += 1
      holding.bytes += member.bytes.count
      do throws(CallError) {
        replies += try await register(member, of: container, &holding)
      } catch { replies.append(SubmitReply(fileName: Self.shown(member.name), refusal: error.message)) }
      // The rest was not looked at: one line tells it. Of a call that was given up nobody reads the answer.
      if holding.members > Holding.mostMembers || Task.isCancelled { break }
    }
    return replies
  }

  private func register(_ member: Member, of container: Arrival, _ holding: inout Holding) async throws(CallError) -> [SubmitReply] {
    func refuse(_ code: ErrorCode, _ reason: String) -> CallError { CallError(code, reason, processed: .no) }
    guard holding.members <= Holding.mostMembers else {
      throw refuse(
        .tooLarge, "this file and those after it were not read: one submission may hold \(Holding.mostMembers) files; submit them apart")
    }
    guard holding.bytes <= Holding.mostBytes else {
      throw refuse(.tooLarge, "one submission may hold \(Holding.mostBytes) bytes when it is unpacked; submit the file apart")
    }
    guard container.containers.count < Holding.deepest else {
      throw refuse(.tooLarge, "the file is in more than \(Holding.deepest) archives inside each other; submit it apart")
    }
    guard let name = Self.safeName(member.name) else { throw refuse(.invalid, "its name leads out of the archive") }
    guard member.isWhole else {
      throw refuse(.invalid, "it is damaged: unpacked it does not have the length and checksum that the archive states")
    }
    guard !member.bytes.isEmpty else { throw refuse(.invalid, "the file is empty: there is nothing to register") }
    var spool = try Spool(originals.newTemporaryPath())
    let path = spool.path
    defer { try? Directory.remove(path) }
    try spool.append(member.bytes[...])
    let sha256 = try spool.finish()
    var metadata = container.metadata
    // Symbol, title and date that were given are those of the paper that was submitted, not of what was in it.
    for key in ["title", "date", "kind"] { metadata[key] = nil }
    metadata["container"] = [container.metadata["container"], container.fileName].compactMap { $0 }.joined(separator: "/")
    let arrival = Arrival(
      path: path, sha256: sha256, size: UInt64(member.bytes.count), fileName: name, metadata: metadata,
      distribution: container.distribution, containers: container.containers + [container.sha256])
    // There are archives that unpack to themselves. The lock of this one is held while its files are registered: it would be waited for without end.
    guard !arrival.containers.contains(sha256) else { throw refuse(.invalid, "it is the archive that it is in") }
    // What a refused archive held counts too, or there would be no end to it.
    let (result, after) = await locks.run(sha256) { [holding] () async in
      var holding = holding
      do throws(CallError) { return (Result<_, CallError>.success(try await self.register(arrival, &holding)), holding) } catch {
        return (.failure(error), holding)
      }
    }
    holding = after
    let reply = try result.get()
    var own = reply
    own.fileName = Self.shown(member.name)
    own.members = []
    // A list without levels: an archive in an archive is no paper.
    let inner = reply.members.map { inner in
      var inner = inner
      inner.fileName = Self.shown("\(member.name)/\(inner.fileName)")
      return inner
    }
    return (own.documentID.isEmpty ? [] : [own]) + inner
  }

  /// What archivers leave beside the files.
  private static func isMachinery(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    return name.hasSuffix("/") || parts.first == "__MACOSX"
      || parts.last.map { $0.hasPrefix(".") && $0 != ".." || $0 == "Thumbs.db" } ?? true
  }

  /// A name as the answer shows it, whose end tells most where it is long: a thousand must fit.
  private static func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { $0.value >= 0x20 && $0.value != 0x7f ? $0 : "\u{fffd}" }
    return (scalars.count > longestShown ? "…" : "") + String(String.UnicodeScalarView(scalars.suffix(longestShown)))
  }
  private static let longestShown = 200

  /// The name without folders; nil for one that leads out of the archive. It is only shown, and names no file here.
  private static func safeName(_ name: String) -> String? {
    let parts = name.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
    guard !name.hasPrefix("/"), !name.hasPrefix("\\"), !parts.contains(".."), let last = parts.last, !last.isEmpty else { return nil }
    return String(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.prefix(200).map(Character.init))
  }
}

extension SubmitReply {
  /// Bytes of an answer, below the longest frame that a peer must take.
  private static let longest = 900 << 10

  /// The answer, without what was noted of each file where it would be too long.
  var fitting: SubmitReply {
    guard encoded.count > Self.longest else { return self }
    var short = self
    for index in short.members.indices {
      short.members[index].notes = []
      short.members[index].symbols = Array(short.members[index].symbols.prefix(2))
    }
    short.notes = short.notes.prefix(100) + ["what was noted of each file is left out: the answer would be too long"]
    return short
  }
}
