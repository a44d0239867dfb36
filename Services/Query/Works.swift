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
  let view: IndexView
  let languages: LanguageOrder
  /// Versions that a hit names.
  static let versionLimit = 50

  /// The answer, each work once, and its totals and facets over all documents. `request` has a query that is resolved. Throws what `search` throws.
  func run(_ request: EngineRequest, shouldStop: () -> Bool) throws(SearchError) -> (hits: [WorkHit], result: EngineResult) {
    let (wanted, overflow) = request.offset.addingReportingOverflow(request.limit)
    guard !overflow, wanted <= EngineRequest.windowLimit else { throw .windowTooLarge(limit: EngineRequest.windowLimit) }
    var step = request
    (step.offset, step.limit) = (0, wanted)
    var leaders: [(hit: EngineHit, work: String?)] = []
    var seen: Set<String> = []
    var answer = try view.search(step, shouldStop: shouldStop)
    var result = answer
    (step.facets, step.wantsTotal) = ([], false)
    while true {
      var fresh: [(hit: EngineHit, work: String?)] = []
      for hit in result.hits {
        let work = view.values(.work, of: hit.address).first
        if work.map({ seen.insert($0).inserted }) != false { fresh.append((hit, work)) }
      }
      leaders += request.after == nil ? fresh : try withoutEarlier(fresh, request, shouldStop)
      guard leaders.count < wanted, let next = result.next else { break }
      step.after = next
      step.limit = min(EngineRequest.windowLimit, max(64, step.limit * 2))
      result = try view.search(step, shouldStop: shouldStop)
    }
    let page = leaders.prefix(wanted).dropFirst(request.offset)
    answer.next = page.count == request.limit ? page.last.map { view.place(of: $0.hit, request.sort) } : nil
    return (try hits(Array(page), request, shouldStop), answer)
  }

  /// Those whose works were not in an earlier answer.
  private func withoutEarlier(
    _ leaders: [(hit: EngineHit, work: String?)], _ request: EngineRequest, _ shouldStop: () -> Bool
  ) throws(SearchError) -> [(hit: EngineHit, work: String?)] {
    var members: [[DocumentAddress]] = []
    for leader in leaders { members.append(try others(leader)) }
    if members.allSatisfy(\.isEmpty) { return leaders }
    let standings = try view.standings(of: Array(members.joined()), in: request, shouldStop: shouldStop)
    var start = 0
    var kept: [(hit: EngineHit, work: String?)] = []
    for (leader, members) in zip(leaders, members) {
      if standings[start..<start + members.count].allSatisfy({ $0?.isAfter != false }) { kept.append(leader) }
      start += members.count
    }
    return kept
  }

  /// The other documents of a leader's work.
  private func others(_ leader: (hit: EngineHit, work: String?)) throws(SearchError) -> [DocumentAddress] {
    guard let work = leader.work else { return [] }
    return try view.documents(with: work, in: .work).filter { $0 != leader.hit.address }
  }

  /// Chooses the version of each work that is shown.
  private func hits(
    _ page: [(hit: EngineHit, work: String?)], _ request: EngineRequest, _ shouldStop: () -> Bool
  ) throws(SearchError) -> [WorkHit] {
    var members: [[DocumentAddress]] = []
    for leader in page { members.append(try others(leader)) }
    let standings =
      members.allSatisfy(\.isEmpty) ? [] : try view.standings(of: Array(members.joined()), in: request, shouldStop: shouldStop)
    var start = 0
    var hits: [WorkHit] = []
    for ((leader, work), members) in zip(page, members) {
      defer { start += members.count }
      guard let work, !members.isEmpty else {
        hits.append(WorkHit(hit: leader, others: []))
        continue
      }
      let found = [leader] + standings[start..<start + members.count].compactMap { $0?.hit }
      let hit = Dictionary(uniqueKeysWithValues: found.map { ($0.address, $0) })
      var versions = ([leader.address] + members).map { WorkVersion($0, of: work, view, languages) }
      versions.sort { $0.isShownBefore($1) }
      let shown = versions.lazy.compactMap { hit[$0.address] }.first ?? leader
      hits.append(WorkHit(hit: shown, others: versions.filter { $0.address != shown.address }))
    }
    return hits
  }
}
