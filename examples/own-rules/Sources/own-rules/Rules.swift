import HunchLabeling

/// The classes. Their order is the order everywhere.
enum Feedback: String, LabelSet { case praise, problem, question }

/// The labeling functions: each votes for a class or abstains. None needs to be right always;
/// Hunch learns from their agreements and conflicts how far to trust each.
let feedback = RulePack("own-rules", for: Feedback.self) {
  Keywords("kind_words", ["thanks", "thank you", "love", "great", "lovely"], votes: .praise)
  Keywords("broken_words", ["broken", "late", "cold", "wrong", "refund"], votes: .problem)
  Pattern("asks", #"^(do|does|can|could|is|are|when|where|what|how)\b"#, votes: .question)
  Heuristic("ends_with_question_mark") { $0.text.hasSuffix("?") ? .question : nil }
  Heuristic("exclaims") { $0.text.hasSuffix("!") ? .praise : nil }
}
