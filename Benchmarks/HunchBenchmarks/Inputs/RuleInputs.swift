import HunchLabeling

/// The classes of the made-up texts.
enum Topic: String, LabelSet {
  case world, sports, business, science
}

/// Made-up rules over the vocabulary.
enum RuleInputs {
  /// Nine functions with 246 keywords together, a tenth of them phrases.
  static let keywords: [(name: String, words: [String], label: Topic)] = {
    let words = Inputs.vocabulary.words
    return (0..<9).map { function in
      let label = function % 4
      let count = function < 3 ? 28 : 27
      let list = (0..<count).map { index -> String in
        let word = words[TextGenerator.topicRank(class: label, 9 * index + function)]
        return index % 10 == 9 ? word + " " + words[index] : word
      }
      return ("keywords_\(function)", list, Topic.allCases[label])
    }
  }()

  /// 73 regular expressions of the kinds that authors of rules write.
  static let patterns: [(name: String, pattern: String, label: Topic)] = {
    let words = Inputs.vocabulary.words
    return (0..<73).map { index in
      let label = index % 4
      func word(_ place: Int) -> String {
        words[TextGenerator.topicRank(class: label, 3 * index + place)]
      }
      let pattern =
        switch index % 6 {
        case 0: "( |^)(\(word(0))\\.|\(word(0)))[^\\w]*( |$)"
        case 1: "( |^)(\(word(0))|\(word(1)))[^\\w]* ([^\\s]+ )*(the|\(word(2)))[^\\w]*( |$)"
        case 2: "\\b\(word(0))\\W+(\\w+\\W+){0,2}\(word(1))\\b"
        case 3: "(?<!\\w)\(word(0).prefix(4))\\w*(ing|ed|s)\\b"
        case 4: "\\b\\d{4,}\\b.*\\b(\(word(0))|\(word(1)))"
        default: "\\b(\(word(0))|\(word(1))|\(word(2)))[!?.]"
        }
      return ("pattern_\(index)", pattern, Topic.allCases[label])
    }
  }()

  /// 100,000 different names of one to three words.
  static let names: [String] = {
    var random = SplitMix64(seed: 31)
    let words = Inputs.vocabulary.words
    var known: Set<String> = []
    var names: [String] = []
    while names.count < 100_000 {
      let length = 1 + random.below(3)
      let parts = (0..<length).map { _ in words[500 + random.below(words.count - 500)] }
      let name = parts.map(\.capitalized).joined(separator: " ")
      if known.insert(name).inserted { names.append(name) }
    }
    return names
  }()

  static let keywordPack = RulePack("keywords", for: Topic.self) {
    for function in keywords {
      Keywords(function.name, function.words, votes: function.label)
    }
  }

  static let patternPack = RulePack("patterns", for: Topic.self) {
    for function in patterns {
      Pattern(function.name, function.pattern, votes: function.label)
    }
  }

  static let gazetteerPack = RulePack("gazetteer", for: Topic.self) {
    Gazetteer("known_name", in: "names", votes: .world)
  }

  /// What a project might have: keywords, patterns and heuristics.
  static let projectPack = RulePack("synthetic", for: Topic.self) {
    for function in keywords {
      Keywords(function.name, function.words, votes: function.label)
    }
    for function in patterns.prefix(20) {
      Pattern(function.name, function.pattern, votes: function.label)
    }
    Heuristic("short") { $0.words.count < 8 ? .sports : nil }
    Heuristic("shouts") { $0.text.utf8.last == UInt8(ascii: "!") ? .business : nil }
  }

  static func program(
    _ pack: RulePack, knowledge: [String: KnowledgeBase] = [:]
  ) throws -> RuleProgram {
    try RuleProgram(pack, functions: Array(pack.functions.indices), knowledge: knowledge)
  }
}
