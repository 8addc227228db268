/// Where a classifier comes from: enough to tell which corpus, functions and label model made it.
///
/// It holds names, hashes and figures, no text of a document. The date is empty unless somebody
/// asked for one, so that the same input gives the same bytes.
public struct ModelProvenance: Sendable, Equatable {
  /// A labeling function.
  public struct Function: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The hash of what it does.
    public var fingerprint: String

    /// Creates a function.
    public init(name: String, fingerprint: String) {
      self.name = name
      self.fingerprint = fingerprint
    }
  }

  /// A number with a name, such as the macro-F1 on the test split.
  public struct Figure: Sendable, Equatable {
    /// What it is, in the words of the reports' JSON.
    public var name: String
    /// Its value.
    public var value: Double

    /// Creates a figure.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The hash of the documents' texts, in order.
  public var corpus: String
  /// The labeling functions, in order.
  public var functions: [Function]
  /// The name of the label model.
  public var labelModel: String
  /// When it was written, where that was asked for; empty otherwise.
  public var date = ""
  /// What was measured.
  public var figures: [Figure]

  /// Creates a provenance without a date.
  public init(
    corpus: String, functions: [Function], labelModel: String, figures: [Figure] = []
  ) {
    self.corpus = corpus
    self.functions = functions
    self.labelModel = labelModel
    self.figures = figures
  }
}

extension TextClassifier {
  /// The same classifier with another account of where it comes from.
  public func withProvenance(_ provenance: ModelProvenance?) -> TextClassifier {
    var classifier = self
    classifier.provenance = provenance
    return classifier
  }
}
