import Catalogue
import Documents
import Engine
import Wire

/// A document as a version of its work.
struct WorkVersion {
  let address: DocumentAddress
  let id: [UInt8]
  /// That by which it is of the work first.
  let symbols: [String]
  /// ISO 639-1; empty = not known.
  let language: String
  private let own: Symbol?
  private let revision: (number: Int, isCorrigendum: Bool)
  private let order: (Int, String)

  init(_ address: DocumentAddress, of work: String, _ view: IndexView, _ languages: LanguageOrder) {
    self.address = address
    id = view.id(address)
    let named = view.values(.symbol, of: address).compactMap { Symbol($0) }.sorted()
    let own = named.first { $0.work.text == work }
    self.own = own
    symbols = ([own].compactMap { $0 } + named.filter { $0 != own }).map(\.text)
    language = view.values(.language, of: address).first ?? ""
    revision = own?.revision ?? (0, false)
    order = languages.rank(language)
  }

  /// Whether it is shown rather than `other`: a text rather than what only sets right, in the language that the reader wants more, the newer revision.
  func isShownBefore(_ other: WorkVersion) -> Bool {
    if revision.isCorrigendum != other.revision.isCorrigendum { return other.revision.isCorrigendum }
    if order != other.order { return order < other.order }
    if revision.number != other.revision.number { return revision.number > other.revision.number }
    // Of two corrigenda the newer; and two documents that were given the same name by amendments are always in the same order.
    if let own, let otherOwn = other.own, own != otherOwn { return otherOwn < own }
    return id.lexicographicallyPrecedes(other.id)
  }
}

/// A hit that stands for all of its work that the query finds.
struct WorkHit {
  /// The version that is shown.
  let hit: EngineHit
  /// The others, in the order in which they would be shown.
  let others: [WorkVersion]
}

/// The works of an answer, each at the place of its best document: a document stands for its work when no other of the work that the query finds comes before
/// it. This depends on the request and the generation alone, so that any node can go on from a cursor.
struct WorkSearch {
  /// A document that may stand for its work.
  private struct Leader {
    let hit: EngineHit
    /// nil = it is alone.
    let work: String?
    /// The other documents of the work, and how they stand in the answer: nil for one that is not found. Empty until they are asked for.
    var members: [(address: DocumentAddress, standing: EngineStanding?)] = []
  }

  let view: IndexView
  let languages: LanguageOrder
  /// Versions that a hit names.
  static let versionLimit = 50
  /// Hits that are asked for at once where works have several documents: to ask the engine again costs more.
  var window = 64
  /// From how many documents a work on they do.
  private static let several = 1.1
  /// Hits behind a cursor that are looked at together at the least: many may be of works that were shown.
  private static let chunk = 16

  /// The answer, each work once, and its totals and facets over all documents. `request` has a query that is resolved. Throws what `search` throws.
  func run(_ request: EngineRequest, shouldStop: () -> Bool) throws(SearchError) -> (hits: [WorkHit], result: EngineResult) {
    let (wanted, overflow) = request.offset.addingReportingOverflow(request.limit)
    guard !overflow, wanted <= EngineRequest.windowLimit else { throw .windowTooLarge(limit: EngineRequest.windowLimit) }
    var step = request
    step.offset = 0
    step.limit = view.sharing(.work) < Self.several ? wanted : min(EngineRequest.windowLimit, max(window, wanted * 2))
    var leaders: [Leader] = []
    var seen: Set<String> = []
    var answer = try view.search(step, shouldStop: shouldStop)
    var result = answer
    (step.facets, step.wantsTotal) = ([], false)
    while true {
      var fresh: [Leader] = []
      for hit in result.hits {
        let work = view.values(.work, of: hit.address).first
        if work.map({ seen.insert($0).inserted }) != false { fresh.append(Leader(hit: hit, work: work)) }
      }
      if request.after == nil { leaders += fresh } else { try addNew(fresh[...], to: &leaders, wanted, request, shouldStop) }
      guard leaders.count < wanted, let next = result.next else { break }
      step.after = next
      step.limit = min(EngineRequest.windowLimit, max(window, step.limit * 4))
      result = try view.search(step, shouldStop: shouldStop)
    }
    var page = Array(leaders.prefix(wanted).dropFirst(request.offset))
    answer.next = page.count == request.limit ? page.last.map { view.place(of: $0.hit, request.sort) } : nil
    if request.after == nil { page = try withMembers(page, request, shouldStop) }
    return (page.map { hit($0) }, answer)
  }

  /// Adds those whose works were not in an earlier answer, until there are `wanted`.
  private func addNew(
    _ fresh: ArraySlice<Leader>, to leaders: inout [Leader], _ wanted: Int, _ request: EngineRequest, _ shouldStop: () -> Bool
  ) throws(SearchError) {
    var rest = fresh
    while leaders.count < wanted, !rest.isEmpty {
      let some = rest.prefix(max(Self.chunk, wanted - leaders.count))
      rest = rest.dropFirst(some.count)
      leaders += try withMembers(Array(some), request, shouldStop).filter { leader in
        leader.members.allSatisfy { $0.standing?.isAfter != false }
      }
    }
  }

  private func withMembers(
    _ leaders: [Leader], _ request: EngineRequest, _ shouldStop: () -> Bool
  ) throws(SearchError) -> [Leader] {
    var members: [[DocumentAddress]] = []
    for leader in leaders {
      let all = try leader.work.map { work throws(SearchError) in try view.documents(with: work, in: .work) } ?? []
      members.append(all.count > 1 ? all.filter { $0 != leader.hit.address } : [])
    }
    if members.allSatisfy(\.isEmpty) { return leaders }
    let standings = try view.standings(of: Array(members.joined()), in: request, shouldStop: shouldStop)
    var (leaders, start) = (leaders, 0)
    for (index, own) in members.enumerated() {
      leaders[index].members = Array(zip(own, standings[start..<start + own.count]))
      start += own.count
    }
    return leaders
  }

  /// Chooses the version of a work that is shown.
  private func hit(_ leader: Leader) -> WorkHit {
    guard let work = leader.work, !leader.members.isEmpty else { return WorkHit(hit: leader.hit, others: []) }
    var found = Dictionary(uniqueKeysWithValues: leader.members.compactMap { member in member.standing.map { (member.address, $0.hit) } })
    found[leader.hit.address] = leader.hit
    let versions = ([leader.hit.address] + leader.members.map(\.address)).map { WorkVersion($0, of: work, view, languages) }
      .sorted { $0.isShownBefore($1) }
    let shown = versions.lazy.compactMap { found[$0.address] }.first ?? leader.hit
    return WorkHit(hit: shown, others: versions.filter { $0.address != shown.address })
  }
}
