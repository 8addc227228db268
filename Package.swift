// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors where this variable is set (CI sets it), never for people who build with a
/// newer compiler that knows more warnings.
let strict = Context.environment["HUNCH_STRICT"] != nil

let strictly: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []
let common: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault")]
  + strictly

/// Compiled rules call what stands in the program.
let exported: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "--export-dynamic"], .when(platforms: [.linux])),
  .unsafeFlags(["-Xlinker", "-export_dynamic"], .when(platforms: [.macOS])),
]

/// For `make dist`: the program looks for the Swift libraries beside itself and not where the
/// toolchain of the build has them.
let libraries: [LinkerSetting] =
  Context.environment["HUNCH_DIST"] == nil
  ? []
  : [
    .unsafeFlags(
      ["-no-toolchain-stdlib-rpath", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib/hunch"],
      .when(platforms: [.linux]))
  ]

/// For `make test-unit`: test targets whose tests do whole runs, or start processes, servers or
/// compilers, are left out, so that what only they need is not built.
let unitTestsAlone = Context.environment["HUNCH_TESTS"] == "unit"

/// There what computes is optimised all the same: its tests draw many cases, and would lose more time
/// than the optimiser takes.
let computing: [SwiftSetting] = common + (unitTestsAlone ? [.unsafeFlags(["-O"])] : [])

/// What hashes: the system's OpenSSL where there is no CryptoKit.
#if os(Linux)
  let hashing: [Target] = [
    .systemLibrary(
      name: "CLibCrypto",
      pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]
    )
  ]
#else
  let hashing: [Target] = []
#endif

/// The test targets of `make test` that `make test-unit` leaves out.
let longTests: [Target] = [
  .testTarget(
    name: "HunchRunTests",
    dependencies: [
      "ProjectSupport", "TestSupport", "Hunch", "HunchLabeling", "HunchModels", "LabelingFunctions",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    swiftSettings: common
  ),
  .testTarget(
    name: "HunchServerTests",
    dependencies: [
      "TestSupport", "Hunch", "HunchModels", "HunchServer", "HunchText",
    ],
    swiftSettings: common),
  .testTarget(
    name: "HunchServicesTests",
    dependencies: [
      "ProjectSupport", "TestSupport", "ServiceStubs", "Hunch", "HunchServices", "HunchLabeling",
      "LabelingFunctions",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    exclude: ["serve_embeddings.py", "serve_tls.py"],
    swiftSettings: common
  ),
  .testTarget(
    name: "HunchCLITests",
    dependencies: [
      "ProjectSupport", "TestSupport", "ServiceStubs", "HunchCLI", "HunchMain", "Hunch",
      "HunchLabeling", "LabelingFunctions",
      .product(name: "GRDB", package: "GRDB.swift"),
    ],
    swiftSettings: common
  ),
]

let package = Package(
  name: "hunch",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "hunch", targets: ["HunchMain"]),
    .library(name: "HunchCLI", targets: ["HunchCLI"]),
    .library(name: "HunchLabeling", targets: ["HunchLabeling"]),
    .library(name: "HunchText", targets: ["HunchText"]),
    .library(name: "HunchModels", targets: ["HunchModels"]),
    .library(name: "Hunch", targets: ["Hunch"]),
    .library(name: "HunchServer", targets: ["HunchServer"]),
    // Synthetic votes and scoring for tests and for Benchmarks, not for users.
    .library(name: "HunchTestSupport", targets: ["TestSupport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
  ],
  targets: hashing + [
    .systemLibrary(
      name: "CPCRE2",
      pkgConfig: "libpcre2-8",
      providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]
    ),
    .target(name: "HunchText", swiftSettings: computing),
    .target(name: "HunchModels", dependencies: ["HunchText"], swiftSettings: computing),
    .target(
      name: "HunchLabeling", dependencies: ["CPCRE2", "HunchText"], swiftSettings: computing),
    .target(
      name: "Hunch",
      dependencies: hashing.map { .target(name: $0.name) } + [
        "HunchText", "HunchModels", "HunchLabeling", "Yams",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: common
    ),
    // Compiled against the headers of libcurl, which is opened when the first request goes out.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // Apart from `Hunch`, so that only programs that ask services over HTTP carry a client.
    .target(name: "HunchServices", dependencies: ["CCurl", "Hunch"], swiftSettings: common),
    .target(
      name: "HunchServer",
      dependencies: [
        "Hunch", "HunchText",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: common
    ),
    .target(
      name: "HunchCLI",
      dependencies: [
        "Hunch", "HunchServices", "HunchLabeling", "HunchModels", "HunchServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: common
    ),
    // The rule files of the examples, which `hunch` compiles when it runs them: here so that the tests
    // have them too, and their warnings are seen. Compiled as `hunch` does, without further features.
    .target(
      name: "LabelingFunctions", dependencies: ["HunchLabeling"], path: "labeling-functions",
      swiftSettings: strictly),
    .target(name: "CHunchCommit"),
    .executableTarget(
      name: "HunchMain", dependencies: ["CHunchCommit", "HunchCLI"], swiftSettings: common,
      linkerSettings: exported + libraries),
    // Published models to compare with, which nobody has a reason to choose.
    .target(
      name: "ComparedModels", dependencies: ["HunchModels"], path: "Benchmarks/ComparedModels",
      swiftSettings: computing),
    .target(
      name: "TestSupport", dependencies: ["ComparedModels", "HunchModels", "HunchText"],
      path: "Tests/TestSupport",
      swiftSettings: computing),
    .target(
      name: "ProjectSupport",
      dependencies: [
        "Hunch", "HunchLabeling", "HunchModels", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/ProjectSupport", swiftSettings: common),
    .target(
      name: "ServiceStubs",
      dependencies: [
        "HunchServer",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/ServiceStubs", swiftSettings: common),
    .testTarget(
      name: "HunchTextTests", dependencies: ["TestSupport", "HunchText"], swiftSettings: common),
    .testTarget(
      name: "HunchModelsTests",
      dependencies: ["ComparedModels", "TestSupport", "HunchModels", "HunchText"],
      swiftSettings: common),
    .testTarget(
      name: "HunchLabelingTests", dependencies: ["TestSupport", "HunchLabeling", "HunchText"],
      swiftSettings: common),
    .testTarget(
      name: "HunchTests",
      dependencies: [
        "ProjectSupport", "TestSupport", "Hunch", "HunchLabeling",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: common
    ),
  ] + (unitTestsAlone ? [] : longTests),
  swiftLanguageModes: [.v6]
)
