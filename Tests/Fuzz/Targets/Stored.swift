import Platform
import Store
import Wire

/// A manifest with the right checksum is read when its fields can be, and written as it was read; with one byte changed it is refused.
/// Input: where and how it is damaged, the manifest before its checksum.
func checkManifest(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  let place = choices.number()
  let change = choices.byte()
  let content = Array(choices.rest)
  var stored = content + [15 << 3 | 1] + withUnsafeBytes(of: xxh3(content).littleEndian) { Array($0) }
  let isSound = (try? ManifestMessage(decoding: content)) != nil
  let found = try? ManifestMessage(checked: stored, subject: "manifest")
  try require((found != nil) == isSound, "a manifest is read when its fields can be: \(isSound)")
  if let found {
    let written = found.sealed.encoded
    let again = try? ManifestMessage(checked: written, subject: "manifest")
    try require(again == found.sealed, "a manifest that was written is read as it was")
  }
  if change == 0 { return }
  stored[place % stored.count] ^= change
  try require((try? ManifestMessage(checked: stored, subject: "manifest")) == nil, "a damaged manifest is refused")
}

/// A journal's files, written as the service writes them and then damaged. What was acknowledged is found again or the damage is reported; nothing else is found.
/// Input: instructions (`Damaged`).
func checkJournal(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  var journal = Damaged()
  while !choices.rest.isEmpty { journal.follow(choices.byte(), &choices) }
  var scan = JournalScan()
  var found: [[UInt8]] = []
  var end = 0
  for (index, file) in journal.files.enumerated() {
    let isNewest = index == journal.files.count - 1
    // withUnsafeBytes lets no typed error through.
    let result = file.bytes.withUnsafeBytes { bytes in
      Result { () throws(StoreError) in try scan.scan(bytes, file.name, isNewest: isNewest) }
    }
    switch result {
    case .success(let found): end = found
    case .failure(let error): return try require(journal.mayBeRefused, "a journal that is sound but for its end is opened: \(error)")
    }
    let payloads = scan.payloads(ofFile: file.first).map { Array(file.bytes[$0]) }
    var written = JournalFormat.header(id: journal.id, first: file.first)
    for (index, payload) in payloads.enumerated() {
      JournalFormat.appendRecord(payload, sequence: file.first + UInt64(index), to: &written)
    }
    try require(written[...] == file.bytes[..<end], "what was found is what the file holds up to its end")
    try require(isNewest || end == file.bytes.count, "only the newest file has an end that is cut off")
    found += payloads
  }
  try require(found.starts(with: journal.sound), "what stands before the damage is found")
  try require(!journal.isWhole || found == journal.sound, "of a whole journal nothing more is found than was written")
  try require(!journal.isRefused || found.count > journal.sound.count, "damage before a later record is reported, not cut off")
}

/// A journal as instructions make it.
private struct Damaged {
  struct File {
    let first: UInt64
    var bytes: [UInt8]
    var name: String { JournalFormat.name(first) }
  }
  let id = [UInt8](repeating: 7, count: 16)
  private(set) var files: [File] = []
  /// The payloads before the first damage.
  private(set) var sound: [[UInt8]] = []
  /// The records that were written, damaged ones too.
  private var count: UInt64 = 0
  /// The file in which the first damage is.
  private var damaged: Int?
  /// The damage is in a header, or a sound record of a later number follows it.
  private(set) var isRefused = false

  var isWhole: Bool { damaged == nil }
  var mayBeRefused: Bool { isRefused || damaged.map { $0 < files.count - 1 } ?? false }

  init() { begin() }

  private mutating func begin() {
    files.append(File(first: count + 1, bytes: JournalFormat.header(id: id, first: count + 1)))
  }

  private mutating func append(_ bytes: some Sequence<UInt8>) { files[files.count - 1].bytes += bytes }

  mutating func follow(_ instruction: UInt8, _ choices: inout Choices) {
    let size = Int(instruction >> 3)
    switch instruction & 7 {
    case 0, 1, 2: record(choices.bytes(size), skipping: 0)
    // A file without records would be followed by one of the same name.
    case 3: if let last = files.last, last.first <= count { begin() }
    case 4:
      // Less than a record, so that it is none by chance.
      let noise = choices.bytes(min(size, JournalFormat.recordHeaderLength - 1))
      guard damaged == nil, !noise.isEmpty else { return }
      damaged = files.count - 1
      append(noise)
    case 5: record(choices.bytes(size), skipping: UInt64(choices.byte()) + 1)
    default: damage(at: choices.number(), UInt8(size) + 1)
    }
  }

  /// Writes a record with the next number, or one that comes later.
  private mutating func record(_ payload: [UInt8], skipping: UInt64) {
    let sequence = count + 1 + skipping
    var bytes: [UInt8] = []
    JournalFormat.appendRecord(payload, sequence: sequence, to: &bytes)
    append(bytes)
    if skipping == 0 { count += 1 } else if damaged == nil { damaged = files.count - 1 }
    if damaged == nil { sound.append(payload) } else if sequence > UInt64(sound.count) + 1 { isRefused = true }
  }

  /// Changes a byte of the newest file, once.
  private mutating func damage(at place: Int, _ change: UInt8) {
    guard damaged == nil, let file = files.indices.last else { return }
    let at = place % files[file].bytes.count
    if at < JournalFormat.headerLength {
      isRefused = true
    } else {
      var index = Int(files[file].first) - 1
      var start = JournalFormat.headerLength
      while at >= start + JournalFormat.recordHeaderLength + sound[index].count {
        start += JournalFormat.recordHeaderLength + sound[index].count
        index += 1
      }
      // Nothing depends on a record's four reserved bytes.
      if (4..<8).contains(at - start) { return }
      // The records after the damaged one are whole, and have later numbers.
      if index < sound.count - 1 { isRefused = true }
      sound.removeLast(sound.count - index)
    }
    damaged = file
    files[file].bytes[at] ^= change
  }
}
