import Foundation
import TestSupport

/// Why nothing was measured or written.
struct Failure: Error, CustomStringConvertible {
  let description: String
  /// The status to end with, of sysexits.h.
  let status: Int32
}

/// What is measured and where it is written.
struct Options {
  static let usage = """
    hunch-quality [--data DIR] [--more-data DIR] [--examples DIR] [--markdown FILE] [--json FILE]

    Scores every label model on each folder below the given ones that holds documents.jsonl,
    labels.json and votes.csv, and on the synthetic settings.

    --data DIR       corpora (default: HUNCH_DATA)
    --more-data DIR  further corpora (default: HUNCH_MORE_DATA)
    --examples DIR   examples of the repository, as quality/example.py writes them
    --markdown FILE  puts the figures between the marks of this file
    --json FILE      writes all figures
    """

  /// A corpus folder and whether it is there.
  struct Folder {
    var url: URL
    var isPresent: Bool
    var name: String { url.lastPathComponent }
  }

  /// The sets that peers' figures are known of; named where they are missing.
  private static let expectedData = ["sms", "trec", "yoruba", "youtube"]
  private static let expectedExamples = ["debian-packages", "support-messages"]

  private(set) var folders: [Folder] = []
  private(set) var markdown: URL?
  private(set) var json: URL?
  private(set) var wantsHelp = false

  init(_ arguments: [String]) throws {
    let environment = ProcessInfo.processInfo.environment
    var data = environment["HUNCH_DATA"]
    var more = environment["HUNCH_MORE_DATA"]
    var examples: String?
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--help" || argument == "-h" {
        wantsHelp = true
        return
      }
      guard ["--data", "--more-data", "--examples", "--markdown", "--json"].contains(argument)
      else { throw Failure(description: "unknown option \(argument); see --help", status: 64) }
      guard let value = rest.popFirst(), !value.isEmpty else {
        throw Failure(description: "\(argument) needs a value", status: 64)
      }
      switch argument {
      case "--data": data = value
      case "--more-data": more = value
      case "--examples": examples = value
      case "--markdown": markdown = URL(fileURLWithPath: value)
      default: json = URL(fileURLWithPath: value)
      }
    }
    folders = Self.folders(in: data, expecting: Self.expectedData)
    folders += Self.folders(in: more, expecting: [])
    folders += Self.folders(in: examples, expecting: Self.expectedExamples)
    if let more, !more.isEmpty, !FileManager.default.fileExists(atPath: more) {
      throw Failure(description: "\(more): no such folder", status: 66)
    }
  }

  /// The corpora in a folder by name, and the expected ones that are not there.
  private static func folders(in path: String?, expecting names: [String]) -> [Folder] {
    guard let path, !path.isEmpty else {
      return names.map { Folder(url: URL(fileURLWithPath: $0), isPresent: false) }
    }
    let root = URL(fileURLWithPath: path)
    let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return Set(found + names).sorted().compactMap { name in
      let url = root.appendingPathComponent(name)
      let isPresent = LabeledCorpus.isPresent(in: url)
      return isPresent || names.contains(name) ? Folder(url: url, isPresent: isPresent) : nil
    }
  }
}
