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
    guard isThorough else {
      let query = try read(text, languages)
      return (query, query)
    }
    let first = try read(text, languages, Feedback())
    var request = EngineRequest(first)
    request.limit = Feedback.candidates
    request.wantsTotal = false
    let best = Feedback.best(try engine { () throws(SearchError) in try view.search(request, shouldStop: shouldStop) }.hits)
    var documents: [Document] = []
    for hit in best {
      let stored = try engine { () throws(SearchError) in try view.stored(hit.address) }
      documents.append(try Document(try DocumentMessage(reply: stored[...])))
    }
    return (try read(text, languages, Feedback(documents, in: view)), first)
  }

  /// Reads a person's query. Throws `invalid`, with `position`, `length` and `hint`.
  static func read(
    _ text: String, _ languages: [String] = EngineQuery.languages, _ feedback: Feedback? = nil
  ) throws(CallError) -> EngineQuery {
    do throws(QueryError) { return try EngineQuery(reading: text, languages: languages, thorough: feedback) } catch {
      throw CallError(query: error)
    }
  }
}
