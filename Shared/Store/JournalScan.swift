import Platform

/// What stands in a journal's folder when it is opened.
package struct JournalScan {
  private(set) var id: [UInt8]?
  private(set) var places: [Journal.Machine.Place] = []
  /// The sequence number the newest file starts with, and its length once a torn tail is cut off; 0 when there is no file.
  private(set) var newestFirst: UInt64 = 1
  private(set) var newestEnd: UInt64 = 0

  package init() {}

  init(_ folder: String) throws(StoreError) {
    let names = try system { () throws(SystemError) in try Directory.names(folder).filter { $0.hasPrefix("journal-") } }
    for name in names { try scan(folder + "/" + name, isNewest: name == names.last) }
  }

  private mutating func scan(_ path: String, isNewest: Bool) throws(StoreError) {
    let mapped = try system { () throws(SystemError) in try MappedFile(path) }
    if isNewest && mapped.bytes.count < JournalFormat.headerLength {
      // The file's header never became whole, so no record in it was ever acknowledged.
      return try system { () throws(SystemError) in try Directory.remove(path) }
    }
    let end = try mapped.withBytes { bytes throws(StoreError) in try scan(bytes, path, isNewest: isNewest) }
    newestEnd = UInt64(end)
    if end < mapped.bytes.count {
      try system { () throws(SystemError) in
        let file = try File(path, .readWrite)
        try file.truncate(to: UInt64(end))
        try file.sync()
      }
    }
  }

  /// Where the payloads of the file lie that starts with the entry `first`, bytes from its start.
  package func payloads(ofFile first: UInt64) -> [Range<Int>] {
    places.filter { $0.fileFirst == first }.map { Int($0.offset)..<Int($0.offset) + Int($0.length) }
  }

  /// Takes in the next file. Throws `.corrupt` when a record is damaged that is not the torn end of the newest file.
  /// - Returns: where its sound records end.
  package mutating func scan(_ bytes: UnsafeRawBufferPointer, _ path: String, isNewest: Bool) throws(StoreError) -> Int {
    let (id, first) = try JournalFormat.readHeader(bytes, path)
    if let known = self.id, known != id { throw .corrupt(subject: path, what: "it belongs to another journal") }
    guard first == UInt64(places.count) + 1, path.hasSuffix(JournalFormat.name(first)) else {
      throw .corrupt(subject: path, what: "it starts with entry \(first) where \(places.count + 1) was expected")
    }
    self.id = id
    newestFirst = first
    var offset = JournalFormat.headerLength
    while offset < bytes.count {
      let sequence = UInt64(places.count) + 1
      guard let length = JournalFormat.recordLength(bytes, at: offset, sequence: sequence) else {
        guard isNewest, !JournalFormat.laterRecordExists(bytes, from: offset, sequence: sequence) else {
          throw .corrupt(subject: path, what: "record \(sequence) at byte \(offset)")
        }
        return offset
      }
      let start = offset + JournalFormat.recordHeaderLength
      places.append(Journal.Machine.Place(fileFirst: first, offset: UInt64(start), length: UInt32(length)))
      offset = start + length
    }
    return offset
  }
}
