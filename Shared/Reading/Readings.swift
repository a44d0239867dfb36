import Documents

/// How sure a reading is: of a hundred values read at a step, about so many are right. docs/FORM.md has the measured figures.
enum Confidence {
  /// Printed in its own place, with its own words, and well formed.
  static let printed = 99
  /// One of several in a list, told apart by their order.
  static let ordered = 97
  /// Came with the file.
  static let given = 95
  /// Told by where it stands alone.
  static let layout = 92
  /// Follows from another field.
  static let inferred = 85
  /// Read from a list or a line that was not wholly understood.
  static let partial = 70
}

/// Where each value was read, and why values are absent.
struct Readings {
  private(set) var all: [FieldReading] = []

  mutating func add(_ field: String, _ index: Int = 0, _ range: Range<Int>?, _ page: Int, _ confidence: Int, _ reason: String? = nil) {
    all.append(FieldReading(field: field, index: index, range: range, page: page > 0 ? page : nil, confidence: confidence, reason: reason))
  }

  /// A value that some lines hold, from the first to the last.
  mutating func add(
    _ field: String, _ index: Int = 0, _ lines: some BidirectionalCollection<Line>, _ confidence: Int, _ reason: String? = nil
  ) {
    guard let first = lines.first, let last = lines.last else { return }
    add(field, index, first.start..<max(last.range.upperBound, first.range.upperBound), first.page, confidence, reason)
  }

  mutating func absent(_ field: String, _ reason: String) {
    if !isAbsent(field) { all.append(FieldReading(field: field, confidence: 0, reason: reason)) }
  }

  func isAbsent(_ field: String) -> Bool { all.contains { $0.field == field && $0.confidence == 0 } }

  mutating func append(_ other: Readings) {
    for reading in other.all where reading.confidence > 0 || !isAbsent(reading.field) { all.append(reading) }
  }
}
