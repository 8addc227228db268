// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
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
      swiftSettings: settings
    ),
    .target(
      name: "Storage",
      dependencies: [.product(name: "HunchModels", package: "hunch")],
      path: "Storage",
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HunchBench",
      dependencies: ["Messages", .product(name: "HunchCLI", package: "hunch")],
      path: "HunchBench",
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HunchQuality",
      dependencies: [
        .product(name: "HunchModels", package: "hunch"),
        .product(name: "HunchTestSupport", package: "hunch"),
      ],
      path: "HunchQuality",
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
      swiftSettings: settings,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
  ],
  swiftLanguageModes: [.v6]
)
