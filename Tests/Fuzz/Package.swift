// swift-tools-version: 6.2
import PackageDescription

// `Shared` holds links to the rooms under test: a dependency on the whole package would not be compiled for the fuzzer. Optimised, but assertions stay.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-assert-config", "Debug"]),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude,
    swiftSettings: settings + [.unsafeFlags(["-sanitize=fuzzer"])])
}

let package = Package(
  name: "chancery-fuzz",
  targets: [
    .systemLibrary(name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "openssl"),
    .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CZstd", path: "Shared/CZstd", pkgConfig: "libzstd"),
    .systemLibrary(name: "CXXHash", path: "Shared/CXXHash", pkgConfig: "libxxhash"),
    .systemLibrary(name: "CStemmer", path: "Shared/CStemmer"),
    .target(name: "CKernels", path: "Shared/CKernels"),
    .target(name: "CSandbox", path: "Shared/CSandbox"),
    room("Platform", ["COpenSSL", "CSandbox", "CXXHash", "CZlib", "CZstd"]),
    room("Wire"),
    room("DocumentSymbols"),
    room("Documents", ["DocumentSymbols"]),
    room("Reading", ["Documents", "Platform"]),
    room("Analysis", ["CStemmer"]),
    room("Engine", ["Analysis", "CKernels", "Platform"]),
    room("QueryLanguage"),
    room("Catalogue", ["Documents", "Engine", "Analysis", "QueryLanguage"]),
    // What needs connections is left out.
    room("Store", ["Platform", "Wire"], exclude: ["ObjectTransfer.swift"]),
    // The rules are not watched by the fuzzer: what it tries to reach is in the rooms.
    .target(
      name: "FuzzTargets", dependencies: ["Wire", "Documents", "Reading", "Engine", "QueryLanguage", "Catalogue", "Store", "Platform"],
      path: "Targets", swiftSettings: settings),
    .executableTarget(
      name: "chancery-fuzz", dependencies: ["FuzzTargets"], swiftSettings: settings,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ]
)
