import Platform

/// How pages that are pictures are read.
public struct RecognitionConfiguration: Sendable {
  public var isOn = true
  /// For one page: rendering it, and reading it once.
  public var pageLimits = ChildLimits(time: .seconds(60), processorSeconds: 60, addressSpace: 2 << 30, fileSize: 64 << 20)
  /// For all pages of a file; pages after it stay without text, and a note says which.
  public var time: Duration = .seconds(200)
  /// Pages of a file that are looked at, blank ones too; those after them stay without text likewise.
  public var pages = 1000

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

  /// What is done with one file: where, until when, in which language its last page was, and what came of it.
  private struct Work {
    let directory: String
    let end: ContinuousClock.Instant
    var language: String?
    var result = Result()
    var isOver: Bool { ContinuousClock.now >= end }

    init(in directory: String, for time: Duration) {
      self.directory = directory
      end = .now + time
    }
  }

  /// Reads pages of a PDF, 1-based; those without ink have no text. Throws `cancelled`, and `ReadingError` when the machine is at fault.
  func pdf(_ pages: [Int], in place: borrowing Workplace) async throws(ReadingError) -> Result {
    var work = Work(in: place.directory, for: configuration.time)
    for page in pages.dropFirst(configuration.pages) { work.result.failures[page] = "of one file \(configuration.pages) are looked at" }
    var rest = pages.prefix(configuration.pages)
    // Looking takes time, which scans without a blank page need not spend.
    var looks = true
    while let first = rest.first {
      let row = zip(rest, first..<first + Self.longestRow).prefix { $0 == $1 }.map(\.0)
      rest = rest.dropFirst(row.count)
      let blank = looks ? try await blankPages(row, place.original, work) : []
      looks = !blank.isEmpty
      for page in row where !blank.contains(page) {
        try await read(page, of: place.original, &work)
        if work.result.pages[page]?.isEmpty == true { looks = true }
      }
    }
    return work.result
  }

  /// Those of `pages`, which follow each other, that have no ink; none when their pictures cannot be made.
  private func blankPages(_ pages: [Int], _ original: String, _ work: Work) async throws(ReadingError) -> Set<Int> {
    guard !work.isOver else { return [] }
    var renderer = renderer
    renderer.limits.processorSeconds = Self.longestLook
    do throws(ReadingError) {
      let (_, rendered) = try await run(
        renderer, ["-gray", "-scale-to", "\(BlankPages.longerSide)", "-f", "\(pages[0])", "-l", "\(pages[0] + pages.count - 1)", original],
        reading: original, work)
      let blank = BlankPages.find(rendered.output)
      // Without one of the pictures nobody knows which the others are of.
      guard blank.count == pages.count else { return [] }
      return Set(zip(pages, blank).filter(\.1).map(\.0))
    } catch {
      if error == .cancelled || error.isHelperFault { throw error }
      return []
    }
  }

  private func read(_ page: Int, of original: String, _ work: inout Work) async throws(ReadingError) {
    guard !work.isOver else {
      work.result.failures[page] = Self.late
      return
    }
    let prefix = "\(work.directory)/page"
    do throws(ReadingError) {
      let (status, rendered) = try await run(
        renderer, ["-gray", "-scale-to", "\(Self.longerSide)", "-f", "\(page)", "-l", "\(page)", "-singlefile", original, prefix],
        reading: original, work)
      try PDFText.check(status, rendered)
      try await read("\(prefix).pgm", as: page, &work)
    } catch {
      if error == .cancelled || error.isHelperFault { throw error }
      work.result.failures[page] = work.isOver ? Self.late : error.description
    }
    try? Directory.remove("\(prefix).pgm")
  }

  private static let late = "the time for one file was over"
  /// Pages that are looked at together, and for how many seconds of the processor; after that they may have ink.
  private static let longestRow = 20
  private static let longestLook = 10

  /// Reads a picture; of a TIFF all its pages. Throws `ReadingError`.
  func picture(in place: borrowing Workplace) async throws(ReadingError) -> Result {
    var work = Work(in: place.directory, for: configuration.time)
    try await read(place.original, as: 1, &work)
    // Tesseract calls it a success when it finds no page that it can open.
    guard !work.result.pages.isEmpty else { throw .damaged("picture", "it cannot be opened") }
    return work.result
  }

  private func read(_ picture: String, as page: Int, _ work: inout Work) async throws(ReadingError) {
    let asked: String
    if let language = work.language { asked = language } else { asked = try await script(picture, work) }
    var best = try await words(picture, asked, work)
    if asked == "eng", let found = Self.models[Language.detect(best.plainText) ?? ""], found != "eng", !work.isOver {
      best = try await words(picture, found, work)
    }
    if best.confidence < Self.doubtful, work.language != nil, !work.isOver {
      let other = try await script(picture, work)
      if other != best.language, !work.isOver {
        let again = try await words(picture, other, work)
        if again.confidence > best.confidence { best = again }
      }
    }
    if best.confidence < Self.doubtful, !work.isOver {
      // It may lie on its side or stand on its head.
      let turned = try await words(picture, best.language, work, turning: true)
      if turned.confidence > best.confidence { best = turned }
    }
    if work.language == nil || best.confidence >= Self.doubtful { work.language = best.language }
    for (offset, layout) in best.pages.enumerated() {
      work.result.pages[page + offset] = layout.text
      work.result.confidences[page + offset] = layout.confidence
    }
    work.result.languages.insert(best.language)
  }

  /// Tesseract's models of the languages that the words can tell apart.
  private static let models = ["en": "eng", "fr": "fra", "es": "spa", "ru": "rus", "ar": "ara", "zh": "chi_sim"]

  /// The model for the script of a picture; English when there is too little to tell.
  private func script(_ picture: String, _ work: Work) async throws(ReadingError) -> String {
    let (status, result) = try await run(reader, [picture, "stdout", "--psm", "0"], reading: picture, work)
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

  private func words(_ picture: String, _ language: String, _ work: Work, turning: Bool = false) async throws(ReadingError) -> Words {
    // 3: the page's layout is found out; 1: its orientation too.
    let (status, result) = try await run(
      reader, [picture, "stdout", "-l", language, "--psm", turning ? "1" : "3", "tsv"], reading: picture, work)
    if Helper.mentions(result.errorOutput, "Failed loading language") || Helper.mentions(result.errorOutput, "Error opening data file") {
      throw .helperMissing(program: reader.program, package: "tesseract-ocr-\(language.replacing("_", with: "-"))")
    }
    guard status == 0 else { throw .damaged("picture", "it cannot be opened") }
    return Words(
      language: language, pages: RecognisedPage.pages(result.output, isSpaced: language != "chi_sim", isLeftToRight: language != "ara"))
  }

  /// Runs a helper, no longer than there is time for the file.
  private func run(
    _ helper: Helper, _ arguments: [String], reading original: String, _ work: Work
  ) async throws(ReadingError) -> (status: Int32, result: ChildResult) {
    var helper = helper
    helper.limits.time = max(.milliseconds(1), min(helper.limits.time, work.end - .now))
    // One thread: several pages are read side by side, each for another file.
    return try await helper.run(arguments, in: work.directory, reading: [original], environment: ["OMP_THREAD_LIMIT=1"])
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
