package import HunchLabeling

/// The classes of the tests.
package enum Verdict: String, LabelSet { case ham, spam }

/// A pack of two keyword rules, for tests about everything else.
package let samplePack = RulePack("sample", for: Verdict.self) {
  Keywords("offer", ["offer", "prize"], votes: .spam)
  Keywords("hello", ["hello", "thanks"], votes: .ham)
}
