import FuzzTargets
import Glibc

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ function: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `FUZZ_TARGET=NAME chancery-fuzz LIBFUZZER-ARGUMENTS…`: the fuzzer starts itself again with the same arguments when it merges.
@main enum Main {
  // Sound: written once, before the fuzzer starts, which runs on this thread.
  nonisolated(unsafe) private static var target = FuzzTarget.all[0]

  static func main() {
    let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) }
    guard let chosen = FuzzTarget.all.first(where: { $0.name == name }) else { fatalError("FUZZ_TARGET is one of \(names)") }
    target = chosen
    // The fuzzer may change the arguments and keeps them; nothing else reads them after this.
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
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
