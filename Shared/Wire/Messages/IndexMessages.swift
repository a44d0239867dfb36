/// Asks for the newest manifest and all later ones.
public struct WatchManifestRequest: WireMessage {
  public var have: UInt64 = 0

  public init() {}

  public init(have: UInt64 = 0) {
    self.have = have
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: have = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, have)
  }
}

/// Comes before the manifests.
public struct WatchManifestReply: WireMessage {
  public init() {}
  public mutating func read(_ input: FieldValue) throws(CodecError) {}
  public func encode(into writer: inout FieldWriter) {}
}

/// A generation of the index.
public struct ManifestMessage: WireMessage {
  public var generation: UInt64 = 0
  /// Every entry up to this one is in.
  public var journalSequence: UInt64 = 0
  public var journalID: String = ""
  public var segments: [SegmentEntry] = []
  /// Live ones.
  public var documents: UInt64 = 0
  public var createdMs: UInt64 = 0
  /// Generations up to here may have been collected.
  public var boundary: UInt64 = 0
  /// XXH3-64 of all bytes before this field.
  public var checksum: UInt64 = 0

  public init() {}

  public init(
    generation: UInt64 = 0, journalSequence: UInt64 = 0, journalID: String = "", segments: [SegmentEntry] = [], documents: UInt64 = 0,
    createdMs: UInt64 = 0, boundary: UInt64 = 0, checksum: UInt64 = 0
  ) {
    self.generation = generation
    self.journalSequence = journalSequence
    self.journalID = journalID
    self.segments = segments
    self.documents = documents
    self.createdMs = createdMs
    self.boundary = boundary
    self.checksum = checksum
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: generation = try input.uint64()
    case 2: journalSequence = try input.uint64()
    case 3: journalID = try input.string()
    case 4: try input.append(to: &segments)
    case 5: documents = try input.uint64()
    case 7: createdMs = try input.uint64()
    case 8: boundary = try input.uint64()
    case 15: checksum = try input.fixed64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, generation)
    writer.uint64(2, journalSequence)
    writer.string(3, journalID)
    writer.messages(4, segments)
    writer.uint64(5, documents)
    writer.uint64(7, createdMs)
    writer.uint64(8, boundary)
    writer.fixed64(15, checksum)
  }
}

/// A segment that a manifest names.
public struct SegmentEntry: WireMessage {
  /// Object name of the segment.
  public var name: String = ""
  public var bytes: UInt64 = 0
  /// All that it holds, deleted ones too.
  public var documents: UInt32 = 0
  public var deleted: UInt32 = 0
  /// Object name of the deletion bitmap; empty = none.
  public var deletions: String = ""
  /// Number of the `DistributionClass` that all its documents have.
  public var distribution: UInt32 = 0

  public init() {}

  public init(
    name: String = "", bytes: UInt64 = 0, documents: UInt32 = 0, deleted: UInt32 = 0, deletions: String = "", distribution: UInt32 = 0
  ) {
    self.name = name
    self.bytes = bytes
    self.documents = documents
    self.deleted = deleted
    self.deletions = deletions
    self.distribution = distribution
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: name = try input.string()
    case 2: bytes = try input.uint64()
    case 3: documents = try input.uint32()
    case 4: deleted = try input.uint32()
    case 5: deletions = try input.string()
    case 6: distribution = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, name)
    writer.uint64(2, bytes)
    writer.uint32(3, documents)
    writer.uint32(4, deleted)
    writer.string(5, deletions)
    writer.uint32(6, distribution)
  }
}

/// Asks for a range of an object.
public struct GetObjectRequest: WireMessage {
  public var name: String = ""
  public var offset: UInt64 = 0
  public var length: UInt64 = 0

  public init() {}

  public init(name: String = "", offset: UInt64 = 0, length: UInt64 = 0) {
    self.name = name
    self.offset = offset
    self.length = length
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: name = try input.string()
    case 2: offset = try input.uint64()
    case 3: length = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, name)
    writer.uint64(2, offset)
    writer.uint64(3, length)
  }
}

/// Comes before the bytes of an object.
public struct GetObjectReply: WireMessage {
  public var size: UInt64 = 0
  public var offset: UInt64 = 0
  public var length: UInt64 = 0

  public init() {}

  public init(size: UInt64 = 0, offset: UInt64 = 0, length: UInt64 = 0) {
    self.size = size
    self.offset = offset
    self.length = length
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: size = try input.uint64()
    case 2: offset = try input.uint64()
    case 3: length = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, size)
    writer.uint64(2, offset)
    writer.uint64(3, length)
  }
}

/// Asks for names of objects, in order.
public struct ListObjectsRequest: WireMessage {
  public var prefix: String = ""
  public var after: String = ""
  public var limit: UInt32 = 0

  public init() {}

  public init(prefix: String = "", after: String = "", limit: UInt32 = 0) {
    self.prefix = prefix
    self.after = after
    self.limit = limit
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: prefix = try input.string()
    case 2: after = try input.string()
    case 3: limit = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, prefix)
    writer.string(2, after)
    writer.uint32(3, limit)
  }
}

/// Names of objects, in order.
public struct ListObjectsReply: WireMessage {
  public var objects: [ObjectEntry] = []
  public var more: Bool = false

  public init() {}

  public init(objects: [ObjectEntry] = [], more: Bool = false) {
    self.objects = objects
    self.more = more
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: try input.append(to: &objects)
    case 2: more = try input.bool()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.messages(1, objects)
    writer.bool(2, more)
  }
}

/// An object and its size.
public struct ObjectEntry: WireMessage {
  public var name: String = ""
  public var size: UInt64 = 0

  public init() {}

  public init(name: String = "", size: UInt64 = 0) {
    self.name = name
    self.size = size
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: name = try input.string()
    case 2: size = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, name)
    writer.uint64(2, size)
  }
}
