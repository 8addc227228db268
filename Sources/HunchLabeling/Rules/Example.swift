internal import HunchText

/// A text for `Rule/expects(_:)`, with the columns of the corpus that the rule reads.
///
/// A string literal is an example without fields.
public struct Example: ExpressibleByStringLiteral, Sendable, Hashable {
  /// The text.
  public let text: String

  /// What stands in other columns, by their names; numbers as they are written.
  public let fields: [String: String]

  /// Makes an example with fields; columns that are not named are NULL.
  public init(_ text: String, fields: [String: String] = [:]) {
    (self.text, self.fields) = (text, fields)
  }

  /// Makes an example of a text.
  public init(stringLiteral text: String) { self.init(text) }
}

/// What a rule should say of a text.
package struct RuleExample: Sendable {
  /// The place among the rule's examples, from 1.
  package var number: Int
  package var example: Example
  /// The index of a class, or ``Vote/abstain``.
  package var vote: Int16
  /// Where `expects` stands.
  package var place: RulePlace
}

/// An example that a rule gets wrong.
package struct FailedExample: Sendable {
  /// The function's place in the pack; slices count on behind the functions.
  package var function: Int
  package var example: RuleExample
  /// What the rule says: the index of a class, or ``Vote/abstain``.
  package var voted: Int16
}

extension RulePack {
  /// Runs the examples that stand beside the rules and slices.
  ///
  /// - Returns: How many were run, how many were not since a language model would have to be asked,
  ///   and those that failed, in the order written.
  /// - Throws: ``RuleError`` for a rule that cannot be run.
  package func runExamples(
    knowledge: [String: KnowledgeBase]
  ) throws(RuleError) -> (run: Int, skipped: Int, failed: [FailedExample]) {
    var (run, skipped) = (0, 0)
    var failed: [FailedExample] = []
    for (index, definition) in definitions.enumerated() where !definition.examples.isEmpty {
      if case .prompt = definition.node {
        skipped += definition.examples.count
        continue
      }
      // Where others vote is what an Otherwise depends on, those of this pack that need no answer.
      let others = functions.indices.filter {
        functions[$0].prompt == nil && functions[$0].otherwise == nil
      }
      let program = try RuleProgram(
        self, functions: definition.otherwise == nil ? [index] : others, knowledge: knowledge)
      let votes = program.makeWorker().evaluate(definition.batch(reading: program.fields))
      for (place, example) in definition.examples.enumerated() {
        let vote =
          definition.otherwise.map { otherwise in
            votes.columns.contains { $0[place] >= 0 } ? Vote.abstain : otherwise
          } ?? votes.columns[0][place]
        if vote != example.vote {
          failed.append(FailedExample(function: index, example: example, voted: vote))
        }
      }
      run += definition.examples.count
    }
    return (run, skipped, failed)
  }
}

extension RuleDefinition {
  fileprivate func batch(reading columns: [String]) -> DocumentBatch {
    var fields: [String: [FieldContent]] = [:]
    for column in columns {
      fields[column] = examples.map { example in
        example.example.fields[column].map(FieldContent.text) ?? .null
      }
    }
    return DocumentBatch(texts: TextBatch(examples.map(\.example.text)), fields: fields)
  }
}
