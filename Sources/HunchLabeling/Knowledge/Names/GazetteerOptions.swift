/// How a ``Gazetteer`` compares names with the text.
///
/// Without options a name is found caselessly, as whole words, in either Unicode normal form, with
/// any run of white space where the name has one; and of names that overlap only the leftmost
/// longest counts.
public struct GazetteerOptions: OptionSet, Sendable, Hashable {
  /// The options as bits.
  public let rawValue: UInt8

  /// Creates options from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Upper and lower case are different letters: "US" is not found in "us".
  public static let caseSensitive = GazetteerOptions(rawValue: 1)

  /// Accents, the strokes of đ, ħ, ł, ø and ŧ, Hebrew points and Arabic vowel signs do not matter,
  /// whether the name has them, the text, or both: "Łódź" and "Lodz" are found in either spelling.
  public static let ignoringDiacritics = GazetteerOptions(rawValue: 2)

  /// The English plural of a name is found too.
  ///
  /// The last word of a name that ends in two letters from a to z gets *s*; after s, x, z, ch and
  /// sh *es* instead; after o either; and a *y* behind a consonant becomes *ies*. What is a name by
  /// itself is never taken for the plural of another.
  public static let plurals = GazetteerOptions(rawValue: 4)

  /// Every occurrence of a name counts, also inside that of a longer one: "New York" in "New York
  /// Times".
  public static let overlapping = GazetteerOptions(rawValue: 8)

  /// The options that an index of names depends on.
  package var spelling: GazetteerOptions { subtracting(.overlapping) }
}
