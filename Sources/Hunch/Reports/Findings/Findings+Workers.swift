extension Findings {
  /// Workers whose answers say nothing of the class, or the opposite.
  func workers() -> [Finding] {
    facts.crowds.compactMap { crowd in
      guard let trouble = crowd.trouble else { return nil }
      let all = Double(max(1, crowd.workerCount))
      let isMuch = Double(crowd.spammers) > all / 10
      return Finding(
        kind: .workers, weight: isMuch ? .trouble : .look,
        parts: [
          .text("Crowd "), .label(crowd.name),
          .text(
            ": \(trouble). The label model makes little of their answers; whoever pays for them "
              + "may want to know."),
        ], command: "hunch workers DIR")
    }
  }
}
