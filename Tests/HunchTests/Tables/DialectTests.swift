import Foundation
import Hunch
import ProjectSupport
import Testing

/// Separators and encodings.
@Suite struct DialectTests {
  static let separators: [(text: String, columns: [String], rows: [[String]])] = [
    ("id;text\r\n1;a, b\r\n2;\"c;d\"\r\n", ["id", "text"], [["1", "a, b"], ["2", "c;d"]]),
    ("id|text\n1|a, b\n", ["id", "text"], [["1", "a, b"]]),
    ("id\ttext\n1\t\"odd\n2\tb\n", ["id", "text"], [["1", "\"odd"], ["2", "b"]]),
    ("sep=;\r\nid;text\r\n1;a,b\r\n", ["id", "text"], [["1", "a,b"]]),
    ("\u{FEFF}sep=,\nid,a;b;c\n1,x\n", ["id", "a;b;c"], [["1", "x"]]),
    ("\"sep=|\"\nid|t\n1|x\n", ["id", "t"], [["1", "x"]]),
    ("sep=^\nid^t\n1^x\n", ["id", "t"], [["1", "x"]]),
    ("\n\nid;t\n1;x\n", ["id", "t"], [["1", "x"]]),
    ("id,a;b\n1,x\n", ["id", "a;b"], [["1", "x"]]),
    ("\"a;\"\";b;c\",d\n1,2\n", ["a;\";b;c", "d"], [["1", "2"]]),
    ("\"a,b,c\";d\n1;2\n", ["a,b,c", "d"], [["1", "2"]]),
    ("text\n1\n", ["text"], [["1"]]),
    ("sepal;b\n1;2\n", ["sepal", "b"], [["1", "2"]]),
  ]

  @Test(arguments: separators.indices, [1, 2, 5, 1 << 16])
  func theHeaderShowsTheSeparator(_ index: Int, blockSize: Int) throws {
    let test = Self.separators[index]
    let folder = try Folder()
    let reading = Reading(try folder.write("t.csv", test.text), blockSize: blockSize)
    #expect(reading.failure == nil)
    #expect(reading.columns == test.columns)
    #expect(reading.rows == test.rows)
  }

  @Test func theLineThatNamesTheSeparatorIsCounted() throws {
    let folder = try Folder()
    let path = try folder.write("t.csv", "sep=;\r\nid;t\r\n1;x\r\n")
    #expect(Reading(path).outcomes == [.row(["1", "x"], line: 3)])
  }

  private func rows(
    _ path: String, separator: UInt8? = nil, encoding: String? = nil, blockSize: Int = 1 << 16
  ) throws -> [[String?]] {
    let reader = try TableReader(
      path: path,
      dialect: TableDialect(separator: separator, encoding: encoding), blockSize: blockSize)
    var rows: [[String?]] = [reader.columns]
    while let row = try reader.next() { rows.append(row.values) }
    return rows
  }

  @Test func aSeparatorThatIsNamedIsTaken() throws {
    let folder = try Folder()
    let path = try folder.write("t.csv", "a;b,c\n1;2,3\n")
    #expect(try rows(path, separator: UInt8(ascii: ",")) == [["a;b", "c"], ["1;2", "3"]])
    #expect(try rows(path, separator: UInt8(ascii: ";")) == [["a", "b,c"], ["1", "2,3"]])
    #expect(try rows(path, separator: 0x09) == [["a;b,c"], ["1;2,3"]])
    for byte in "\"\n\ra7".utf8 { #expect(!TableDialect.isSeparator(byte)) }
    #expect(!TableDialect.isSeparator(0xC3))
  }

  static let encodings: [(name: String, bytes: [UInt8], text: String)] = [
    ("windows-1252", [0x93, 0x80, 0x94, 0xE9], "“€”é"), ("ISO-8859-15", [0xA4, 0xE9], "€é"),
    ("iso-8859-1", [0xE9, 0xDF], "éß"), ("latin1", [0xE9], "é"),
    ("windows-1250", [0xE8, 0x9A], "čš"), ("windows-1251", [0xCF, 0xF0], "Пр"),
    ("koi8-r", [0xF0, 0xD2], "Пр"), ("shift_jis", [0x83, 0x5C, 0x87, 0x40], "ソ①"),
    ("gb18030", [0xCC, 0xAB], "太"), ("gbk", [0xCC, 0xAB], "太"), ("euc-kr", [0xB0, 0xA1], "가"),
    ("big5", [0xA4, 0xA4], "中"), ("euc-jp", [0xC6, 0xFC], "日"),
    ("UTF-7", Array("+AOk-".utf8), "é"), ("utf-8", Array("é".utf8), "é"),
  ]

  @Test(arguments: encodings.indices, [1, 2, 3, 1 << 16])
  func encodingsThatAreNamedAreRead(_ index: Int, blockSize: Int) throws {
    let test = Self.encodings[index]
    let folder = try Folder()
    let bytes = Array("id,t\n1,x".utf8) + test.bytes + Array(",\n2,".utf8) + test.bytes
    let path = try folder.write("t.csv", bytes)
    let found = try rows(path, encoding: test.name, blockSize: blockSize)
    #expect(found == [["id", "t"], ["1", "x" + test.text], ["2", test.text]])
  }

  /// A text in UTF-16 or UTF-32.
  private func encoded(_ text: String, _ encoding: String.Encoding) throws -> [UInt8] {
    [UInt8](try #require(text.data(using: encoding)))
  }

  @Test(
    arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian], [1, 2, 3, 1 << 16])
  func utf16IsFoundOut(encoding: String.Encoding, blockSize: Int) throws {
    let folder = try Folder()
    for text in [
      "id,text\n1,żółw 😀\n2,ok\n", "текст,метка\nпривет,да\n", "a\nb\n", "тема\nслово\n",
    ] {
      for mark in ["", "\u{FEFF}"] {
        let path = try folder.write("t.csv", try encoded(mark + text, encoding))
        let expected = text.split(separator: "\n").map { line in
          line.split(separator: ",").map(String.init)
        }
        #expect(try rows(path, blockSize: blockSize) == expected)
        #expect(try rows(path, encoding: "utf-16", blockSize: blockSize) == expected)
      }
    }
    let object = try encoded("{\"id\":1,\"t\":\"żółw\"}\n{\"id\":2}\n", encoding)
    let path = try folder.write("t.jsonl", object)
    #expect(try rows(path, blockSize: blockSize) == [["id", "t"], ["1", "żółw"], ["2", nil]])
  }

  @Test func whatIsNotUTF16StaysAsItIs() throws {
    let folder = try Folder()
    for text in ["id,text\n1,a\u{0}b\n2,c\n", "i\u{0}d,text\n1,x\n", "a\n\u{0}\n"] {
      let path = try folder.write("t.csv", text)
      let expected = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      #expect(try rows(path) == expected)
    }
    let half = try folder.write("h.csv", try encoded("\u{FEFF}a\nxy", .utf16LittleEndian) + [0x7A])
    #expect(
      Reading(half).outcomes
        == [.bad(.invalidText(column: "a", encoding: "UTF-16LE"), line: 2)])
  }

  @Test func marksAndEndsOfOldSystemsAreLeftOut() throws {
    let folder = try Folder()
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    for blockSize in [1, 2, 5, 1 << 16] {
      let path = try folder.write(
        "t.csv", mark + mark + Array("a,b\r\r\n1,2\r\r\n3,x\u{1A}y\r\r\n\u{1A}".utf8))
      #expect(
        try rows(path, blockSize: blockSize) == [["a", "b"], ["1", "2"], ["3", "x\u{1A}y"]])
    }
  }

  @Test func unknownEncodingsAreUsageErrors() throws {
    let folder = try Folder()
    let path = try folder.write("t.csv", "a\n1\n")
    for name in ["nope", "", "utf-8//IGNORE", "a\u{0}b", "\u{1B}[31m"] {
      let error = #expect(throws: TableError.self) { try rows(path, encoding: name) }
      #expect(error == .unknownEncoding(name))
      #expect(error?.status == .usage)
      #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    }
  }
}
