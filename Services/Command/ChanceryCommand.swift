import ArgumentParser
import ChanceryClient
import Operations
import Platform
import Transport
import Wire

/// `chancery`: what a person or a script does with a running Chancery.
@main
struct ChanceryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery", abstract: "Submits documents to Chancery, finds and shows them.",
    discussion: """
      Endpoints and certificates come from flags, from the environment or from a settings file; `deploy/chancery up` writes \
      run/client.json, which is used when you are in the directory above it.

      Completion for your shell: chancery --generate-completion-script bash > ~/.local/share/bash-completion/completions/chancery \
      (or zsh, fish).

      Exit codes: 0 done; 1 something failed or was refused; 64 wrong arguments; 130 interrupted.
      """,
    version: softwareVersion,
    subcommands: [
      Submit.self, Search.self, Explain.self, Show.self, Cites.self, CitedBy.self, Amend.self, Import.self, Delete.self, Suggest.self,
      Status.self, Verify.self, Trace.self,
      Bench.self,
      Certs.self,
    ])
}

/// The flags that every subcommand has.
struct CommonOptions: ParsableArguments {
  @OptionGroup(title: "Connection") var client: ClientOptions

  @Flag(help: "Print JSON for programs.")
  var json = false

  @Flag(help: "Have the services remember what this command makes them do, and tell the id by which `chancery trace` shows it.")
  var trace = false

  @Flag(help: "Log what the client does, to standard error.")
  var verbose = false

  /// Runs `body` with a client and closes it. Errors are told to the person; throws the exit code.
  func withClient(_ body: (ChanceryClient) async throws -> Void) async throws {
    let opened: ChanceryClient
    do {
      var configuration = ChanceryConfiguration(try client.settings())
      if trace {
        let context = TraceContext()
        configuration.trace = context
        writeToStandardError("trace \(hexadecimal(context.trace))\n")
      }
      opened = try ChanceryClient(
        configuration, software: "chancery/\(softwareVersion)",
        logger: commandLogger("chancery", verbose: verbose))
    } catch {
      throw report("\(error)", hint: nil)
    }
    do {
      try await body(opened)
    } catch {
      await opened.close()
      if let error = error as? CallError { throw report(error) }
      if error is ExitCode || error is ValidationError { throw error }
      throw report("\(error)", hint: nil)
    }
    await opened.close()
  }

  /// Tells what failed on standard error, as JSON if that was asked for; gives the exit code.
  func report(_ error: CallError, query: String? = nil) -> ExitCode {
    if json {
      writeToStandardError(JSON.object([.init("error", error.json)]).text + "\n")
      return .failure
    }
    if let query, let position = error.detail("position").flatMap({ Int($0) }) {
      writeToStandardError("chancery: \(plain(error.message))\n\(caret(query, position: position))")
      if let hint = error.detail("hint") { writeToStandardError("hint: \(plain(hint))\n") }
      return .failure
    }
    return report(error.message, hint: error.detail("hint") ?? advice(error))
  }

  func report(_ message: String, hint: String?) -> ExitCode { reportFailure(message, hint: hint, json: json) }

  /// What a person can do about an error that brings no hint of its own.
  private func advice(_ error: CallError) -> String? {
    switch error.code {
    case .unavailable: "is it running? `deploy/chancery status` says; `deploy/chancery up` starts it"
    case .unauthenticated:
      "check the certificate, its key and the authority (--certificate, --key, --ca); `deploy/chancery certs` renews them"
    case .forbidden: "this certificate's role may not do that; submit and delete need submitter or operator, verify needs operator"
    case .overloaded: "try again" + (error.retryAfterMilliseconds > 0 ? " in \(error.retryAfterMilliseconds) ms" : " a little later")
    case .deadline: "the answer took too long; try again, or ask for less"
    default: error.retryable ? "trying again may help" : nil
    }
  }
}

/// Tells what failed on standard error, as JSON if that was asked for; gives the exit code.
func reportFailure(_ message: String, hint: String?, json: Bool) -> ExitCode {
  if json {
    let fields = [JSON.Member("message", .string(message))] + (hint.map { [.init("hint", .string($0))] } ?? [])
    writeToStandardError(JSON.object([.init("error", .object(fields))]).text + "\n")
  } else {
    writeToStandardError("chancery: \(plain(message))\n" + (hint.map { "hint: \(plain($0))\n" } ?? ""))
  }
  return .failure
}

/// `query` and below it a caret under the character at UTF-8 offset `position`.
func caret(_ query: String, position: Int) -> String {
  let line = plain(query).replacing("\n", with: " ")
  let before = String(decoding: query.utf8.prefix(max(0, position)), as: UTF8.self).count
  return "  \(line)\n  \(String(repeating: " ", count: before))^\n"
}

extension ChanceryConfiguration {
  init(_ settings: ClientSettings) {
    self.init(
      ingest: settings.ingest.map(\.endpoint), index: settings.index.map(\.endpoint), query: settings.query.map(\.endpoint),
      identity: TLSIdentity(
        certificateChain: settings.certificate, privateKey: settings.key, authority: settings.ca, revocations: settings.crl),
      cluster: settings.cluster)
  }
}

/// `text` without the control characters by which a document could command the terminal.
func plain(_ text: String) -> String {
  func harmless(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value) }
  if text.unicodeScalars.allSatisfy(harmless) { return text }
  return String(String.UnicodeScalarView(text.unicodeScalars.map { harmless($0) ? $0 : "\u{fffd}" }))
}

/// Prints `json` on standard output, indented.
func printJSON(_ json: JSON) throws { try writeToStandardOutput((json.indented + "\n").utf8) }
