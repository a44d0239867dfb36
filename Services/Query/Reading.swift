import Catalogue
import ChanceryClient
import Documents
import Engine
import QueryLanguage
import Wire

extension QueryHandler {
  /// What the engine is asked for a person's query, and what of it is shown in passages: not what a thorough search adds.
  static func queries(
    _ text: String, isThorough: Bool, _ view: IndexView, _ shouldStop: () -> Bool
  ) throws(CallError) -> (asked: EngineQuery, shown: EngineQuery) {
    let languages = EngineQuery.languages(of: view)
    let citations = try citations(text, view, shouldStop)
    guard isThorough else {
      let query = try read(text, languages, citations)
      return (query, query)
    }
    let first = try read(text, languages, citations, Feedback())
    var request = EngineRequest(first)
    request.limit = Feedback.candidates
    request.wantsTotal = false
    let best = Feedback.best(try engine { () throws(SearchError) in try view.search(request, shouldStop: shouldStop) }.hits)
    var documents: [Document] = []
    for hit in best { documents.append(try document(hit.address, view)) }
    return (try read(text, languages, citations, Feedback(documents, in: view)), first)
  }

  private static func document(_ place: DocumentAddress, _ view: IndexView) throws(CallError) -> Document {
    let stored = try engine { () throws(SearchError) in try view.stored(place) }
    return try Document(try DocumentMessage(reply: stored[...]))
  }

  /// What the papers cite that a query names by `citedby`, by how they are written there. One that is not in the view cites nothing: whether it is not
  /// registered or not for this caller.
  private static func citations(_ text: String, _ view: IndexView, _ shouldStop: () -> Bool) throws(CallError) -> [String: [Symbol]] {
    guard text.lowercased().contains("citedby:"), let query = try? Query(text) else { return [:] }
    var citations: [String: [Symbol]] = [:]
    for name in Set(query.citingPapers) {
      if shouldStop() { throw .stopped }
      let request = GetRequest(symbol: name, documentID: DocumentID(hexadecimal: name)?.bytes ?? [])
      guard let place = try engine({ () throws(SearchError) in try find(request, view) }) else { continue }
      var seen: Set<Symbol> = []
      citations[name] = try document(place, view).citations.flatMap(\.symbols).filter { seen.insert($0).inserted }
    }
    return citations
  }

  /// Reads a person's query. Throws `invalid`, with `position`, `length` and `hint`.
  static func read(
    _ text: String, _ languages: [String] = EngineQuery.languages, _ citations: [String: [Symbol]] = [:], _ feedback: Feedback? = nil
  ) throws(CallError) -> EngineQuery {
    do throws(QueryError) {
      return try EngineQuery(reading: text, languages: languages, citations: citations, thorough: feedback)
    } catch {
      throw CallError(query: error)
    }
  }
}
