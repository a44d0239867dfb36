/// Who a caller is, from the URI `chancery:role:NAME` of its certificate.
public enum Role: String, Sendable, CaseIterable {
  case `operator`, submitter, reader, ingest, index, query

  /// The role that a certificate's URI names; nil when it names none.
  public init?(uri: String) {
    let prefix = "chancery:role:"
    guard uri.hasPrefix(prefix) else { return nil }
    self.init(rawValue: String(uri.dropFirst(prefix.count)))
  }

  /// The URI that a certificate carries for this role.
  public var uri: String { "chancery:role:\(rawValue)" }

  /// True when methods of the role hand out all documents of all classes: the journal, or the index's objects.
  public var seesEverything: Bool { Method.allCases.contains { $0.isWholesale && $0.allows(self) } }
}

/// A method of docs/chancery.proto, by its number on the wire.
public enum Method: UInt16, Sendable, CaseIterable {
  case health = 1
  case status = 2
  case trace = 3
  case submit = 16
  case getOriginal = 17
  case readJournal = 18
  case delete = 19
  case amend = 20
  case watchManifest = 32
  case getObject = 33
  case listObjects = 34
  case verify = 35
  case search = 48
  case get = 49
  case suggest = 50
  case explain = 51

  /// What follows a method's REQUEST and REPLY.
  public enum Streaming: Sendable {
    /// Nothing: one request, one reply.
    case none
    /// DATA and END follow the request.
    case request
    /// DATA and END follow the reply.
    case reply
    /// DATA follows the reply for as long as the caller wants it; there may be no END.
    case follow
  }

  /// The method's name, as docs/chancery.proto spells it.
  public var name: String {
    switch self {
    case .health: "Health"
    case .status: "Status"
    case .trace: "Trace"
    case .submit: "Submit"
    case .getOriginal: "GetOriginal"
    case .readJournal: "ReadJournal"
    case .delete: "Delete"
    case .amend: "Amend"
    case .watchManifest: "WatchManifest"
    case .getObject: "GetObject"
    case .listObjects: "ListObjects"
    case .verify: "Verify"
    case .search: "Search"
    case .get: "Get"
    case .suggest: "Suggest"
    case .explain: "Explain"
    }
  }

  /// The roles that may call the method. An operator may call every method.
  public var roles: Set<Role> {
    switch self {
    case .health, .status: Set(Role.allCases)
    case .submit, .delete, .amend: [.operator, .submitter]
    case .getOriginal: [.operator, .reader, .query, .index, .submitter]
    case .readJournal: [.operator, .index]
    case .watchManifest, .getObject, .listObjects: [.operator, .query]
    case .verify, .trace: [.operator]
    case .search, .get, .suggest, .explain: [.operator, .reader, .submitter, .query]
    }
  }

  /// True when a caller of `role` may call the method.
  public func allows(_ role: Role) -> Bool { roles.contains(role) }

  /// True when the method hands out documents of every class without asking for clearance.
  public var isWholesale: Bool { self == .readJournal || self == .getObject }

  /// True when calling twice does no more than calling once, so that a client may repeat a call that may have been processed. Submit is:
  /// the same bytes are registered once. Delete and Amend are not: the document may have been submitted again, or corrected by another, in between.
  public var isIdempotent: Bool { self != .delete && self != .amend }

  public var streaming: Streaming {
    switch self {
    case .submit: .request
    case .getOriginal, .getObject, .get: .reply
    case .readJournal, .watchManifest: .follow
    default: .none
    }
  }
}
