/// The label models by name.
public enum LabelModels {
  /// One way of labeling votes that a user can choose.
  public struct Choice: Sendable {
    /// The name under which it is chosen and reported.
    public let name: String

    /// What it does, as the end of a sentence that begins with its name.
    public let summary: String

    /// The model with its default hyper-parameters.
    public let model: any LabelModel

    init(_ model: any LabelModel, _ summary: String) {
      name = model.name
      self.model = model
      self.summary = summary
    }
  }

  /// All models, the simplest first.
  public static let all: [Choice] = [
    Choice(MajorityVote(), "counts each function's vote the same"),
    Choice(WeightedMajority(), "weighs each function's votes by one accuracy, learned by EM"),
    Choice(
      FireOnlyMAPEM(),
      "learns from agreements and conflicts how often each function votes for a class given the "
        + "true class"),
    Choice(
      AdaptiveModel(),
      "map-em or triplet, with a prior and a class balance that the agreements of pairs of "
        + "functions choose"),
    Choice(
      TextInformed(),
      "adaptive, and what a classifier of the text learns from the labels of other documents"),
    Choice(
      DawidSkene(),
      "learns which classes each function confuses, for crowd workers and models that vote for "
        + "several classes"),
    Choice(Triplet(), "computes accuracies from how functions vary together in threes"),
    Choice(
      CorrelatedMAPEM(),
      "map-em that finds functions that depend on each other and counts once what they say twice"),
    Choice(
      DataProgramming(),
      "learns a factor graph of accuracies, propensities and pairs that depend on each other"),
  ]

  /// What `auto` takes, unless gold labels choose another instead of its part that learns from
  /// votes; see ``GoldFit``.
  public static let automatic = "text-informed"

  /// The model with a name; nil for an unknown one.
  public static func named(_ name: String) -> (any LabelModel)? {
    let name = name == "auto" ? automatic : name
    return all.first { $0.name == name }?.model
  }
}
