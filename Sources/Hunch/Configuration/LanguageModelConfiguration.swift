/// What rules that ask a language model may do, and what it may cost.
package struct LanguageModelConfiguration: Sendable, Equatable {
  /// What may be spent on a project, over all runs together.
  package struct Budget: Sendable, Equatable, Codable {
    /// Requests sent, tries that failed among them.
    package var requests: Int?
    /// Tokens read and written.
    package var tokens: Int?
    /// In the currency of the prices.
    package var money: Double?

    /// Creates a budget; nil is no limit.
    package init(requests: Int? = nil, tokens: Int? = nil, money: Double? = nil) {
      (self.requests, self.tokens, self.money) = (requests, tokens, money)
    }

    /// Whether anything is limited.
    package var isGiven: Bool { requests != nil || tokens != nil || money != nil }
  }

  /// What a million tokens cost.
  package struct Prices: Sendable, Equatable {
    /// Tokens that the model reads.
    package var input: Double
    /// Tokens that it writes.
    package var output: Double

    package init(input: Double, output: Double) { (self.input, self.output) = (input, output) }
  }

  /// The part of the documents that is asked about.
  package struct Sample: Sendable, Equatable {
    /// Which documents come first. Every second one is drawn at random whatever the order: a function
    /// that only votes where all is hard seems worse than it is, to a model that learns from agreement.
    package enum Order: String, Sendable, CaseIterable {
      /// Those on which the label model is least sure of the votes of the other functions.
      case uncertain
      /// Those without a vote of another function, then as `uncertain`.
      case uncovered
      /// Any, drawn by the seed.
      case random
    }

    /// The most documents with different texts.
    package var documents: Int
    package var order: Order

    package init(documents: Int, order: Order = .uncertain) {
      (self.documents, self.order) = (documents, order)
    }
  }

  /// The model's name, as the service knows it.
  package var model: String
  /// What may be spent; without it nothing is asked.
  package var budget = Budget()
  /// What tokens cost, if anything.
  package var prices: Prices?
  /// The requests under way at a time.
  package var concurrency = 4
  /// The seconds to wait for an answer.
  package var timeout = 60
  /// The part of the documents that is asked about; nil for all of the splits.
  package var sample: Sample?
  /// The splits whose documents are asked about.
  package var splits: [Split] = [.train]
  /// The most questions about a document in one request.
  package var questionsPerCall = 1
  /// Whether answers are corrected for what the model prefers whatever the document says.
  package var calibrates = true
  /// How freely answers are drawn.
  package var temperature = 0.0

  /// Creates a configuration that may ask nothing yet.
  package init(model: String) { self.model = model }
}
