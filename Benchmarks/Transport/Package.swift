// swift-tools-version: 6.2
import PackageDescription

// `Shared` holds links to the rooms under measurement. A dependency on the whole package would need a product for them, and would not let this program
// at the TLS handler, which is `package` and should stay so.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: settings)
}

let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOTLS", package: "swift-nio"),
]

let package = Package(
  name: "transport-bench",
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "openssl"),
    .systemLibrary(name: "CZstd", path: "Shared/CZstd", pkgConfig: "libzstd"),
    .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CXXHash", path: "Shared/CXXHash", pkgConfig: "libxxhash"),
    .target(name: "CSandbox", path: "Shared/CSandbox"),
    room("Platform", ["COpenSSL", "CSandbox", "CXXHash", "CZlib", "CZstd"]),
    room("Wire"),
    room("Transport", ["Wire", "Platform", "COpenSSL", .product(name: "Logging", package: "swift-log")] + nio),
    .executableTarget(
      name: "chancery-transport-bench", dependencies: ["Transport", "Platform", .product(name: "NIOSSL", package: "swift-nio-ssl")] + nio,
      path: "Sources", swiftSettings: settings),
  ]
)
