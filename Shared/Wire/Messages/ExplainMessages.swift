/// Asks how a document's score comes about in the answer to a query.
public struct ExplainRequest: WireMessage {
  public var query: String = ""
  public var symbol: String = ""
  public var documentID: [UInt8] = []

  public init() {}

  public init(query: String = "", symbol: String = "", documentID: [UInt8] = []) {
    self.query = query
    self.symbol = symbol
    self.documentID = documentID
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: query = try input.string()
    case 2: symbol = try input.string()
    case 3: documentID = try input.bytes()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, query)
    writer.string(2, symbol)
    writer.bytes(3, documentID)
  }
}

/// How a document's score comes about.
public struct ExplainReply: WireMessage {
  /// Whether the query finds the document.
  public var found: Bool = false
  /// That of the hit.
  public var score: Float = 0
  /// Each followed by what its value is calculated from.
  public var steps: [ExplainStep] = []
  public var generation: UInt64 = 0
  public var documentID: [UInt8] = []

  public init() {}

  public init(found: Bool = false, score: Float = 0, steps: [ExplainStep] = [], generation: UInt64 = 0, documentID: [UInt8] = []) {
    self.found = found
    self.score = score
    self.steps = steps
    self.generation = generation
    self.documentID = documentID
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: found = try input.bool()
    case 2: score = try input.float()
    case 3: try input.append(to: &steps)
    case 4: generation = try input.uint64()
    case 5: documentID = try input.bytes()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bool(1, found)
    writer.float(2, score)
    writer.messages(3, steps)
    writer.uint64(4, generation)
    writer.bytes(5, documentID)
  }
}

/// A number that a score is calculated from.
public struct ExplainStep: WireMessage {
  /// Steps it is a part of: 0 is the score itself.
  public var level: UInt32 = 0
  /// What the number is, and of what and how it is calculated.
  public var description: String = ""
  public var value: Double = 0

  public init() {}

  public init(level: UInt32 = 0, description: String = "", value: Double = 0) {
    self.level = level
    self.description = description
    self.value = value
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: level = try input.uint32()
    case 2: description = try input.string()
    case 3: value = try input.double()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, level)
    writer.string(2, description)
    writer.double(3, value)
  }
}
