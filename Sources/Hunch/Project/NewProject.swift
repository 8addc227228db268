import Foundation
import GRDB

/// Makes a user's own project: a Swift package that gets the whole command line with its own rules.
public struct NewProject: Sendable {
  /// The folder to make.
  public let directory: String

  /// The folder with the sources of Hunch, on which the package depends by path.
  public let hunch: String

  /// Describes a project; ``create()`` makes it.
  public init(directory: String, hunch: String) {
    self.directory = directory
    self.hunch = hunch
  }

  /// Where this program was built from.
  public static var sourcesOfHunch: String {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { url.deleteLastPathComponent() }
    return url.path
  }

  /// The number of documents in the corpus of a new project.
  public static var documentCount: Int { NewProjectCorpus.documents.count }

  /// The package's name: the folder's, with what a package name cannot hold replaced.
  public var name: String {
    let last = URL(fileURLWithPath: directory).lastPathComponent.lowercased()
    let kept = last.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let trimmed = String(kept).split(separator: "-").joined(separator: "-")
    return trimmed.first.map { $0.isNumber ? "rules-\(trimmed)" : trimmed } ?? "rules"
  }

  /// The folder of the package's only target.
  public var module: String { name }

  /// Writes the files.
  ///
  /// - Throws: ``HunchError`` when the folder exists and is not empty, or cannot be written.
  public func create() throws(HunchError) {
    let manager = FileManager.default
    let contents = (try? manager.contentsOfDirectory(atPath: directory)) ?? []
    if !contents.isEmpty || isFile { throw .exists(path: directory) }
    guard manager.fileExists(atPath: hunch + "/Package.swift") else {
      throw .inputMissing(path: hunch + "/Package.swift")
    }
    do {
      try manager.createDirectory(
        atPath: "\(directory)/Sources/\(module)", withIntermediateDirectories: true)
      for (path, text) in files {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(path)"))
      }
      try NewProjectCorpus.write(to: "\(directory)/corpus.sqlite")
    } catch {
      throw .cannotCreate(path: directory, problem: error.localizedDescription)
    }
  }

  private var isFile: Bool {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
    return exists && !isDirectory.boolValue
  }

  private var files: [(path: String, text: String)] {
    [
      ("Package.swift", package), ("Sources/\(module)/Rules.swift", rules),
      ("Sources/\(module)/main.swift", main), ("hunch.yaml", configuration),
      (".gitignore", ".build/\nPackage.resolved\nhunch.workspace*\n"),
    ]
  }

  private var package: String {
    let path = URL(fileURLWithPath: hunch).standardizedFileURL.path
    return """
      // swift-tools-version: 6.2
      import PackageDescription

      let package = Package(
        name: "\(name)",
        platforms: [.macOS(.v15)],
        dependencies: [.package(name: "hunch", path: "\(path)")],
        targets: [
          .executableTarget(
            name: "\(module)",
            dependencies: [
              .product(name: "HunchCLI", package: "hunch"),
              .product(name: "HunchLabeling", package: "hunch"),
            ])
        ]
      )

      """
  }

  private var main: String {
    """
    import HunchCLI

    await HunchCommand.main(packs: [feedback])

    """
  }

  private var rules: String {
    """
    import HunchLabeling

    /// The classes. Their order is the order everywhere.
    enum Feedback: String, LabelSet { case praise, problem, question }

    /// The labeling functions: each votes for a class or abstains. None needs to be right always;
    /// Hunch learns from their agreements and conflicts how far to trust each.
    let feedback = RulePack("\(name)", for: Feedback.self) {
      Keywords("kind_words", ["thanks", "thank you", "love", "great", "lovely"], votes: .praise)
      Keywords("broken_words", ["broken", "late", "cold", "wrong", "refund"], votes: .problem)
      Pattern("asks", #"^(do|does|can|could|is|are|when|where|what|how)\\b"#, votes: .question)
      Heuristic("ends_with_question_mark") { $0.text.hasSuffix("?") ? .question : nil }
      Heuristic("exclaims") { $0.text.hasSuffix("!") ? .praise : nil }
    }

    """
  }

  private var configuration: String {
    """
    rules: \(name)
    corpus:
      path: corpus.sqlite       # replace with yours: 'hunch import FILE --into corpus.sqlite'
      table: documents
      id: id
      text: text
      gold: label               # optional: class names where they are known
      split: split              # optional: train, valid or test
      # gold_use: use           # optional: audit (random labels, which measure) or repair (chosen
                                # labels, which the label model learns from)
    # features:                 # optional: what the classifier looks at beside the texts
    #   numeric: [word_count]   # columns of the corpus with numbers
    #   categorical: [channel]  # and with categories
    #   embeddings: { url: "http://localhost:8000/v1/embeddings", model: all-MiniLM-L6-v2 }

    """
  }
}
