import HunchText
import TestSupport
import Testing

import HunchModels

/// The words that speak most for a class, against what `explain` says text by text.
@Suite struct StrongestFeaturesTests {
  @Test func contributionsAreTheMeansOfWhatExplainSays() throws {
    var random = SplitMix64(seed: 11)
    let words = [["song", "love", "thanks"], ["offer", "prize", "www"]]
    var texts: [String] = []
    var posteriors: [Float] = []
    for _ in 0..<300 {
      let truth = random.below(2)
      texts.append(
        (0..<5).map { _ in random.below(2) == 0 ? "the" : words[truth][random.below(3)] }
          .joined(separator: " "))
      posteriors += truth == 0 ? [0.9, 0.1] : [0.2, 0.8]
    }
    let batch = TextBatch(texts)
    var trainer = TextClassifierTrainer(labels: ["ham", "spam"])
    trainer.add(batch, posteriors: posteriors)
    let classifier = try trainer.train(parallel: .serial)
    let strongest = classifier.strongestFeatures(in: batch, top: 5)
    #expect(strongest.count == 2 && strongest.allSatisfy { $0.count == 5 })
    for (label, features) in strongest.enumerated() {
      for feature in features {
        var sum: Float = 0
        var documents = 0
        for text in texts {
          let all = classifier.explain(text, top: .max)
          if let found = all.first(where: { $0.kind == .word && $0.text == feature.text }) {
            sum += found.contributions[label]
            documents += 1
          }
        }
        #expect(documents == feature.documents)
        #expect(abs(sum / Float(documents) - feature.contribution) < 1e-4)
        #expect(feature.contribution > 0)
      }
    }
    for (label, features) in strongest.enumerated() {
      let first = features[0].text.split(separator: " ").map(String.init)
      #expect(Set(first).isSubset(of: words[label] + ["the"]) && first != ["the"])
    }
  }
}
