/// What rules that ask a language model may do, and what it may cost.
public struct LanguageModelConfiguration: Sendable, Equatable {
  /// What may be spent on a project, over all runs together.
  public struct Budget: Sendable, Equatable, Codable {
    /// Requests sent, tries that failed among them.
    public var requests: Int?
    /// Tokens read and written.
    public var tokens: Int?
    /// In the currency of the prices.
    public var money: Double?

    /// Creates a budget; nil is no limit.
    public init(requests: Int? = nil, tokens: Int? = nil, money: Double? = nil) {
      (self.requests, self.tokens, self.money) = (requests, tokens, money)
    }

    /// Whether anything is limited.
    public var isGiven: Bool { requests != nil || tokens != nil || money != nil }
  }

  /// What a million tokens cost.
  public struct Prices: Sendable, Equatable {
    /// Tokens that the model reads.
    public var input: Double
    /// Tokens that it writes.
    public var output: Double

    /// Creates prices.
    public init(input: Double, output: Double) { (self.input, self.output) = (input, output) }
  }

  /// The part of the documents that is asked about.
  public struct Sample: Sendable, Equatable {
    /// Which documents come first. Every second one is drawn at random whatever the order: a function
    /// that only votes where all is hard seems worse than it is, to a model that learns from agreement.
    public enum Order: String, Sendable, CaseIterable {
      /// Those on which the label model is least sure of the votes of the other functions.
      case uncertain
      /// Those without a vote of another function, then as `uncertain`.
      case uncovered
      /// Any, drawn by the seed.
      case random
    }

    /// The most documents with different texts.
    public var documents: Int
    /// Which documents come first.
    public var order: Order

    /// Creates a sample.
    public init(documents: Int, order: Order = .uncertain) {
      (self.documents, self.order) = (documents, order)
    }
  }

  /// The model's name, as the service knows it.
  public var model: String
  /// What may be spent; without it nothing is asked.
  public var budget = Budget()
  /// What tokens cost, if anything.
  public var prices: Prices?
  /// The requests under way at a time.
  public var concurrency = 4
  /// The seconds to wait for an answer.
  public var timeout = 60
  /// The part of the documents that is asked about; nil for all of the splits.
  public var sample: Sample?
  /// The splits whose documents are asked about.
  public var splits: [Split] = [.train]
  /// The most questions about a document in one request.
  public var questionsPerCall = 1
  /// Whether answers are corrected for what the model prefers whatever the document says.
  public var calibrates = true
  /// How freely answers are drawn.
  public var temperature = 0.0

  /// Creates a configuration that may ask nothing yet.
  public init(model: String) { self.model = model }
}
