// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Benchmarks measure what users of the libraries do not see, so they are compiled as part of the
/// package above. The package manager calls that one by the name of its folder; targets whose
/// `packageAccess` is on would be called by the name of this folder instead.
let folder = URL(
  fileURLWithPath: Context.environment["HUNCH_PACKAGE"] ?? Context.packageDirectory + "/.."
).standardizedFileURL.lastPathComponent.lowercased()
let packageName = String(folder.map { $0.isLetter || $0.isNumber ? $0 : "_" })

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-package-name", packageName]),
]

// Without traits the library needs no interposed malloc, and so no jemalloc either: it measures
// time, CPU and resident memory, which is what is wanted here.
let package = Package(
  name: "hunch-benchmarks",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "hunch-bench", targets: ["HunchBench"]),
    .executable(name: "hunch-quality", targets: ["HunchQuality"]),
    .executable(name: "hunch-training", targets: ["HunchTraining"]),
  ],
  dependencies: [
    .package(name: "hunch", path: Context.environment["HUNCH_PACKAGE"] ?? ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(
      name: "Messages",
      dependencies: [.product(name: "HunchLabeling", package: "hunch")],
      path: "Messages",
      packageAccess: false,
      swiftSettings: settings
    ),
    .target(
      name: "Storage",
      dependencies: [.product(name: "HunchModels", package: "hunch")],
      path: "Storage",
      packageAccess: false,
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HunchBench",
      dependencies: ["Messages", .product(name: "HunchCLI", package: "hunch")],
      path: "HunchBench",
      packageAccess: false,
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HunchQuality",
      dependencies: [
        .product(name: "HunchModels", package: "hunch"),
        .product(name: "HunchTestSupport", package: "hunch"),
      ],
      path: "HunchQuality",
      packageAccess: false,
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HunchTraining",
      dependencies: [
        "Storage",
        .product(name: "HunchModels", package: "hunch"),
        .product(name: "HunchText", package: "hunch"),
      ],
      path: "HunchTraining",
      packageAccess: false,
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HunchBenchmarks",
      dependencies: [
        "Messages", "Storage",
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "Hunch", package: "hunch"),
        .product(name: "HunchLabeling", package: "hunch"),
        .product(name: "HunchModels", package: "hunch"),
        .product(name: "HunchText", package: "hunch"),
      ],
      path: "HunchBenchmarks",
      packageAccess: false,
      swiftSettings: settings,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
  ],
  swiftLanguageModes: [.v6]
)
