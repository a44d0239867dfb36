/// In which year the Security Council adopted a resolution: its numbers run on from 1946, so the number tells the year that belongs to the symbol.
///
/// Numbers from the Council's own yearly lists (Resolutions and Decisions of the Security Council, S/INF/…). A year that is not here is not guessed.
enum CouncilYears {
  /// How many resolutions were adopted in each year from 1946 on.
  private static let counts: [Int] = [
    15, 22, 29, 12, 11, 7, 2, 5, 2, 5, 11, 5, 5, 1,  // 1946–1959
    28, 10, 7, 8, 14, 20, 13, 12, 18, 13, 16, 16, 17, 20, 22, 18, 18, 20, 21, 18,  // 1960–1979
    23, 15, 29, 17, 14, 21, 13, 13, 20, 20, 37, 42, 74, 93, 77, 66, 57, 54, 73, 65,  // 1980–1999
    50, 52, 68, 67, 59, 71, 87, 56, 65, 48, 59, 66, 53, 47, 63, 64, 77, 61, 54, 52, 57, 57, 54, 50, 46,  // 2000–2024
  ]

  /// The last resolution of each year.
  private static let last: [Int] = {
    var total = 0
    return counts.map { count in
      total += count
      return total
    }
  }()

  /// nil for a number beyond the years that are known.
  static func year(of number: Int) -> Int? {
    guard number > 0, let index = last.firstIndex(where: { number <= $0 }) else { return nil }
    return 1946 + index
  }
}

extension Symbol {
  /// The year in which the Security Council adopted the resolution of this number; nil beyond the years that are known.
  package static func councilYear(of number: Int) -> Int? { CouncilYears.year(of: number) }
}
