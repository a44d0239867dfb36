import FuzzTargets

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ function: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `chancery-fuzz TARGET LIBFUZZER-ARGUMENTS…`
@main enum Main {
  // Sound: written once, before the fuzzer starts, which runs on this thread.
  nonisolated(unsafe) private static var target = FuzzTarget.all[0]

  static func main() {
    let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
    guard CommandLine.argc >= 2, let chosen = FuzzTarget.all.first(where: { $0.name == CommandLine.arguments[1] }) else {
      fatalError("name a target first: \(names)")
    }
    target = chosen
    // The fuzzer may change the arguments and keeps them; nothing else reads them after this. The target's name takes the program's place.
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv + 1
    _ = runDriver(&count, &arguments) { start, count in
      do throws(Broken) {
        try Main.target.check(Array(UnsafeBufferPointer(start: start, count: count)))
      } catch {
        fatalError(error.description)
      }
      return 0
    }
  }
}
