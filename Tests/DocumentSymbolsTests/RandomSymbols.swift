import DocumentSymbols
import TestSupport

/// With a seed of its own, printed.
func seeded() -> Seeded {
  let seed = UInt64.random(in: 0 ... .max)
  print("seed \(seed)")
  return Seeded(seed)
}

/// Canonical symbols of all shapes, and other spellings of them.
struct RandomSymbols {
  var random: Seeded

  mutating func pick<T>(_ values: [T]) -> T { values.randomElement(using: &random)! }  // no list is empty
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func canonical() -> String {
    var text: String
    switch number(0...9) {
    case 0: text = "A/\(number(31...99))/\(number(1...999))"
    case 1: text = "A/C.\(number(1...6))/\(number(31...99))/\(pick(["L", "INF", "SR", "CRP"])).\(number(1...90))"
    case 2: text = "A/RES/\(number(31...99))/\(number(1...350))" + pick(["", " A", " B", " A to D"])
    case 3: text = "A/RES/\(number(600...3541)) (\(pick(["VII", "XXV", "XXX", "S-VI"])))"
    case 4: text = "S/\(number(1994...2030))/\(number(1...1300))"
    case 5: text = "S/RES/\(pick(["822 (1993)", "242 (1967)", "1325 (2000)", "2758 (2024)"]))"
    case 6: text = "S/PV.\(number(1...9999))" + pick(["", " (Resumption 1)", " (Part II)"])
    case 7: text = "\(pick(["CRC", "CCPR", "CEDAW", "CERD"]))/C/\(pick(["GC", "FIN/CO", "SR"]))/\(number(1...60))"
    case 8: text = "E/CN.\(number(1...17))/Sub.2/\(number(1978...2006))/\(number(1...60))"
    default: text = "A/RES/\(pick(["ES-10", "S-30"]))/\(number(1...30))"
    }
    for _ in 0..<number(0...2) { text += "/\(pick(["Add", "Corr", "Rev", "Amend"])).\(number(1...12))" }
    return text
  }

  /// The same symbol as somebody might write it.
  mutating func variant(of canonical: String) -> String {
    var text = canonical
    if number(0...3) == 0 { text = text.replacing(".", with: ". ") }
    if number(0...3) == 0 { text = text.replacing(" (", with: "(") }
    if number(0...3) == 0 { text = text.replacing("(", with: " ( ").replacing(")", with: " ) ") }
    if number(0...3) == 0 { text = text.replacing("-", with: pick(["‐", "‑", "–", "−"])) }
    switch number(0...4) {
    case 0: text = text.lowercased()
    case 1: text = text.uppercased()
    case 2: text = String(text.map { Bool.random(using: &random) ? Character($0.uppercased()) : Character($0.lowercased()) })
    default: break
    }
    switch number(0...6) {
    case 0: text = text.replacing("/", with: " / ")
    case 1: text = text.replacing("/", with: "_").replacing(" ", with: "_") + pick(["", ".pdf", "-EN.pdf", "_fr.docx"])
    case 2: text = pick(["https://undocs.org/", "undocs.org/en/", "https://docs.un.org/fr/"]) + text.replacing(" ", with: "%20")
    case 3: text = text.replacing("/", with: "%2F")
    case 4:
      text = String(
        String.UnicodeScalarView(text.unicodeScalars.map { $0.value > 0x20 && $0.value < 0x7f ? Unicode.Scalar($0.value + 0xfee0)! : $0 }))
    case 5: text = pick(["UN Doc. ", "(", "“", "\u{200e}"]) + text + pick(["*", ".", "", " "])
    default: break
    }
    return text
  }
}
