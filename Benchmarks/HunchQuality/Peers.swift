/// What label models of other systems reach on the same votes, scored alike; measured once, with
/// `quality.py` of the folder that `PEERS` names for the other benchmarks.
struct Peer: Encodable {
  let name: String
  let accuracy: Double
  let macroF1: Double
  let logLoss: Double
  let ece: Double

  private init(
    _ name: String, _ accuracy: Double, _ macroF1: Double, _ logLoss: Double, _ ece: Double
  ) {
    self.name = name
    self.accuracy = accuracy
    self.macroF1 = macroF1
    self.logLoss = logLoss
    self.ece = ece
  }

  /// The peers' figures for each corpus. "Balance from valid" has seen the gold labels of the
  /// validation documents.
  static let figures: [String: [Peer]] = [
    "sms": [
      Peer("Snorkel", 0.884, 0.808, 0.298, 0.139),
      Peer("Snorkel, class balance from valid", 0.962, 0.915, 0.260, 0.038),
      Peer("Dawid–Skene, abstain is a vote", 0.850, 0.770, 1.803, 0.150),
      Peer("FlyingSquid", 0.935, 0.842, 0.686, 0.440),
    ],
    "trec": [
      Peer("Snorkel", 0.411, 0.368, 2.013, 0.147),
      Peer("Snorkel, class balance from valid", 0.406, 0.372, 2.177, 0.241),
      Peer("Dawid–Skene, abstain is a vote", 0.471, 0.503, 5.277, 0.480),
      Peer("FlyingSquid", 0.498, 0.427, 1.773, 0.324),
    ],
    "yoruba": [
      Peer("Snorkel", 0.586, 0.613, 1.565, 0.133),
      Peer("Snorkel, class balance from valid", 0.678, 0.526, 1.189, 0.103),
      Peer("Dawid–Skene, abstain is a vote", 0.581, 0.612, 4.937, 0.364),
      Peer("FlyingSquid", 0.576, 0.611, 1.889, 0.416),
    ],
    "youtube": [
      Peer("Snorkel", 0.766, 0.760, 0.633, 0.076),
      Peer("Snorkel, class balance from valid", 0.854, 0.854, 0.635, 0.193),
      Peer("Dawid–Skene, abstain is a vote", 0.823, 0.823, 0.579, 0.127),
      Peer("FlyingSquid", 0.810, 0.810, 0.396, 0.059),
    ],
  ]
}
