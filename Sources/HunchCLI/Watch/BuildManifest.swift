import Foundation

/// The commands that the package manager wrote down for its build tool (`.build/release.yaml`), as
/// far as they are needed to compile one module and to link one program again.
package struct BuildManifest {
  /// A command: what it reads and writes, and the words that start it.
  package struct Command {
    package var name: String
    package var inputs: [String]
    package var outputs: [String]
    package var arguments: [String]
  }

  private var blocks: [(name: String, lines: [Substring])] = []

  /// Reads a manifest; nil where there is none.
  package init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    // Every command is a name on a line of its own and a line for each key, its value in JSON.
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("  \"C."), line.hasSuffix("\":") {
        blocks.append((String(line.dropFirst(3).dropLast(2)), []))
      } else if line.hasPrefix("    "), !blocks.isEmpty {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
  }

  /// The command that compiles the module of a source file; nil where there is none, or it is not
  /// of the form that is known.
  package func compileCommand(of source: String) -> Command? {
    command { name, inputs in name.hasSuffix(".module") && inputs.contains("\"\(source)\"") }
  }

  /// The command that links a program into a file.
  package func linkCommand(of program: String) -> Command? {
    let block = blocks.first { block in
      block.name.hasSuffix(".exe")
        && block.lines.contains { $0.hasPrefix("    outputs:") && $0.contains("\"\(program)\"") }
    }
    return block.flatMap(Self.parsed)
  }

  /// The commands that compile modules which import a module.
  package func dependents(ofModuleAt path: String) -> [Command] {
    blocks.filter { block in
      block.name.hasSuffix(".module")
        && block.lines.contains { $0.hasPrefix("    inputs:") && $0.contains("\"\(path)\"") }
    }.compactMap(Self.parsed)
  }

  private func command(_ isWanted: (String, Substring) -> Bool) -> Command? {
    let block = blocks.first { block in
      block.lines.contains { $0.hasPrefix("    inputs:") && isWanted(block.name, $0) }
    }
    return block.flatMap(Self.parsed)
  }

  private static func parsed(_ block: (name: String, lines: [Substring])) -> Command? {
    func list(_ key: String) -> [String]? {
      guard let line = block.lines.first(where: { $0.hasPrefix("    \(key): [") }) else {
        return nil
      }
      let value = line.drop { $0 != "[" }
      return try? JSONDecoder().decode([String].self, from: Data(value.utf8))
    }
    guard let inputs = list("inputs"), let outputs = list("outputs"), let words = list("args"),
      !words.isEmpty
    else { return nil }
    return Command(name: block.name, inputs: inputs, outputs: outputs, arguments: words)
  }
}
