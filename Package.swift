// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
  .target(name: name, dependencies: dependencies, path: path ?? "Shared/\(name)", swiftSettings: settings)
}

func service(_ name: String, _ dependencies: [Target.Dependency], path: String) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)Tests", swiftSettings: settings)
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let http = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
  name: "chancery",
  products: [
    .library(name: "ChanceryClient", targets: ["ChanceryClient"]),
    .library(name: "DocumentSymbols", targets: ["DocumentSymbols"]),
    .library(name: "ChanceryEngine", targets: ["Engine", "Analysis", "CKernels", "Platform"]),
    .library(name: "ChanceryCatalogue", targets: ["Catalogue", "Documents", "Engine", "Platform"]),
    .executable(name: "chancery-ingest", targets: ["chancery-ingest"]),
    .executable(name: "chancery-index", targets: ["chancery-index"]),
    .executable(name: "chancery-query", targets: ["chancery-query"]),
    .executable(name: "chancery", targets: ["chancery"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", path: "Shared/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CXXHash", path: "Shared/CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CEpoll", path: "Shared/CEpoll"),
    .systemLibrary(name: "CStemmer", path: "Shared/CStemmer", providers: [.apt(["libstemmer-dev"])]),
    .target(name: "CKernels", path: "Shared/CKernels"),
    .target(name: "CSandbox", path: "Shared/CSandbox"),
    room("Platform", ["COpenSSL", "CSandbox", "CXXHash", "CZlib", "CZstd"]),
    room("Wire"),
    room("Network", ["CEpoll", "Platform", deque, heap]),
    room("Transport", ["Wire", "Network", "Platform", "COpenSSL", deque, log]),
    room("Certificates", ["Wire", "Platform", "COpenSSL"]),
    room("DocumentSymbols"),
    room("Documents", ["DocumentSymbols"]),
    room("Reading", ["Documents", "Platform"]),
    room("Analysis", ["CStemmer"]),
    room("Engine", ["Analysis", "CKernels", "Platform"]),
    room("QueryLanguage"),
    room("Catalogue", ["Documents", "Engine", "Analysis", "QueryLanguage"]),
    room("Store", ["Platform", "Wire", "Transport"]),
    room("Operations", [log, metrics, lifecycle, configuration, arguments, http, signals, "Platform", "Transport", "Wire"] + nio),
    room("ChanceryClient", ["Wire", "Transport", "Documents", "Platform", log], path: "Shared/Client"),
    service(
      "chancery-ingest",
      ["Wire", "Transport", "Documents", "Reading", "Store", "Platform", "Operations", "ChanceryClient", log, lifecycle, arguments],
      path: "Services/Ingest"),
    service(
      "chancery-index",
      [
        "Wire", "Transport", "Documents", "Analysis", "Engine", "Catalogue", "Store", "Platform", "Operations", "ChanceryClient", log,
        metrics,
        lifecycle, arguments,
      ], path: "Services/Index"),
    service(
      "chancery-query",
      [
        "Wire", "Transport", "Documents", "Analysis", "Engine", "QueryLanguage", "Catalogue", "Store", "Platform", "Operations",
        "ChanceryClient",
        log, metrics, lifecycle, arguments,
      ], path: "Services/Query"),
    service(
      "chancery",
      [
        "ChanceryClient", "Certificates", "Wire", "Transport", "Documents", "Reading", "Platform", "Operations", arguments, csv, histogram,
        log,
      ],
      path: "Services/Command"),
    room("TestSupport", path: "Tests/Support"),
    tests("Wire", ["Wire"]),
    tests("Network", ["Network", "Platform"]),
    tests("Transport", ["Transport", "Wire", "Network", log]),
    tests("DocumentSymbols", ["DocumentSymbols"]),
    tests("Documents", ["Documents"]),
    tests("Reading", ["Reading", "Documents", "Platform"]),
    tests("Analysis", ["Analysis"]),
    tests("Engine", ["Engine", "Analysis", "Platform"]),
    tests("QueryLanguage", ["QueryLanguage"]),
    tests("Catalogue", ["Catalogue", "Documents", "Engine", "Analysis", "QueryLanguage", "Reading", "Platform"]),
    tests("Store", ["Store", "Platform"]),
    tests("Platform", ["Platform"]),
    tests("Certificates", ["Certificates", "Wire", "Platform"]),
    tests("Operations", ["Operations"]),
    tests("Ingest", ["chancery-ingest", "Documents", "Reading", "Platform", "Wire"]),
    tests("Index", ["chancery-index", "ChanceryClient", "Documents", "Engine", "Store", "Platform", "Wire", log]),
    tests("Query", ["chancery-query", "ChanceryClient", "Catalogue", "Documents", "Engine", "Store", "Platform", "Wire"]),
    tests("Command", ["chancery", "ChanceryClient", "Certificates", "Wire", "Documents", "Reading", "Operations", "Platform", histogram]),
    // Rules that any bytes must keep: for the tests, and for the fuzzer in Tests/Fuzz.
    room(
      "FuzzTargets", ["Wire", "Documents", "Reading", "Engine", "QueryLanguage", "Catalogue", "Store", "Platform"],
      path: "Tests/Fuzz/Targets"),
    tests("Fuzz", ["FuzzTargets"]),
    tests("Tidy", []),
    tests(
      "System",
      [
        "ChanceryClient", "Wire", "Transport", "Documents", "Reading", "Catalogue", "Engine", "Store", "Operations", "Platform",
        "chancery-ingest",
        "chancery-index", "chancery-query", "chancery", log,
      ]),
  ]
)
