/// Asks from time to time whether a search shall stop. Whoever works tells how much; once it shall stop, what has been found is worth nothing.
final class Pace {
  /// What is done between two questions: some milliseconds' work at the most.
  private static let limit = 4096
  /// Looking at a range or a few candidates, at a unit whose bound is high enough, and at so many postings of a list, which counts as one.
  static let forRange = 64
  static let forUnit = 1
  /// A match of the general road.
  static let forMatch = 4
  static let postings = 256

  private let shouldStop: () -> Bool
  private var left = limit
  private(set) var isStopped = false

  init(_ shouldStop: @escaping () -> Bool) { self.shouldStop = shouldStop }

  /// Notes work; whether to stop.
  @inline(__always)
  func spend(_ work: Int) -> Bool {
    left &-= work
    return left < 0 ? ask() : isStopped
  }

  /// Asks at once; whether to stop.
  func ask() -> Bool {
    left = Self.limit
    isStopped = isStopped || shouldStop()
    return isStopped
  }
}
