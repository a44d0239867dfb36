import CKernels

/// The places of words in documents that are added one after the other: a document's positions, of all fields alike, are counted on from its first
/// place, so that one number says where a word stands.
struct DocumentPlaces: ~Copyable {
  /// A document begins below, so that places are below 2³¹: it has fewer than 2²⁸ positions.
  static let limit: UInt32 = 1 << 30

  /// Each document's first place.
  private var starts = Growable<UInt32>()
  /// Where the next document begins.
  private(set) var end: UInt32 = 0

  /// Bytes of memory taken, those of the finder's hints included.
  var bytes: Int { starts.bytes + Int(end) / Int(CHANCERY_PLACES) * 4 }

  /// Adds a document with so many positions; it has a place at least.
  mutating func add(positions: UInt32) {
    starts.append(end)
    end += positions + 1
  }

  /// Finds the documents of places.
  consuming func finder() -> Finder { Finder(starts, end: end) }

  struct Finder: ~Copyable {
    /// Each document's first place, and the end; for each run of places the document of its first.
    private let starts: Growable<UInt32>
    private let hints: Growable<UInt32>

    fileprivate init(_ starts: consuming Growable<UInt32>, end: UInt32) {
      var hints = Growable<UInt32>(capacity: Int(end) / Int(CHANCERY_PLACES) + 1)
      for document in 0..<starts.count {
        let next = document + 1 < starts.count ? starts[document + 1] : end
        while hints.count * Int(CHANCERY_PLACES) < Int(next) { hints.append(UInt32(document)) }
      }
      starts.append(end)
      self.starts = starts
      self.hints = hints
    }

    /// Replaces `list` by the postings of a term with these places, ascending; what are gaps for words is nothing for keywords.
    func split(_ places: borrowing Growable<UInt32>, into list: inout PostingList) {
      list.removeAll()
      let count = places.count
      let held = chancery_split(
        places.pointer, count, starts.pointer, hints.pointer, list.documents.extend(count), list.frequencies.extend(count),
        list.gaps.extend(count))
      list.documents.shorten(to: held)
      list.frequencies.shorten(to: held)
    }
  }
}
