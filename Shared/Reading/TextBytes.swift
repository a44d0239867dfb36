/// What every reader of a text's bytes asks of them.
extension [UInt8] {
  /// Whether these words stand at a place.
  @inline(__always)
  func has(_ words: StaticString, at place: Int) -> Bool {
    let length = words.utf8CodeUnitCount
    guard place >= 0, count - place >= length else { return false }
    // The pointer is to as many bytes, which are the program's own.
    let own = words.utf8Start
    for offset in 0..<length where self[place + offset] != own[offset] { return false }
    return true
  }

  /// The first place from `start` on whose byte is one that is looked for; the end when there is none. Most of a text is passed so.
  @inline(__always)
  func place(from start: Int, of isWanted: (UInt8) -> Bool) -> Int {
    withUnsafeBufferPointer { bytes in
      var place = start
      while place < bytes.count, !isWanted(bytes[place]) { place += 1 }
      return place
    }
  }
}
