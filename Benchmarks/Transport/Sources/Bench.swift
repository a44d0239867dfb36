import Foundation
import NIOCore
import Platform

/// What the connections of one measurement do.
struct Shape: Sendable {
  let name: String
  let size: Int
  let connections: Int
  /// Messages under way on each connection.
  let depth: Int

  static let all = [
    Shape(name: "256 B, 1 connection", size: 256, connections: 1, depth: 1),
    Shape(name: "256 B, 1 connection, 16 in flight", size: 256, connections: 1, depth: 16),
    Shape(name: "256 B, 50 connections", size: 256, connections: 50, depth: 1),
    Shape(name: "256 B, 50 connections, 16 in flight", size: 256, connections: 50, depth: 16),
    Shape(name: "1 MiB, 1 connection", size: 1 << 20, connections: 1, depth: 1),
  ]
}

/// One round: echoes per second, and microseconds of the process's processor time for each, both sides and the system's part included.
struct Round {
  let rate: Double
  let processor: Double

  init(_ setting: Setting, seconds: Double) async throws {
    let before = (clock: monotonicNow(), processor: Self.processorTime())
    let count = Double(try await setting.run(.nanoseconds(Int64(seconds * 1e9))))
    rate = count / (Double(monotonicNow() - before.clock) / 1e9)
    processor = (Self.processorTime() - before.processor) / count * 1e6
  }

  /// In seconds. POSIX counts it in microseconds.
  private static func processorTime() -> Double { Double(clock()) / 1e6 }
}

extension [Double] {
  var median: Double { sorted()[count / 2] }
}

/// Compares our TLS handler with swift-nio-ssl's: the same certificates, TLS 1.3 with both sides' certificates, the same pipeline otherwise, in turns.
/// Arguments: rounds (9), seconds of a round (0.5), part of a shape's name (all).
@main struct Bench {
  static func main() async throws {
    var arguments = CommandLine.arguments.dropFirst().makeIterator()
    let rounds = arguments.next().flatMap { Int($0) } ?? 9
    let seconds = arguments.next().flatMap { Double($0) } ?? 0.5
    let filter = arguments.next()
    let certificates = try Certificates()
    let libraries = [try certificates.ours(), try certificates.theirs()]
    print("Medians of \(rounds) rounds of \(seconds) s each in turns. A ratio above 1: ours is better.\n")
    print("| echo | ours /s | swift-nio-ssl /s | ratio | ours CPU µs | swift-nio-ssl CPU µs | ratio |\n|---|---|---|---|---|---|---|")
    for shape in Shape.all where filter.map(shape.name.contains) ?? true {
      let settings = [try await Setting(libraries[0], shape), try await Setting(libraries[1], shape)]
      var results: [[Round]] = [[], []]
      // The first round of each is thrown away: caches and buffers are cold.
      for round in 0...rounds {
        for side in round.isMultiple(of: 2) ? [0, 1] : [1, 0] {
          let result = try await Round(settings[side], seconds: seconds)
          if round > 0 { results[side].append(result) }
        }
      }
      for setting in settings { try await setting.close() }
      let rates = results.map { $0.map(\.rate).median }
      let processor = results.map { $0.map(\.processor).median }
      let cells = [
        shape.name, text(rates[0]), text(rates[1]), String(format: "%.2f", rates[0] / rates[1]),
        text(processor[0]), text(processor[1]), String(format: "%.2f", processor[1] / processor[0]),
      ]
      print("| \(cells.joined(separator: " | ")) |")
    }
  }

  private static func text(_ number: Double) -> String { String(format: number < 100 ? "%.1f" : "%.0f", number) }
}
