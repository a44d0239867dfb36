import Documents
import Platform

/// Limits and the place of the helper programs.
public struct ReaderConfiguration: Sendable {
  /// poppler's pdftotext, an absolute path.
  public var helper = "/usr/bin/pdftotext"
  public var bubblewrap = "/usr/bin/bwrap"
  /// Whether to put the helper in a bubblewrap sandbox (no network, a file system of its own) when that works here.
  public var useBubblewrap = true
  public var temporaryDirectory = "/tmp"
  public var helperLimits = ChildLimits()
  public var textBytes = 32 << 20
  public var pdfBytes = 512 << 20
  public var paragraphs = 100_000

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

/// The document, and which of its fields could not be read.
public struct ReadingResult: Sendable {
  public var document: Document
  public var notes: [ReadingNote]
}

/// Reads originals: finds out the type, extracts text, reads the form of an official document.
public struct Reader: Sendable {
  private let configuration: ReaderConfiguration
  private let helper: PDFHelper

  public init(_ configuration: ReaderConfiguration = ReaderConfiguration()) {
    self.configuration = configuration
    helper = PDFHelper(configuration)
  }

  /// Finds out once whether bubblewrap works on this machine; until then PDFs are read under limits alone. Returns what protects the helper.
  @discardableResult
  public func prepare() async -> String { await helper.prepare() }

  /// Reads one original. Cancelling the task stops the helper. Throws `ReadingError`.
  public func read(_ original: Original) async throws(ReadingError) -> ReadingResult {
    let bytes: Bytes
    do throws(SystemError) { bytes = try Bytes(original.source) } catch { throw .unreadable(error) }
    guard bytes.count > 0 else { throw .empty }
    let type = try bytes.withBytes { (all) throws(ReadingError) in try MediaType.sniff(all, stated: original.mediaType) }
    let text: [UInt8]
    var notes: [ReadingNote] = []
    switch type {
    case .pdf:
      guard bytes.count <= configuration.pdfBytes else { throw .tooLarge(.pdfBytes, allowed: configuration.pdfBytes) }
      guard bytes.withBytes(PDFHelper.hasEndMarker) else {
        throw .damagedPDF("its end-of-file mark is missing, as when a file is cut short")
      }
      let printed = try await helper.text(of: original.source)
      guard printed.text.count <= configuration.textBytes else { throw .tooLarge(.textBytes, allowed: configuration.textBytes) }
      if printed.hasErrors { notes.append(ReadingNote("text", "the PDF breaks its format's rules in places; text may be missing")) }
      text = printed.text
    case .utf8, .utf16:
      guard bytes.count <= configuration.textBytes else { throw .tooLarge(.textBytes, allowed: configuration.textBytes) }
      text = try bytes.withBytes { (all) throws(ReadingError) in try TextDecoding.decode(all, as: type) }
    }
    let hash =
      original.sha256
      ?? bytes.withBytes { all in
        var hash = SHA256()
        hash.update(all)
        return hash.finish()
      }
    return try result(text, type, original, hash: hash, bytes: bytes.count, notes)
  }

  /// Reads a text file's bytes, which takes no helper and no waiting; nil for a PDF's. Throws `ReadingError`.
  package func readText(_ original: [UInt8]) throws(ReadingError) -> ReadingResult? {
    guard !original.isEmpty, original.count <= configuration.textBytes else { throw .empty }
    let (type, text) = try Bytes.memory(original).withBytes { (all) throws(ReadingError) in
      let type = try MediaType.sniff(all, stated: nil)
      return (type, type == .pdf ? [] : try TextDecoding.decode(all, as: type))
    }
    if type == .pdf { return nil }
    return try result(text, type, Original(.bytes(original), fileName: ""), hash: SHA256.hash(original), bytes: original.count, [])
  }

  private func result(
    _ text: [UInt8], _ type: MediaType, _ original: Original, hash: [UInt8], bytes: Int, _ notes: [ReadingNote]
  ) throws(ReadingError) -> ReadingResult {
    var form = Form(
      TextNormal.normalised(text), given: Form.Given(symbol: original.givenSymbol, metadata: original.metadata), notes: notes)
    try form.read(paragraphLimit: configuration.paragraphs)
    let first = form.document.symbols.first
    // A digest has 32 bytes, so the first 16 are there.
    form.document.id = DocumentID(digest: first.map { SHA256.hash(Array($0.text.utf8)) } ?? hash)!
    form.document.originalSHA256 = hash
    form.document.originalBytes = UInt64(bytes)
    form.document.mediaType = type.name
    form.document.fileName = original.fileName
    form.document.metadata = original.metadata
    return ReadingResult(document: form.document, notes: form.notes)
  }
}

/// An original's bytes: a mapped file, or memory.
private enum Bytes {
  case mapped(MappedFile)
  case memory([UInt8])

  init(_ source: Original.Source) throws(SystemError) {
    switch source {
    case .file(let path): self = .mapped(try MappedFile(path))
    case .bytes(let bytes): self = .memory(bytes)
    }
  }

  var count: Int {
    switch self {
    case .mapped(let file): file.bytes.count
    case .memory(let bytes): bytes.count
    }
  }

  func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    switch self {
    case .mapped(let file): try file.withBytes(body)
    case .memory(let bytes):
      // Array's own method does not keep the error's type.
      try bytes.withUnsafeBytes { all in Result { () throws(E) in try body(all) } }.get()
    }
  }
}
