import Engine
import Platform
import Synchronization

/// Opening, many searches at once, and searches beside a merge.
enum Proofs {
  /// Opens a segment and answers one query, once with its pages out of the cache and then ten times with them in it; prints milliseconds.
  static func open(_ folder: String, query words: String) throws {
    let path = Bench.segmentPath(folder)
    func once() throws -> (opened: Double, answered: Double, hits: Int) {
      let start = monotonicNow()
      let view = try Bench.view(folder, .directory)
      let opened = monotonicNow()
      let result = try view.search(EngineRequest(Bench.query("and", Array(words.utf8))))
      return (Double(opened - start) / 1e6, Double(monotonicNow() - start) / 1e6, result.total)
    }
    try dropFromCache(path)
    let cold = try once()
    let warm = try (0..<10).map { _ in try once() }.sorted { $0.answered < $1.answered }[5]
    print("\(cold.hits) hits; open and answer, ms: cold \(cold.opened) \(cold.answered), warm \(warm.opened) \(warm.answered)")
  }

  /// Answers a second on one thread and on two, in turns; prints the medians and their ratio.
  static func throughput(_ folder: String, _ requests: [EngineRequest]) async throws {
    let view = try Bench.view(folder)
    _ = try await answers(view, requests, threads: 2)
    var (one, two, ratios): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<9 {
      one.append(try await answers(view, requests, threads: 1))
      two.append(try await answers(view, requests, threads: 2))
      ratios.append(two[two.count - 1] / one[one.count - 1])
    }
    print("answers a second: one thread \(Int(median(one))), two \(Int(median(two))), ratio \(median(ratios)), best \(ratios.max() ?? 0)")
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func answers(_ view: IndexView, _ requests: [EngineRequest], threads: Int) async throws -> Double {
    let end = monotonicNow() + 1_000_000_000
    let all = try await withThrowingTaskGroup(of: Int.self) { group in
      for thread in 0..<threads {
        group.addTask {
          var (done, next) = (0, thread * requests.count / threads)
          while monotonicNow() < end {
            _ = try view.search(requests[next])
            next = (next + 1) % requests.count
            done += 1
          }
          return done
        }
      }
      return try await group.reduce(0, +)
    }
    return Double(all)
  }

  private static let isDone = Atomic(false)

  /// The latencies of searches alone, and while another thread merges the segment with itself over and over; prints p50 and p99 in microseconds.
  static func merge(_ folder: String, _ requests: [EngineRequest]) async throws {
    let reader = try SegmentReader(Bench.segmentPath(folder))
    let view = IndexView([(reader, nil)])
    _ = try latencies(view, requests)
    var (alone, beside): ([Double], [Double]) = ([], [])
    for _ in 0..<5 {
      alone += try latencies(view, requests)
      isDone.store(false, ordering: .relaxed)
      beside += try await withThrowingTaskGroup(of: [Double].self) { group in
        group.addTask {
          while !isDone.load(ordering: .relaxed) {
            _ = try SegmentMerger.merge([(reader, nil), (reader, nil)], shouldStop: { isDone.load(ordering: .relaxed) })
          }
          return []
        }
        group.addTask {
          defer { isDone.store(true, ordering: .relaxed) }
          return try latencies(view, requests)
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
    }
    func line(_ values: [Double]) -> String {
      let sorted = values.sorted()
      return "p50 \(sorted[sorted.count / 2]) p99 \(sorted[sorted.count * 99 / 100])"
    }
    print("µs alone: \(line(alone)); beside a merge: \(line(beside))")
  }

  private static func latencies(_ view: IndexView, _ requests: [EngineRequest]) throws -> [Double] {
    var all: [Double] = []
    for _ in 0..<3 {
      for request in requests {
        let start = monotonicNow()
        _ = try view.search(request)
        all.append(Double(monotonicNow() - start) / 1e3)
      }
    }
    return all
  }
}
