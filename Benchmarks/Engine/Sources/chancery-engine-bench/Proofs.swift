import Engine
import Platform
import Synchronization

/// Opening, many searches at once, and searches beside a merge.
enum Proofs {
  private static let isDone = Atomic(false)

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

  /// Answers a second on one thread and on two, in turns; prints the medians and their ratio, by the clock and by the threads' processor time, in which
  /// other work on the machine does not count.
  static func throughput(_ folder: String, _ requests: [EngineRequest]) async throws {
    let view = try Bench.view(folder)
    _ = try await answers(view, requests, threads: 2)
    var (one, two): ([Rates], [Rates]) = ([], [])
    for _ in 0..<9 {
      one.append(try await answers(view, requests, threads: 1))
      two.append(try await answers(view, requests, threads: 2))
    }
    for (name, rate) in [("clock", \Rates.clock), ("processor time", \Rates.processor)] {
      let ratio = median(zip(one, two).map { $1[keyPath: rate] / $0[keyPath: rate] })
      print(
        "answers a second by \(name): one thread \(Int(median(one.map { $0[keyPath: rate] }))), two \(Int(median(two.map { $0[keyPath: rate] }))), ratio \(ratio)"
      )
    }
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  /// Answers a second: all by the clock; the sum of each thread's by its own processor time.
  private struct Rates: Sendable {
    var clock = 0.0
    var processor = 0.0
  }

  private static func answers(_ view: IndexView, _ requests: [EngineRequest], threads: Int) async throws -> Rates {
    let start = monotonicNow()
    return try await withThrowingTaskGroup(of: Rates.self) { group in
      for thread in 0..<threads {
        group.addTask {
          let processorStart = processorNow()
          var (done, next) = (0.0, thread * requests.count / threads)
          while monotonicNow() < start + 1_000_000_000 {
            _ = try view.search(requests[next])
            next = (next + 1) % requests.count
            done += 1
          }
          return Rates(
            clock: done / (Double(monotonicNow() - start) / 1e9), processor: done / (Double(processorNow() - processorStart) / 1e9))
        }
      }
      return try await group.reduce(into: Rates()) {
        $0.clock += $1.clock
        $0.processor += $1.processor
      }
    }
  }

  /// The latencies of searches alone, and while another thread merges the segment with itself over and over; prints p50 and p99 in microseconds, by the
  /// clock and by processor time.
  static func merge(_ folder: String, _ requests: [EngineRequest]) async throws {
    let reader = try SegmentReader(Bench.segmentPath(folder))
    let view = IndexView([(reader, nil)])
    _ = try latencies(view, requests)
    var (alone, beside): ([Latency], [Latency]) = ([], [])
    for _ in 0..<5 {
      alone += try latencies(view, requests)
      isDone.store(false, ordering: .relaxed)
      beside += try await withThrowingTaskGroup(of: [Latency].self) { group in
        group.addTask {
          while !isDone.load(ordering: .relaxed) {
            let path = "\(folder)/merged"
            if Directory.exists(path) { try Directory.remove(path) }
            _ = try SegmentMerger.merge([(reader, nil), (reader, nil)], to: path, shouldStop: { isDone.load(ordering: .relaxed) })
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
    for (name, time) in [("clock", \Latency.clock), ("processor time", \Latency.processor)] {
      func line(_ values: [Latency]) -> String {
        let sorted = values.map { $0[keyPath: time] }.sorted()
        return "p50 \(sorted[sorted.count / 2]) p99 \(sorted[sorted.count * 99 / 100])"
      }
      print("µs by \(name) alone: \(line(alone)); beside a merge: \(line(beside))")
    }
  }

  private struct Latency: Sendable {
    let clock, processor: Double
  }

  private static func latencies(_ view: IndexView, _ requests: [EngineRequest]) throws -> [Latency] {
    var all: [Latency] = []
    for _ in 0..<3 {
      for request in requests {
        let (start, processorStart) = (monotonicNow(), processorNow())
        _ = try view.search(request)
        let (processorEnd, end) = (processorNow(), monotonicNow())
        all.append(Latency(clock: Double(end - start) / 1e3, processor: Double(processorEnd - processorStart) / 1e3))
      }
    }
    return all
  }
}
