import Documents
import Platform

/// Limits and the place of the helper programs.
public struct ReaderConfiguration: Sendable {
  public var programs = HelperPrograms()
  public var temporaryDirectory = "/tmp"
  public var helperLimits = ChildLimits()
  public var textBytes = 32 << 20
  /// Of a file that is not text.
  public var fileBytes = 512 << 20
  /// Of all files in an archive.
  public var unpackedBytes = 256 << 20
  /// A message has to have room for them (`WireLimits.maxRepeated`), or the journal's entry could not be read again.
  public var paragraphs = 65_536
  public var recognition = RecognitionConfiguration()

  public init() {}
}

/// What is to be read.
public struct Original: Sendable {
  public enum Source: Sendable {
    /// An absolute path.
    case file(String)
    case bytes([UInt8])
  }

  public var source: Source
  public var sha256: [UInt8]?
  public var mediaType: String?
  public var fileName: String
  public var givenSymbol: String?
  public var metadata: [String: String]

  /// `sha256` is computed here when not given. `metadata` may hold `state`, `session`, `year`, `date` (ISO day), `title`, `kind` and `language`,
  /// used for what the text itself does not state.
  public init(
    _ source: Source, sha256: [UInt8]? = nil, mediaType: String? = nil, fileName: String, givenSymbol: String? = nil,
    metadata: [String: String] = [:]
  ) {
    self.source = source
    self.sha256 = sha256
    self.mediaType = mediaType
    self.fileName = fileName
    self.givenSymbol = givenSymbol
    self.metadata = metadata
  }
}

/// The document, which of its fields could not be read, and the files that were attached to it.
public struct ReadingResult: Sendable {
  public var document: Document
  public var notes: [ReadingNote]
  public var attachments: [Member]
}

/// Reads originals: finds out the type, extracts text, reads the form of an official document.
public struct Reader: Sendable {
  private let configuration: ReaderConfiguration

  public init(_ configuration: ReaderConfiguration = ReaderConfiguration()) { self.configuration = configuration }

  /// Bytes of a mail whose attachments are more than a few.
  private static let largeMail = 4 << 20

  /// Whether much memory is needed for the files that are in this one. Throws `ReadingError`.
  public func holdsMuch(_ original: Original) throws(ReadingError) -> Bool {
    let bytes = try Bytes(original)
    let type = try type(of: original, bytes)
    return type == .zip || type == .mail && bytes.count > Self.largeMail
  }

  /// Whether `unpack` may find files in this one; it finds none in any other. Throws `ReadingError`.
  public func mayHoldFiles(_ original: Original) throws(ReadingError) -> Bool { try type(of: original, try Bytes(original)) == .zip }

  private func type(of original: Original, _ bytes: Bytes) throws(ReadingError) -> MediaType {
    try bytes.withBytes { (all) throws(ReadingError) in
      try MediaType.sniff(all, stated: original.mediaType, fileName: original.fileName)
    }
  }

  /// The files in an archive, which are papers of their own; nil for a file that is none. Cancelling the task stops the helper.
  /// Throws `ReadingError`.
  public func unpack(_ original: Original) async throws(ReadingError) -> [Member]? {
    if Task.isCancelled { throw .cancelled }
    let bytes = try Bytes(original)
    guard try type(of: original, bytes) == .zip, let directory = bytes.withBytes({ ZIPDirectory($0) }) else { return nil }
    try Unpacker.check(directory.entries, of: bytes.count, unpacked: configuration.unpackedBytes)
    var unpacker = Unpacker(configuration)
    // Each member has a header beside its bytes.
    unpacker.helper.limits.output = configuration.unpackedBytes + Unpacker.mostMembers * 1024
    let place = try Workplace(original.source, in: configuration.temporaryDirectory)
    return try await unpacker.members(directory.entries, in: place)
  }

  /// Reads one original; an archive is refused, see `unpack`. Cancelling the task stops the helper. Throws `ReadingError`.
  public func read(_ original: Original) async throws(ReadingError) -> ReadingResult {
    if Task.isCancelled { throw .cancelled }
    let bytes = try Bytes(original)
    let type = try type(of: original, bytes)
    let isText = type == .utf8 || type == .utf16
    let limit = isText ? configuration.textBytes : configuration.fileBytes
    guard bytes.count <= limit else { throw .tooLarge(isText ? .textBytes : .fileBytes, allowed: limit) }
    var extracted = try await Extraction(configuration).extract(type, original, bytes)
    extracted.metadata.merge(original.metadata) { $1 }
    let hash =
      original.sha256
      ?? bytes.withBytes { all in
        var hash = SHA256()
        hash.update(all)
        return hash.finish()
      }
    return try result(extracted, type, original, hash: hash, bytes: bytes.count)
  }

  /// Reads a text file's bytes, which takes no helper and no waiting; nil for any other. Throws `ReadingError`.
  package func readText(_ original: [UInt8]) throws(ReadingError) -> ReadingResult? {
    guard !original.isEmpty, original.count <= configuration.textBytes else { throw .empty }
    let (type, text) = try Bytes.memory(original).withBytes { (all) throws(ReadingError) in
      let type = try MediaType.sniff(all, stated: nil, fileName: "")
      return (type, type == .utf8 || type == .utf16 ? Hyphens.mended(try TextDecoding.decode(all, as: type)) : nil)
    }
    guard let text else { return nil }
    return try result(
      Extracted(text: text), type, Original(.bytes(original), fileName: ""), hash: SHA256.hash(original), bytes: original.count)
  }

  private func result(
    _ extracted: Extracted, _ type: MediaType, _ original: Original, hash: [UInt8], bytes: Int
  ) throws(ReadingError) -> ReadingResult {
    var form = Form(
      TextNormal.normalised(extracted.text),
      given: Form.Given(symbol: original.givenSymbol, metadata: extracted.metadata, marksParagraphs: extracted.marksParagraphs),
      notes: extracted.notes)
    try form.read(paragraphLimit: configuration.paragraphs)
    Language.assign(&form.document)
    Mentions.read(&form.document)
    let names = form.document.symbols.first.map { DocumentID.candidates(symbol: $0.text, language: form.document.language ?? "") }
    // A digest has 32 bytes, so the first 16 are there.
    form.document.id = names?.first ?? DocumentID(digest: hash)!
    form.document.originalSHA256 = hash
    form.document.originalBytes = UInt64(bytes)
    form.document.mediaType = type.name
    form.document.fileName = original.fileName
    form.document.metadata = extracted.metadata
    return ReadingResult(document: form.document, notes: form.notes, attachments: extracted.attachments)
  }
}

/// An original's bytes: a mapped file, or memory.
enum Bytes {
  case mapped(MappedFile)
  case memory([UInt8])

  /// Throws `unreadable` and `empty`.
  init(_ original: Original) throws(ReadingError) {
    switch original.source {
    case .file(let path): do throws(SystemError) { self = .mapped(try MappedFile(path)) } catch { throw .unreadable(error) }
    case .bytes(let bytes): self = .memory(bytes)
    }
    guard count > 0 else { throw .empty }
  }

  var count: Int {
    switch self {
    case .mapped(let file): file.bytes.count
    case .memory(let bytes): bytes.count
    }
  }

  var array: [UInt8] { withBytes { Array($0) } }

  func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    switch self {
    case .mapped(let file): try file.withBytes(body)
    case .memory(let bytes):
      // Array's own method does not keep the error's type.
      try bytes.withUnsafeBytes { all in Result { () throws(E) in try body(all) } }.get()
    }
  }
}
