import HunchLabeling

/// The classes. Their order is the order everywhere.
enum Feedback: String, LabelSet { case praise, problem, question }

/// The labeling functions: each votes for a class or abstains. None needs to be right always;
/// Hunch learns from their agreements and conflicts how far to trust each.
let feedback = RulePack("own-rules", for: Feedback.self) {
  // Any of these words or phrases, in upper or lower case, as whole words.
  Keywords("kind_words", ["thanks", "thank you", "love", "great", "lovely"], votes: .praise)
    .expects(["Thank you all!": .praise, "a glove on the floor": nil])

  // The same, unless something else speaks against it.
  Keywords("broken_words", ["broken", "late", "cold", "wrong", "refund"], votes: .problem)
    .unless { Keywords(["cold brew"]) }
    .expects(["the soup was cold": .problem, "one cold brew please": nil])

  // A regular expression (PCRE2).
  Pattern("asks", #"^(do|does|can|could|is|are|when|where|what|how)\b"#, votes: .question)
    .expects(["Can dogs come in?": .question, "I asked when you open": nil])

  // Whatever Swift can say of a document; nil abstains.
  Heuristic("exclaims") { $0.text.hasSuffix("!") && $0.words.count < 12 ? .praise : nil }
    .expects(["Best buns in town!": .praise, "Best buns in town": nil])
}
