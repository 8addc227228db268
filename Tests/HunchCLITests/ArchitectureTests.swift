import Foundation
import TestSupport
import Testing

/// Holds the sources to the rules of DESIGN.md. The package manager's own check of undeclared
/// imports (`--explicit-target-dependency-import-check`) lets a target import what another target
/// depends on, so it is done here.
@Suite("The house rules")
struct ArchitectureTests {
  /// What every target may import.
  private static let cLibraries: Set<String> = ["Glibc", "Musl", "Darwin"]

  /// What each target may import beside the C library.
  static let imports: [(folder: String, modules: Set<String>)] = [
    ("Sources/HunchText", []),
    ("Sources/HunchModels", ["HunchText", "Synchronization"]),
    ("Sources/HunchLabeling", ["HunchText", "CPCRE2", "Foundation"]),
    (
      "Sources/Hunch",
      [
        "HunchText", "HunchModels", "HunchLabeling", "Foundation", "Dispatch", "Synchronization",
        "GRDB", "GRDBSQLite", "CLibCrypto", "CryptoKit", "Yams", "Mustache",
      ]
    ),
    (
      "Sources/HunchServices",
      ["CCurl", "Hunch", "Foundation", "Synchronization"]
    ),
    (
      "Sources/HunchCLI",
      [
        "Hunch", "HunchServices", "HunchLabeling", "HunchModels", "HunchServer", "ArgumentParser",
        "Foundation", "Dispatch", "Synchronization",
      ]
    ),
    (
      "Sources/HunchServer",
      [
        "Hunch", "HunchText", "Foundation", "Synchronization", "NIOCore", "NIOHTTP1", "NIOPosix",
      ]
    ),
    ("Sources/HunchMain", ["CHunchCommit", "HunchCLI"]),
    ("labeling-functions", ["HunchLabeling"]),
    ("Benchmarks/ComparedModels", ["HunchModels"]),
    ("Tests/TestSupport", ["ComparedModels", "HunchModels", "HunchText", "Foundation"]),
    ("Tests/ProjectSupport", ["Hunch", "HunchLabeling", "HunchModels", "Foundation", "GRDB"]),
    (
      "Tests/ServiceStubs",
      [
        "HunchServer", "Foundation", "NIOCore", "NIOHTTP1", "NIOPosix", "Synchronization",
      ]
    ),
  ]

  /// The Swift files below a folder, with their lines.
  private func files(_ folder: String) throws -> [(path: String, lines: [Substring])] {
    let root = Repository.root.appendingPathComponent(folder)
    let paths = try #require(FileManager.default.enumerator(atPath: root.path))
    return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map {
      let text = try String(
        decoding: Data(contentsOf: root.appendingPathComponent($0)), as: UTF8.self)
      return ("\(folder)/\($0)", text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  @Test("targets import only what they may", arguments: imports)
  func declaredImports(folder: String, allowed: Set<String>) throws {
    let files = try files(folder)
    #expect(!files.isEmpty)
    for (path, lines) in files {
      // Imports stand at the margin, or behind `#if canImport`; what is deeper is text of a template.
      for line in lines {
        let form = /(?: {2})?(?:(?:public|package|internal) )?import (\w+)/
        guard let match = line.wholeMatch(of: form) else { continue }
        let module = String(match.1)
        #expect(allowed.union(Self.cLibraries).contains(module), "\(path): \(line)")
      }
    }
  }

  @Test(
    "folders use each other in one direction, or are two that belong together",
    arguments: try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appendingPathComponent("Sources").path))
  func rooms(module: String) throws {
    let root = "Sources/\(module)/"
    let graph = FolderGraph(
      try files("Sources/\(module)").map { path, lines in
        (String(path.dropFirst(root.count)), lines.joined(separator: "\n"))
      })
    for circle in graph.circles {
      #expect(circle.count <= 2, "a circle of \(circle.sorted().joined(separator: ", "))")
    }
    for (type, folders) in graph.homes {
      #expect(folders.count <= 2, "\(type) is extended in \(folders.sorted())")
    }
  }

  @Test func circlesOfFoldersAreFound() {
    let graph = FolderGraph([
      ("A/One.swift", "struct One { var two: Two }"), ("B/Two.swift", "// One\nenum Two {}"),
      ("C/Three.swift", "class Three: Two {}\nextension One {}"),
      ("Four.swift", "let three = Three()"),
      ("B/Five.swift", "package final class Five { let three: Three }"),
    ])
    #expect(graph.circles == [["A", "B", "C"]])
    #expect(graph.uses["."] == ["C"] && graph.uses["A"] == ["B"])
    #expect(graph.homes == ["One": ["A", "C"]])
  }

  @Test("no file is longer than 600 lines", arguments: ["Sources", "Tests", "labeling-functions"])
  func length(folder: String) throws {
    for (path, lines) in try files(folder) {
      #expect(lines.count <= 601, "\(path) has \(lines.count - 1) lines")
    }
  }

  @Test(
    "the tests of make test-unit start no process and compile no rules",
    arguments: ["HunchTextTests", "HunchModelsTests", "HunchLabelingTests", "HunchTests"])
  func unitTests(target: String) throws {
    for (path, lines) in try files("Tests/\(target)") {
      for line in lines {
        #expect(!line.contains(/\bProcess\(\)|posix_spawn|\bRuleLibrary\(/), "\(path): \(line)")
      }
    }
  }

  @Test("pointers stand in kernel files, each with its safety argument")
  func pointers() throws {
    for (path, lines) in try files("Sources") {
      let hasPointers = lines.contains { line in
        !line.drop(while: { $0 == " " }).hasPrefix("//")
          && line.contains(/Unsafe(Mutable)?(Raw)?(Buffer)?Pointer|OpaquePointer/)
      }
      guard hasPointers else { continue }
      #expect(path.hasSuffix("+Kernel.swift"), "\(path) has unsafe pointers")
      #expect(lines.contains { $0.contains("// SAFETY") }, "\(path) has no safety argument")
    }
  }
}
