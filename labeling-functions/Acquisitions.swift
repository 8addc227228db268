public import HunchLabeling

/// Whether a sentence says that the first company of a pair buys, or has bought, the second.
public enum Deal: String, LabelSet {
  case acquisition, other
}

/// The two companies that a document is about: keys of companies.csv in the columns `first` and
/// `second`, markers in the text.
private let pair = MentionPair(in: "companies")

/// Business news about invented companies; the example in `examples/acquisitions`.
public let acquisitions = RulePack(
  "acquisitions", for: Deal.self,
  summary: "Whether a sentence says that its first company acquires its second"
) {
  // What tables know of the two companies, whatever the sentence says
  Related("known_deal", pair, in: "deals", from: "buyer", to: "target", votes: .acquisition)
    .described("deals.csv has the pair as buyer and target")
  Related("known_reverse", pair, in: "deals", from: "target", to: "buyer", votes: .other)
    .described("deals.csv has it the other way round")
  Related(
    "competitors", pair, in: "competitors", from: "company", to: "competitor",
    inEitherOrder: true, votes: .other)
  Related(
    "old_partners", pair, in: "partners", from: "company", to: "partner", inEitherOrder: true
  ) { partner in
    Int(partner["since"] ?? "").map { $0 < 2020 } == true ? .other : nil
  }
  .described("partners.csv has them working together since before 2020")

  // What is said between the two, and in which direction
  Pattern(
    "buys",
    #"\b(buy(s|ing)?|bought|acquir(e|es|ed|ing)|t(ake|akes|ook) over|purchased?|owns|snap\w+ up|swallow\w*|absorbs?|gets?|swoops?|(buyer|purchase|acquisition|takeover|integration) of)\b"#,
    votes: .acquisition
  )
  .within(pair.fromFirstToSecond)
  .unless {
    Keywords([MentionPair.otherMarker]).within(pair.between)
    Pattern(
      #"\b(from|whether|not|no|nearly|denied|talks?|consider\w*|may|should|plans?|expect\w*|shares|per cent|(bought|acquired|taken over|sold) (by|to))\b"#
    )
    .within(pair.between)
    Pattern(#"^('s|’s)\s"#).within(pair.after(words: 2))
  }
  .described("a word for buying between the first and the second")
  Pattern("pays_for", #"\b(pa(y|id|ys|ying)|spent)\b[^.]*\b(for|on|to)\W*$"#, votes: .acquisition)
    .within(pair.fromFirstToSecond)
    .unless { Keywords([MentionPair.otherMarker, "damages", "from"]).within(pair.between) }
  Pattern(
    "bought_by",
    #"\b(bought|acquired|taken over|swallowed|sold|sale|goes|said yes|acquisition) (\w+ ){0,3}(by|to)\W*$"#,
    votes: .acquisition
  )
  .within(pair.fromSecondToFirst)
  .unless { Keywords([MentionPair.otherMarker]).within(pair.between) }
  .described("the passive voice, right before the buyer")
  All("deal_before", votes: .acquisition) {
    Pattern(
      #"\b(takeover|taking over|acquisition|purchase|sale|sold|bought|buyer|lost) (of )?(\w+ ){0,2}$"#
    )
    .within(pair.before(words: 4))
    Pattern(#"^((,| last \w+,|\s(by|to|is))\s*)$"#).within(pair.fromSecondToFirst)
  }
  .described("“the takeover of _SECOND_ by _FIRST_”, “having bought _SECOND_, _FIRST_ …”")
  Pattern(
    "then_bought",
    #"^\W*(,? ?(which|that|has|having) )?(bought|acquired|paid|squeezes out|took over)\b"#,
    votes: .acquisition
  )
  .within(pair.after(words: 5))
  .unless { Pattern(#"\w"#).within(pair.fromFirstToSecond) }
  .described("the second is named first, and behind the first stands what it did")
  Keywords(
    "bought_by_second",
    ["bought by", "acquired by", "sold to", "taken over by", "goes to", "part of", "owned by"],
    votes: .other
  )
  .within(pair.fromFirstToSecond)
  .described("the first company is the one that is bought")
  Pattern(
    "second_buys", #"\b(buy(s|ing)?|bought|acquir(es|ed)|t(akes|ook) over|paid|purchase of)\b"#,
    votes: .other
  )
  .within(pair.fromSecondToFirst)
  .unless { Pattern(#"\b(by|to|which)\W*$"#).within(pair.fromSecondToFirst) }
  Pattern(
    "share_of", #"\b(?<!remaining )(?<share>\d+(\.\d+)?) per cent (stake |holding )?(of|in)\W*$"#
  ) { match in
    guard let share = Double(match["share"] ?? "") else { return nil }
    return share > 50 ? .acquisition : .other
  }
  .within(pair.fromFirstToSecond)
  .described("a majority or a minority of the shares")

  // What is said around them
  Keywords(
    "no_deal",
    [
      "denied", "rejected", "talks", "rumours of", "considering", "collapsed", "blocked", "dropped",
      "abandoned", "failed", "no plans", "walked away", "voted against", "unsolicited", "should",
      "may bid", "cancels", "refused", "never", "withdrew", "terminated", "unwind", "nearly",
      "sooner or later", "on the table", "shopping list", "deadline",
    ], votes: .other
  )
  .within(pair.around(words: 12))
  .unless { Keywords(["ended", "raising"]).within(pair.before(words: 6)) }
  .described("a deal that is not, or not yet")
  Keywords(
    "working_together",
    [
      "joint venture", "contract", "supplier", "together", "licence", "alliance", "order",
      "products", "research", "sells", "supplies", "uses", "delivers", "labels", "stand",
    ], votes: .other
  )
  .within(pair.around(words: 6))
  .unless { Pattern(#"\b(acquisition|takeover|sale|buys|bought|takes? over|acquired)\b"#) }
  Pattern(
    "rivalry",
    #"\b(sued|sues|rivals?|poached|overtaken|court|complaint|unlike|than|against|compet\w+|index)\b"#,
    votes: .other
  )
  .within(pair.between)
  Keywords(
    "group_news", ["subsidiary", "unit", "parent", "daughter", "belongs to", "formerly"],
    votes: .other
  )
  .within(pair.around(words: 4))
  .unless { Keywords(["bought", "becomes", "sold"]) }
  .described("who belongs to whom, not who buys whom")
  Pattern(
    "things_bought",
    #"\b(patents|depot|warehouses|machines|lease|advertising|name|list|tonnes|shares in|stake)\b"#,
    votes: .other
  )
  .within(pair.fromFirstToSecond)
  .described("something of the second company, not all of it")

  // Shape
  Pattern("enumerated", #"^,?\s*(and|,|,? \w+ and)\s*$"#, votes: .other)
    .within(pair.between)
    .unless {
      Pattern(#"\b(of|in|buy\w*|bought|acquir\w+|after|by)\W*$"#).within(pair.before(words: 2))
    }
    .described("nothing but a conjunction between the two")
  Keywords("other_between", [MentionPair.otherMarker], votes: .other).within(pair.between)
    .described("a third company stands between the two")
  Heuristic("stranger_buyer", over: pair) { pair in
    pair.first["industry"] == pair.second["industry"] || pair.wordsBetween < 6 ? nil : .other
  }
  .described("companies of two industries, and many words between them")
} slices: {
  Slice("second comes first") { Heuristic(over: pair) { $0.isReversed } }
  Slice("three companies") { Keywords([MentionPair.otherMarker]) }
}
