/// Why bytes are not a classifier.
public enum ModelFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes do not begin like a model file.
  case notAModel
  /// The file was written by a newer version of the format.
  case newerVersion(found: Int, supported: Int)
  /// The file is shorter or longer than it says.
  case wrongLength(expected: Int, found: Int)
  /// The checksum does not match: the file has been changed.
  case checksumMismatch
  /// The checksum matches, but a value makes no sense.
  case invalidContent(String)

  /// What is wrong.
  public var description: String {
    switch self {
    case .notAModel:
      "this is not a Hunch model file"
    case .newerVersion(let found, let supported):
      "this model file has format version \(found); this program reads up to version \(supported)"
    case .wrongLength(let expected, let found):
      "this model file is incomplete or has been extended: it should have \(expected) bytes and has "
        + "\(found)"
    case .checksumMismatch:
      "this model file is damaged: its checksum does not match its content"
    case .invalidContent(let part):
      "this model file is invalid: \(part)"
    }
  }
}
