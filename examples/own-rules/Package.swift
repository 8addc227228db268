// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "own-rules",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "hunch", path: "../..")],
  targets: [
    .executableTarget(
      name: "own-rules",
      dependencies: [
        .product(name: "HunchCLI", package: "hunch"),
        .product(name: "HunchLabeling", package: "hunch"),
      ])
  ]
)
