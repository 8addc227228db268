import Hunch
import TestSupport
import Testing

/// Votes of every task as bytes.
struct StoredVotesTests {
  private static func sets(_ random: inout SplitMix64, _ count: Int) -> [SetVote?] {
    let some = (0..<4).map { _ in
      let labels = (0..<40).filter { _ in random.below(8) == 0 }.map { Int16($0 * 800) }
      let half = random.below(labels.count + 1)
      return SetVote(labels: Array(labels[..<half]), excluded: Array(labels[half...]))
    }
    return (0..<count).map { _ in random.below(3) == 0 ? random.pick(some) : nil }
  }

  private static func spans(_ random: inout SplitMix64, _ count: Int) -> [[SpanVote]] {
    (0..<count).map { _ in
      (0..<random.below(4)).map { _ in
        let begin = random.below(100_000)
        return SpanVote(begin..<begin + random.below(300), label: Int16(random.below(32_767)))
      }
    }
  }

  @Test(arguments: 0..<40)
  func votesComeBackAsTheyWere(seed: Int) {
    var random = SplitMix64(seed: seed)
    for count in [0, 1, 9, 200, 4_096] {
      let column = (0..<count).map { _ in Int16(random.below(4)) - 1 }
      for votes in [
        StoredVotes.sets(Self.sets(&random, count)), .spans(Self.spans(&random, count)),
        .classes(.dense(column)),
      ] {
        let bytes = VoteBlob.encode(votes, count: count)
        if case .classes = votes, column.allSatisfy({ $0 < 0 }) {
          #expect(VoteBlob.votes(bytes, count: count) == .classes(.dense([])))
        } else {
          #expect(VoteBlob.votes(bytes, count: count) == votes)
        }
      }
    }
  }

  /// What stood in workspaces before there were other forms is read as it is, and who wants classes
  /// gets nothing else.
  @Test func formsAreToldApart() {
    #expect(VoteBlob.votes([1, 2, 0, 5, 0], count: 3) == .classes(.dense([-1, -1, 5])))
    let sets = VoteBlob.encode(.sets([SetVote(labels: [1], excluded: [0])]), count: 1)
    let spans = VoteBlob.encode(.spans([[SpanVote(3..<9, label: 2)]]), count: 1)
    #expect(sets == [0x10, 1, 1, 1, 1, 0, 0, 0] && spans == [0x20, 0, 1, 3, 6, 2])
    for bytes in [sets, spans] { #expect(VoteBlob.decode(bytes, count: 1) == nil) }
    #expect(VoteBlob.votes([0x30, 0], count: 1) == nil, "a form of a later version")
  }

  @Test func malformedBytesAreRefused() {
    let wrong: [(bytes: [UInt8], count: Int)] = [
      ([], 1), ([0x10], 1), ([0x10, 1], 1), ([0x10, 1, 1, 1, 1], 1),
      ([0x10, 1, 2, 3, 3, 0, 0, 0], 1),  // a label twice
      ([0x10, 1, 1, 3, 1, 3, 0, 0], 1),  // a label that holds and does not
      ([0x10, 1, 1, 3, 0, 1, 0], 1),  // behind the last document
      ([0x10, 1, 1, 3, 0, 0, 1], 1),  // a set that there is not
      ([0x10, 1, 1, 3, 0, 0, 0, 0, 0], 1),  // a document twice
      ([0x10, 0x81, 0x00, 1, 3, 0, 0, 0], 1),  // a number in more bytes than it takes
      ([0x20, 0], 1), ([0x20, 0, 0], 1), ([0x20, 0, 1, 3, 6], 1), ([0x20, 1, 1, 3, 6, 2], 1),
      ([0x20, 0, 1, 3, 6, 0xFF, 0xFF, 0x03], 1),  // a class beyond 16 bits
    ]
    for (bytes, count) in wrong {
      #expect(VoteBlob.votes(bytes, count: count) == nil, "\(bytes) for \(count)")
    }
  }

  @Test func anyBytesAreReadWithoutATrap() {
    var random = SplitMix64(seed: 10)
    for _ in 0..<20_000 {
      let rest = (0..<random.below(24)).map { _ in UInt8(random.below(random.pick([5, 256]))) }
      let bytes = [random.pick([0x10, 0x20, 0x30] as [UInt8])] + rest
      let count = random.below(12)
      guard let votes = VoteBlob.votes(bytes, count: count) else { continue }
      switch votes {
      case .classes: Issue.record("no form of classes")
      case .sets(let sets): #expect(sets.count == count)
      case .spans(let spans): #expect(spans.count == count)
      }
    }
  }
}
