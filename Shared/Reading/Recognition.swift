import Platform

/// How pages that are pictures are read.
public struct RecognitionConfiguration: Sendable {
  public var isOn = true
  /// For one page: rendering it, and reading it once.
  public var pageLimits = ChildLimits(time: .seconds(60), processorSeconds: 60, addressSpace: 2 << 30, fileSize: 64 << 20)
  /// For all pages of a file; pages after it stay without text, and a note says which.
  public var time: Duration = .seconds(200)

  public init() {}
}

/// Reads pictures of pages with Tesseract: the script by its own detection, among Latin ones the language by the words that come out.
struct Recognition: Sendable {
  /// What came of the pages of one file.
  struct Result {
    /// The text of each page that was read.
    var pages: [Int: [UInt8]] = [:]
    /// How sure the reading of each is, 0–100, weighted by the length of words.
    var confidences: [Int: Int] = [:]
    var languages: Set<String> = []
    /// Why pages were not read.
    var failures: [Int: String] = [:]
  }

  /// Pixels of a rendered page's longer side: 300 an inch for A4.
  private static let longerSide = 3508
  /// Below it a page is looked at again: it may lie on its side, or be in another script than those before it.
  private static let doubtful = 60

  private let renderer: Helper
  private let reader: Helper
  private let configuration: RecognitionConfiguration

  init(_ configuration: ReaderConfiguration) {
    self.configuration = configuration.recognition
    let limits = configuration.recognition.pageLimits
    renderer = Helper(program: configuration.programs.pdftoppm, package: "poppler-utils", kind: "PDF", limits: limits)
    reader = Helper(program: configuration.programs.tesseract, package: "tesseract-ocr", kind: "picture", limits: limits)
  }

  /// Why nothing can be recognised on this machine; nil when it can.
  var obstacle: String? {
    if !configuration.isOn { return "recognition is switched off" }
    return Directory.exists(reader.program) ? nil : "Tesseract is not installed (package tesseract-ocr)"
  }

  /// Reads pages of a PDF, 1-based. Throws `cancelled`, and `ReadingError` when the machine is at fault.
  func pdf(_ pages: [Int], in place: borrowing Workplace) async throws(ReadingError) -> Result {
    var result = Result()
    var language: String?
    let end = ContinuousClock.now + configuration.time
    for page in pages {
      guard ContinuousClock.now < end else {
        result.failures[page] = "the time for one file was over"
        continue
      }
      let prefix = "\(place.directory)/page"
      do throws(ReadingError) {
        let (status, rendered) = try await renderer.run(
          ["-gray", "-scale-to", "\(Self.longerSide)", "-f", "\(page)", "-l", "\(page)", "-singlefile", place.original, prefix],
          in: place.directory, reading: [place.original])
        try PDFText.check(status, rendered)
        try await read("\(prefix).pgm", as: page, in: place.directory, &language, &result)
      } catch {
        if error == .cancelled || error.isHelperFault { throw error }
        result.failures[page] = error.description
      }
      try? Directory.remove("\(prefix).pgm")
    }
    return result
  }

  /// Reads a picture; of a TIFF all its pages. Throws `ReadingError`.
  func picture(in place: borrowing Workplace) async throws(ReadingError) -> Result {
    var result = Result()
    var language: String?
    try await read(place.original, as: 1, in: place.directory, &language, &result)
    // Tesseract calls it a success when it finds no page that it can open.
    guard !result.pages.isEmpty else { throw .damaged("picture", "it cannot be opened") }
    return result
  }

  private func read(
    _ picture: String, as page: Int, in directory: String, _ language: inout String?, _ result: inout Result
  ) async throws(ReadingError) {
    let asked: String
    if let language { asked = language } else { asked = try await script(picture, in: directory) }
    var best = try await words(picture, asked, in: directory)
    if asked == "eng", let found = Self.models[Language.detect(best.plainText) ?? ""], found != "eng" {
      best = try await words(picture, found, in: directory)
    }
    if best.confidence < Self.doubtful, language != nil {
      let other = try await script(picture, in: directory)
      if other != best.language {
        let again = try await words(picture, other, in: directory)
        if again.confidence > best.confidence { best = again }
      }
    }
    if best.confidence < Self.doubtful {
      // It may lie on its side or stand on its head.
      let turned = try await words(picture, best.language, in: directory, turning: true)
      if turned.confidence > best.confidence { best = turned }
    }
    if language == nil || best.confidence >= Self.doubtful { language = best.language }
    for (offset, layout) in best.pages.enumerated() {
      result.pages[page + offset] = layout.text
      result.confidences[page + offset] = layout.confidence
    }
    result.languages.insert(best.language)
  }

  /// Tesseract's models of the languages that the words can tell apart.
  private static let models = ["en": "eng", "fr": "fra", "es": "spa", "ru": "rus", "ar": "ara", "zh": "chi_sim"]

  /// The model for the script of a picture; English when there is too little to tell.
  private func script(_ picture: String, in directory: String) async throws(ReadingError) -> String {
    let (status, result) = try await run([picture, "stdout", "--psm", "0"], in: directory, reading: picture)
    guard status == 0 else { return "eng" }
    let text = String(decoding: result.output, as: UTF8.self)
    for (script, model) in [("Cyrillic", "rus"), ("Arabic", "ara"), ("Han", "chi_sim")] where text.contains("Script: \(script)") {
      return model
    }
    return "eng"
  }

  private struct Words {
    var language: String
    var pages: [RecognisedPage]
    var confidence: Int { pages.isEmpty ? 0 : pages.reduce(0) { $0 + $1.confidence } / pages.count }
    var plainText: [UInt8] { Array(pages.map(\.text).joined()) }
  }

  private func words(
    _ picture: String, _ language: String, in directory: String, turning: Bool = false
  ) async throws(ReadingError) -> Words {
    // 3: the page's layout is found out; 1: its orientation too.
    let (status, result) = try await run(
      [picture, "stdout", "-l", language, "--psm", turning ? "1" : "3", "tsv"], in: directory, reading: picture)
    if Helper.mentions(result.errorOutput, "Failed loading language") || Helper.mentions(result.errorOutput, "Error opening data file") {
      throw .helperMissing(program: reader.program, package: "tesseract-ocr-\(language.replacing("_", with: "-"))")
    }
    guard status == 0 else { throw .damaged("picture", "it cannot be opened") }
    return Words(
      language: language, pages: RecognisedPage.pages(result.output, isSpaced: language != "chi_sim", isLeftToRight: language != "ara"))
  }

  private func run(
    _ arguments: [String], in directory: String, reading picture: String
  ) async throws(ReadingError) -> (status: Int32, result: ChildResult) {
    // One thread: several pages are read side by side, each for another file.
    try await reader.run(arguments, in: directory, reading: [picture], environment: ["OMP_THREAD_LIMIT=1"])
  }
}

extension Recognition.Result {
  /// "1: 93, 2: 88", by page.
  var summary: String { confidences.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") }

  /// What the submitter is told.
  var notes: [ReadingNote] {
    var notes: [ReadingNote] = []
    if !confidences.isEmpty {
      let shown = String(summary.prefix(400))
      notes.append(
        ReadingNote(
          "text", "read from pictures in \(languages.sorted().joined(separator: ", ")); confidence of each page, of 100: \(shown)"))
    }
    for (reason, pages) in Dictionary(grouping: failures.keys, by: { failures[$0] ?? "" }).sorted(by: { $0.key < $1.key }) {
      let list = pages.sorted().prefix(50).map { "\($0)" }.joined(separator: ", ")
      notes.append(ReadingNote("text", "pages without text: \(list): \(reason)"))
    }
    return notes
  }
}
