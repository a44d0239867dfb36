// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "engine-bench",
  dependencies: [.package(name: "chancery", path: "../..")],
  targets: [
    .executableTarget(
      name: "chancery-engine-bench", dependencies: [.product(name: "ChanceryEngine", package: "chancery")],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
  ]
)
