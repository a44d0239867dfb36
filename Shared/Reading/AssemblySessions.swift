import Documents

/// Which session of the General Assembly adopted a resolution of the years 1946 to 1975, when its numbers ran on from session to session.
///
/// Each row holds two numbers of one session that are well known from the Assembly's own lists (Resolutions adopted by the General Assembly, Supplements
/// of each session); what lies between them is of that session too. A number in a gap between rows is not guessed.
enum AssemblySessions {
  private static let rows: [(ClosedRange<Int>, Int)] = [
    (1...103, 1), (107...183, 2), (190...287, 3), (289...365, 4), (368...499, 5), (502...609, 6), (612...709, 7), (715...776, 8),
    (779...906, 9), (915...990, 10), (1010...1132, 11), (1134...1235, 12), (1239...1349, 13), (1353...1471, 14), (1480...1620, 15),
    (1626...1748, 16), (1750...1870, 17), (1882...1991, 18), (2001...2008, 19), (2013...2131, 20), (2134...2240, 21), (2262...2373, 22),
    (2376...2490, 23), (2495...2605, 24), (2610...2750, 25), (2755...2900, 26), (2905...3045, 27), (3050...3195, 28), (3206...3355, 29),
    (3364...3540, 30),
  ]

  /// Special sessions among them.
  private static let specials: [(ClosedRange<Int>, numeral: String, year: Int)] = [
    (3201...3202, "S-VI", 1974), (3362...3362, "S-VII", 1975),
  ]

  /// The session's numeral and year of a resolution, when its number tells.
  static func numeral(of number: Int) -> (String, year: Int)? {
    if let special = specials.first(where: { $0.0.contains(number) }) { return (special.numeral, special.year) }
    return session(of: number).map { (romanNumeral($0), year(ofSession: $0)) }
  }

  /// The last session whose resolutions have Roman numerals.
  static let last = 30

  static func session(of number: Int) -> Int? { rows.first { $0.0.contains(number) }?.1 }

  /// Whether a resolution of this number may be of this session: its neighbours' sessions do not say otherwise.
  static func isPlausible(_ number: Int, session: Int) -> Bool {
    guard (1...last).contains(session) else { return false }
    let before = rows.first { $0.1 == session - 1 }?.0.upperBound ?? 0
    let after = rows.first { $0.1 == session + 1 }?.0.lowerBound ?? 3542
    return number > before && number < after
  }

  /// The year in which most of a session's resolutions were adopted.
  static func year(ofSession session: Int) -> Int { 1945 + session }

  /// The value of a numeral up to LXXXIX, also one that is not written as it should be, such as IIII.
  static func number(roman: some Collection<UInt8>) -> Int? {
    var value = 0
    var before = 0
    for byte in roman.reversed() {
      let digit: Int
      switch byte {
      case UInt8(ascii: "I"): digit = 1
      case UInt8(ascii: "V"): digit = 5
      case UInt8(ascii: "X"): digit = 10
      case UInt8(ascii: "L"): digit = 50
      default: return nil
      }
      value += digit < before ? -digit : digit
      before = max(before, digit)
    }
    return (1...89).contains(value) ? value : nil
  }
}
