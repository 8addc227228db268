// swift-tools-version: 6.2
import PackageDescription

// Without traits the library needs no interposed malloc, and so no jemalloc either: it measures
// time, CPU and resident memory, which is what is wanted here.
let package = Package(
  name: "hunch-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "hunch", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "HunchBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "Hunch", package: "hunch"),
        .product(name: "HunchLabeling", package: "hunch"),
        .product(name: "HunchModels", package: "hunch"),
        .product(name: "HunchText", package: "hunch"),
      ],
      path: "HunchBenchmarks",
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ],
  swiftLanguageModes: [.v6]
)
