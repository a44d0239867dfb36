// swift-tools-version: 6.2
import PackageDescription

// `Shared` holds links to the rooms under measurement: a dependency on the whole package would need products for them.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: settings)
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")

let package = Package(
  name: "rpc-bench",
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "openssl"),
    .systemLibrary(name: "CZstd", path: "Shared/CZstd", pkgConfig: "libzstd"),
    .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CXXHash", path: "Shared/CXXHash", pkgConfig: "libxxhash"),
    .systemLibrary(name: "CEpoll", path: "Shared/CEpoll"),
    .target(name: "CSandbox", path: "Shared/CSandbox"),
    room("Platform", ["COpenSSL", "CSandbox", "CXXHash", "CZlib", "CZstd"]),
    room("Wire"),
    room("Network", ["CEpoll", "Platform", deque, heap]),
    room("Transport", ["Wire", "Network", "Platform", "COpenSSL", deque, log]),
    .executableTarget(
      name: "chancery-rpc-bench",
      dependencies: [
        "Transport", "Network", "Wire", "Platform", log,
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
      ], swiftSettings: settings),
  ]
)
