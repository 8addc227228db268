/// What language models were asked and answered, and what it cost.
public struct AskReport: Encodable, Sendable {
  /// One labeling function. Documents with the same text count once.
  public struct Function: Encodable, Sendable {
    /// The function's name.
    public var name: String
    /// The model that it asks.
    public var model: String
    /// The documents to ask about, by splits and sample.
    public var documents: Int
    /// Those of them with an answer.
    public var answered: Int
    /// Those of them without.
    public var unanswered: Int
    /// Answers that are none of the allowed ones; the function abstains there.
    public var unparsed: Int
    /// The beginning of one of them; nil without any.
    public var unusable: String?
    /// Whether answers are corrected for what the model prefers whatever the document says.
    public var calibrated: Bool
    /// Requests that are left to send, those for calibration among them.
    public var requests: Int
    /// About the tokens that these will take, read and written.
    public var estimatedTokens: Int
    /// The most tokens that they can take.
    public var mostTokens: Int
    /// About what they will cost, where prices are given.
    public var estimatedMoney: Double?
    /// The most that they can cost.
    public var mostMoney: Double?
  }

  /// Requests with what they took.
  public struct Amount: Encodable, Sendable, Equatable {
    /// Requests, tries that failed among them.
    public var requests: Int
    /// Tokens read and written.
    public var tokens: Int
    /// In the currency of the prices, where these are given.
    public var money: Double?
  }

  /// Whether nothing was to be asked.
  public var dryRun: Bool
  /// The functions that ask, in the order of the project.
  public var functions: [Function]
  /// What this run spent.
  public var spent: Amount
  /// What the project spent in all runs.
  public var total: Amount
  /// What it may spend.
  package var budget: LanguageModelConfiguration.Budget
  /// The limit that ended this run: `requests`, `tokens` or `money`; nil where none did.
  public var stoppedBy: String?
  /// Documents that the service did not take.
  public var refused: Int
  /// What the user should know.
  public var warnings: [String]

  /// The questions without an answer.
  public var unanswered: Int { functions.reduce(0) { $0 + $1.unanswered } }
}
