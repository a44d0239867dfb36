import CoreMetrics
import Logging
import Platform
import ServiceLifecycle
import Transport
import UnixSignals

/// Time that services have to finish their work after a signal before they are cancelled.
public let maximumShutdownDuration = Duration.seconds(30)

private let started = monotonicNow()
private func uptime() -> Double { Double(monotonicNow() - started) / 1e9 }
private let processMetrics = MetricsRegistry { ProcessFigures.now().gauges(uptime: uptime()) }

/// Makes every `Logger` of this process write JSON lines to standard error from `configuration.logLevel` on, and every metric count for /metrics.
/// Called once, before the first logger or metric is made.
public func bootstrapOperations(_ configuration: ServiceConfiguration) {
  _ = started
  bootstrapLogging(service: configuration.service, level: configuration.logLevel)
  MetricsSystem.bootstrap(processMetrics)
}

/// Runs `services` until one fails or the process is told to stop, with logs, metrics and /health as `configuration` says.
///
/// The services start in the order given and stop in the reverse order. SIGTERM or SIGINT makes `readiness` say "stopping" and lets them finish
/// (`gracefulShutdown()` of swift-service-lifecycle) for at most `maximumShutdownDuration`; a second signal cancels them at once. SIGHUP makes
/// `certificates`, which are all who use the configuration's, read them again; they also do when the files change.
/// Throws what the failing service threw. `bootstrapOperations` must have been called.
public func runService(
  _ configuration: ServiceConfiguration, version: String, readiness: Readiness, services: [any Service],
  certificates: [any CertificateUser], logger: Logger
) async throws {
  let watch = CertificateWatch(configuration.identity.paths, users: certificates, logger: logger)
  var all: [any Service] = [watch]
  if let port = configuration.metricsPort {
    all.append(
      MetricsServer(port: port, logger: logger) { path in
        page(path, configuration: configuration, version: version, readiness: readiness)
      })
  }
  all.append(contentsOf: services)
  var groupConfiguration = ServiceGroupConfiguration(services: all, logger: logger)
  groupConfiguration.maximumGracefulShutdownDuration = maximumShutdownDuration
  let group = ServiceGroup(configuration: groupConfiguration)
  let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
  logger.info("starting", metadata: ["version": "\(version)", "listen": "\(configuration.listen)"])
  try await withThrowingTaskGroup(of: Bool.self) { tasks in
    tasks.addTask {
      try await group.run()
      return true
    }
    tasks.addTask {
      var count = 0
      for await signal in signals {
        if signal == .sighup {
          await watch.take()
          continue
        }
        count += 1
        if count > 1 { break }
        logger.info("stopping", metadata: ["signal": "\(signal)"])
        readiness.setNotReady("stopping")
        await group.triggerGracefulShutdown()
      }
      return false
    }
    let finished = try await tasks.next() ?? true
    if !finished { logger.warning("stopping at once: second signal") }
    tasks.cancelAll()
    while (try await tasks.next()) != nil {}
  }
  logger.info("stopped", metadata: ["uptime_seconds": "\(Int(uptime()))"])
}

/// What /metrics, /health and other paths answer.
private func page(
  _ path: String, configuration: ServiceConfiguration, version: String, readiness: Readiness
) -> MetricsServer.Answer {
  switch path {
  case "/metrics":
    return MetricsServer.Answer(status: 200, mediaType: "text/plain; version=0.0.4; charset=utf-8", body: processMetrics.text())
  case "/health":
    let state = readiness.state
    let body = JSON.object([
      .init("service", .string(configuration.service)), .init("version", .string(version)), .init("ready", .bool(state.ready)),
      .init("reason", .string(state.reason)), .init("cluster", .string(configuration.cluster)),
      .init("listen", .string((state.address ?? configuration.listen).description)),
    ])
    return MetricsServer.Answer(status: state.ready ? 200 : 503, mediaType: "application/json", body: body.text + "\n")
  default:
    return MetricsServer.Answer(status: 404, mediaType: "text/plain", body: "only /metrics and /health\n")
  }
}
