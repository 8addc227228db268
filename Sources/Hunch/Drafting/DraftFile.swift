import Foundation

/// Writes accepted drafts as a Swift file that nothing uses until somebody names it in `hunch.yaml`
/// and its function in a rule pack, and the names of gazetteers as tables beside it.
struct DraftFile {
  /// A function of the file.
  struct Function {
    var name: String
    var swift: String
    /// What is known of it, in words.
    var remark: String
    /// The names of a gazetteer; empty for another kind.
    var names: [String]
  }

  /// The language model, or the file with its answer.
  var source: String
  /// The project's rule pack.
  var pack: String?
  /// The enum of its classes, where it has one.
  var labelType: String?
  /// The names of the classes.
  var labels: [String]
  var functions: [Function]

  /// The enum that the file declares where the project has no rule pack.
  static let ownLabelType = "DraftedLabel"

  /// The Swift source.
  var swift: String {
    var text = """
      \(RuleFiles.draftHead)\(Excerpt.visible(source)). Nobody has read this yet, and nothing uses it.
      //
      // Read every function, delete what is wrong, and then: \(use)

      """
    let bases = functions.filter { !$0.names.isEmpty }
    if !bases.isEmpty {
      text += "//\n// Gazetteers need their names in hunch.yaml:\n//\n//     knowledge:\n"
      for base in bases {
        text += "//       \(base.name): { path: \(Self.nameFile(base.name)), key: name }\n"
      }
    }
    let type = labelType ?? Self.ownLabelType
    text += "\nimport HunchLabeling\n"
    if labelType == nil {
      text += "\n/// The classes.\npublic enum \(type): String, LabelSet {\n"
      for (place, name) in labels.enumerated() {
        text += "  case class\(place) = \(SwiftSource.literal(name))\n"
      }
      text +=
        "}\n\n/// Drafted labeling functions.\npublic let draftedPack = RulePack(\"drafted\", "
      text += "for: \(type).self) {\n  draftedRules()\n}\n"
    }
    text += """

      /// Drafted labeling functions, for the list of a rule pack.
      @RuleBuilder<\(type)>
      func draftedRules() -> [RuleDefinition] {

      """
    text += functions.map { function in
      let lines = function.swift.split(separator: "\n", omittingEmptySubsequences: false)
      return "  // \(function.remark)\n" + lines.map { "  \($0)\n" }.joined()
    }.joined(separator: "\n")
    return text + "}\n"
  }

  private var use: String {
    if let pack {
      return "name this file among the\n// `rules:` of hunch.yaml and write `draftedRules()` into "
        + "the list of '\(Excerpt.visible(pack))'."
    }
    return "name this file in\n// hunch.yaml, `rules: Drafted.swift`, and delete `labels:` there."
  }

  /// The table with the names of a gazetteer.
  static func nameFile(_ base: String) -> String { "\(base).csv" }
}
