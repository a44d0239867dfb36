// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "relevance-bench",
  dependencies: [.package(name: "chancery", path: "../..")],
  targets: [
    .executableTarget(
      name: "chancery-relevance", dependencies: [.product(name: "ChanceryCatalogue", package: "chancery")],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
  ]
)
