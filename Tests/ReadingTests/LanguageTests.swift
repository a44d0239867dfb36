import Documents
import Foundation
import Reading
import TestSupport
import Testing

@Suite("The language of each paragraph")
struct LanguageTests {
  @Test("a paragraph in another language is recognised as such; a short one without evidence is in the document's")
  func mixed() async throws {
    let text = """
      The Permanent Mission has the honour to transmit the texts of the statement in the languages in which they were made, and it would be
      grateful if they were circulated as a document of the General Assembly under the agenda item that is on the list for this session.

      Les délégations ont souligné que la paix et la sécurité sont l'affaire de tous les États.

      Las delegaciones subrayaron que la paz y la seguridad son asunto de todos los Estados.

      Делегации подчеркнули, что мир и безопасность являются делом всех государств (A/74/565).

      أكدت الوفود أن السلام والأمن مسؤولية جميع الدول

      各代表团强调，和平与安全是所有国家的事业。

      Οι αντιπροσωπείες τόνισαν ότι η ειρήνη είναι υπόθεση όλων.

      Yashar Aliyev

      653 120

      La Haye, Genève

      As delegações sublinharam que a paz é assunto de todos os Estados e não de um só.
      """
    let read = try await TestData.read(text: text).document.paragraphs
    #expect(read.map(\.language) == ["en", "fr", "es", "ru", "ar", "zh", "el", "en", "en", "en", "pt"], "\(read.map(\.text))")
  }

  @Test(
    "of paragraphs of six languages, shuffled into one document, at least 98 in 100 of the longer ones are recognised",
    .enabled(if: TestData.collections != nil, "no collections here: CHANCERY_DATA names their folder"))
  func collections() async throws {
    let folder = try #require(TestData.collections).appending(path: "multilingual")
    struct Text: Decodable { var id: String, lang: String, text: String }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/zstd")
    process.arguments = ["-dcq", folder.appending(path: "speeches.jsonl.zst").path]
    process.standardOutput = output
    try process.run()
    let lines = output.fileHandleForReading.readDataToEndOfFile() + (try Data(contentsOf: folder.appending(path: "charter.jsonl")))
    let texts = try lines.split(separator: 0x0a).map { try JSONDecoder().decode(Text.self, from: $0) }
    var pieces: [String: [String]] = [:]
    for text in texts where !text.id.hasPrefix("gd-vu") && ["en", "fr", "es", "ru", "ar", "zh"].contains(text.lang) {
      // Sentences, of which few are in another language than their speech; Vanuatu's is in two.
      let sentences = text.text.replacing("\n", with: " ").split { ".。؟!".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }
      pieces[text.lang, default: []] += sentences.filter {
        $0.contains(where: \.isLetter) && !$0.unicodeScalars.contains { $0.value < 0x20 }
      }.prefix(400)
    }
    var seeded = Seeded(7)
    var right: [String: (long: Int, longAll: Int, short: Int, shortAll: Int)] = [:]
    var wrong: [String] = []
    var all = pieces.flatMap { language, pieces in pieces.shuffled(using: &seeded).prefix(2000).map { (language, $0) } }
    all.shuffle(using: &seeded)
    for start in stride(from: 0, to: all.count, by: 500) {
      let part = all[start..<min(start + 500, all.count)]
      let text = part.map { "@ \($0.1)." }.joined(separator: "\n\n")
      let paragraphs = try await TestData.read(text: text).document.paragraphs
      let gold = Dictionary(part.map { ("@ \($0.1).".prefix(60), $0.0) }) { a, _ in a }
      for paragraph in paragraphs {
        guard let language = gold[paragraph.text.prefix(60)] else { continue }
        let isLong = paragraph.text.unicodeScalars.count >= (language == "zh" ? 20 : 60)
        let isRight = paragraph.language == language
        var counts = right[language] ?? (0, 0, 0, 0)
        if isLong {
          counts.longAll += 1
          counts.long += isRight ? 1 : 0
        } else {
          counts.shortAll += 1
          counts.short += isRight ? 1 : 0
        }
        right[language] = counts
        if isLong, !isRight { wrong.append("\(language)→\(paragraph.language ?? "-"): \(paragraph.text.prefix(100))") }
      }
    }
    for (language, counts) in right.sorted(by: { $0.key < $1.key }) {
      print("\(language): \(counts.long) of \(counts.longAll) long, \(counts.short) of \(counts.shortAll) short")
      #expect(counts.long * 100 >= counts.longAll * 98, "\(language)")
    }
    print(wrong.prefix(40).joined(separator: "\n"))
    let long = right.values.reduce(0) { $0 + $1.longAll }
    #expect(long > 3000)
  }
}
