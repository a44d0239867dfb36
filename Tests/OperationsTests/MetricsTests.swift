import CoreMetrics
import Foundation
import FoundationNetworking
import Logging
import Synchronization
import Testing

@testable import Operations

@Test func seriesArePrintedAsPrometheusText() {
  let registry = MetricsRegistry { [.init("process_open_fds", help: "Open file descriptors.", 7)] }
  Counter(label: "chancery_searches", dimensions: [("outcome", "ok")], factory: registry).increment(by: 3)
  Counter(label: "chancery_searches", dimensions: [("outcome", "ok")], factory: registry).increment()
  Counter(label: "chancery_searches", dimensions: [("outcome", "a\"b\\c\nd")], factory: registry).increment()
  Meter(label: "journal.lag", dimensions: [], factory: registry).set(1.5)
  CoreMetrics.Timer(label: "search", dimensions: [], preferredDisplayUnit: .seconds, factory: registry).recordNanoseconds(2_000_000)
  let text = registry.text()
  #expect(
    text.hasPrefix("# HELP process_open_fds Open file descriptors.\n# TYPE process_open_fds gauge\nprocess_open_fds 7\n"))
  #expect(text.contains("# TYPE chancery_searches_total counter\n"))
  #expect(text.contains("chancery_searches_total{outcome=\"ok\"} 4\n"))
  #expect(text.contains("chancery_searches_total{outcome=\"a\\\"b\\\\c\\nd\"} 1\n"))
  #expect(text.contains("# TYPE journal_lag gauge\njournal_lag 1.5\n"))
  #expect(text.contains("# TYPE search_seconds histogram\n"))
  #expect(text.contains("search_seconds_bucket{le=\"0.001\"} 0\nsearch_seconds_bucket{le=\"0.0025\"} 1\n"))
  #expect(text.contains("search_seconds_bucket{le=\"+Inf\"} 1\nsearch_seconds_sum 0.002\nsearch_seconds_count 1\n"))
  #expect(text.hasSuffix("chancery_metrics_refused_total 0\n"))
}

@Test func seriesBeyondTheLimitOrOfAnotherKindAreCountedAsRefused() {
  let registry = MetricsRegistry()
  for number in 0..<MetricsRegistry.maximumSeries + 5 {
    Counter(label: "c", dimensions: [("n", "\(number)")], factory: registry).increment()
  }
  Meter(label: "c_total", dimensions: [], factory: registry).set(1)
  let lines = registry.text().split(separator: "\n")
  #expect(lines.count { $0.hasPrefix("c_total{") } == MetricsRegistry.maximumSeries)
  #expect(lines.last == "chancery_metrics_refused_total 6")
}

@Test func theProcessHasFigures() {
  let figures = ProcessFigures.now()
  #expect(figures.residentBytes > 1 << 20)
  #expect(figures.peakResidentBytes >= figures.residentBytes)
  #expect(figures.openFiles > 2)
}

@Test func metricsAndHealthAreServedOnLoopback() async throws {
  let (ports, continuation) = AsyncStream<Int>.makeStream()
  let server = MetricsServer(
    port: 0, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    answer: { path in MetricsServer.Answer(status: path == "/metrics" ? 200 : 404, mediaType: "text/plain", body: "at \(path)\n") },
    bound: { continuation.yield($0) })
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.run() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    for (path, status) in [("/metrics?x=1", 200), ("/else", 404)] {
      let (data, response) = try await URLSession.shared.data(from: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
      #expect((response as? HTTPURLResponse)?.statusCode == status)
      #expect(String(decoding: data, as: UTF8.self) == "at \(path.prefix { $0 != "?" })\n")
    }
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/metrics")))
    request.httpMethod = "POST"
    let (_, response) = try await URLSession.shared.data(for: request)
    #expect((response as? HTTPURLResponse)?.statusCode == 405)
    group.cancelAll()
    while (try await group.next()) != nil {}
  }
}
