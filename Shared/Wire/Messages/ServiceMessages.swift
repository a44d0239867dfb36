/// Asks whether the service is ready to serve.
public struct HealthRequest: WireMessage {
  public init() {}
  public mutating func read(_ input: FieldValue) throws(CodecError) {}
  public func encode(into writer: inout FieldWriter) {}
}

/// Whether the service is ready, and why not.
public struct HealthReply: WireMessage {
  public var service: String = ""
  public var version: String = ""
  public var ready: Bool = false
  public var reason: String = ""

  public init() {}

  public init(service: String = "", version: String = "", ready: Bool = false, reason: String = "") {
    self.service = service
    self.version = version
    self.ready = ready
    self.reason = reason
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: service = try input.string()
    case 2: version = try input.string()
    case 3: ready = try input.bool()
    case 4: reason = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, service)
    writer.string(2, version)
    writer.bool(3, ready)
    writer.string(4, reason)
  }
}

/// Asks for the service's figures.
public struct StatusRequest: WireMessage {
  public init() {}
  public mutating func read(_ input: FieldValue) throws(CodecError) {}
  public func encode(into writer: inout FieldWriter) {}
}

/// The service's figures.
public struct StatusReply: WireMessage {
  public var service: String = ""
  public var version: String = ""
  public var figures: [Figure] = []

  public init() {}

  public init(service: String = "", version: String = "", figures: [Figure] = []) {
    self.service = service
    self.version = version
    self.figures = figures
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: service = try input.string()
    case 2: version = try input.string()
    case 3: try input.append(to: &figures)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, service)
    writer.string(2, version)
    writer.messages(3, figures)
  }
}

/// A named figure with its unit.
public struct Figure: WireMessage {
  public var name: String = ""
  public var value: String = ""
  public var unit: String = ""

  public init() {}

  public init(name: String = "", value: String = "", unit: String = "") {
    self.name = name
    self.value = value
    self.unit = unit
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: name = try input.string()
    case 2: value = try input.string()
    case 3: unit = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, name)
    writer.string(2, value)
    writer.string(3, unit)
  }
}

/// Asks the service to check all it holds.
public struct VerifyRequest: WireMessage {
  public init() {}
  public mutating func read(_ input: FieldValue) throws(CodecError) {}
  public func encode(into writer: inout FieldWriter) {}
}

/// What a check found.
public struct VerifyReply: WireMessage {
  public var clean: Bool = false
  public var checked: UInt64 = 0
  public var problems: [String] = []
  public var figures: [Figure] = []

  public init() {}

  public init(clean: Bool = false, checked: UInt64 = 0, problems: [String] = [], figures: [Figure] = []) {
    self.clean = clean
    self.checked = checked
    self.problems = problems
    self.figures = figures
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: clean = try input.bool()
    case 2: checked = try input.uint64()
    case 3: try input.append(to: &problems)
    case 4: try input.append(to: &figures)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bool(1, clean)
    writer.uint64(2, checked)
    writer.strings(3, problems)
    writer.messages(4, figures)
  }
}
