import Foundation
import Hunch
import ProjectSupport
import Testing

/// Labels as files: what is exported can be imported, and what is wrong changes nothing.
@Suite struct LabelFileTests {
  @Test(arguments: ["csv", "tsv", "jsonl"], ["", "d,\""])
  func roundTrip(format: String, prefix: String) throws {
    let sample = LabelSample(20, prefix: prefix)
    let project = try TestProject()
    let source = try sample.project()
    let pipeline = try source.pipeline()
    for (index, item) in sample.items.prefix(9).enumerated() {
      let time = "2026-11-21T18:30:0\(index / 3)Z"
      let use: GoldUse = index % 2 == 0 ? .audit : .repair
      _ = try pipeline.put(
        HandLabel(id: item.id, label: LabelSample.classes[index % 2], use: use, time: time))
    }
    let file = project.path("labels.\(format)")
    #expect(try pipeline.export(.labels, to: file) == 9)
    if format == "csv", prefix.isEmpty {
      #expect(
        try project.text("labels.csv").hasPrefix(
          "id,label,use,time\n1,a,audit,2026-11-21T18:30:00Z\n2,b,repair,2026-11-21T18:30:00Z\n"))
    }
    let target = try sample.project().pipeline()
    #expect(try target.importLabels(file) == LabelImportReport(rows: 9, added: 9))
    #expect(try target.labels().labels == pipeline.labels().labels)
    #expect(try target.importLabels(file) == LabelImportReport(rows: 9, unchanged: 9))
    let first = sample.items[0].id
    _ = try target.give("b", to: first, for: .repair)
    #expect(
      try target.importLabels(file) == LabelImportReport(rows: 9, replaced: 1, unchanged: 8))
    #expect(try target.export(.labels, to: project.path("again.\(format)")) == 9)
    #expect(try project.bytes("again.\(format)") == project.bytes("labels.\(format)"))
  }

  @Test func useAndTimeCanBeLeftOut() throws {
    let project = try LabelSample(20).project()
    let pipeline = try project.pipeline()
    try project.write("l.csv", "label,more,id\na,x,3\nb,y,4\n")
    #expect(try pipeline.importLabels(project.path("l.csv"), use: .repair).added == 2)
    let labels = try pipeline.labels().labels
    #expect(labels.map(\.use) == ["repair", "repair"])
    #expect(labels.map(\.label) == ["a", "b"] && labels[0].time == labels[1].time)
    try project.write("m.jsonl", "{\"id\": 5, \"label\": \"a\", \"use\": \"audit\"}\n")
    #expect(try pipeline.importLabels(project.path("m.jsonl"), use: .repair).added == 1)
    #expect(try pipeline.labels().labels.contains { $0.id == "5" && $0.use == "audit" })
  }

  @Test func cellsAsDataFramesWriteThem() throws {
    let project = try LabelSample(20).project()
    let pipeline = try project.pipeline()
    try project.write("l.csv", "id,label,use\n3.0, a ,audit \n 4,b,repair\n5,a,audit\n")
    #expect(try pipeline.importLabels(project.path("l.csv")).added == 3)
    let labels = try pipeline.labels().labels
    #expect(labels.map(\.id).sorted() == ["3", "4", "5"])
    #expect(labels.first { $0.id == "3" }?.label == "a")
    try project.write("l.csv", "id,label,use\n6,a,audit\n6.0,b,audit\n")
    #expect(
      project.failure { _ = try pipeline.importLabels(project.path("l.csv")) }?.message
        == "DIR/l.csv:3: column 'id': no document of the corpus has this id")
    try project.write("l.csv", "id,label,use\n7.0,a,audit\n 7,b,audit\n")
    #expect(project.failure { _ = try pipeline.importLabels(project.path("l.csv")) } != nil)
    try project.write("l.csv", "id,label,use\n8,A,audit\n")
    #expect(
      project.failure { _ = try pipeline.importLabels(project.path("l.csv")) }?.message
        == "DIR/l.csv:2: column 'label': none of the classes a, b: write 'a', case counts")
    #expect(try pipeline.labels().labels.count == 3)
  }

  @Test(arguments: [
    ("id,label,use\n3,a,audit\n4,c,audit\n", "3: column 'label': none of the classes a, b"),
    ("id,label,use\n3,a,audit\n4,,audit\n", "3: column 'label': none of the classes a, b"),
    (
      "id,label,use\n3,a,audit\n99,a,audit\n",
      "3: column 'id': no document of the corpus has this id"
    ),
    (
      "id,label,use\n98,a,audit\n99,a,audit\n",
      "2: column 'id': no document of the corpus has this id"
    ),
    (
      "id,label,use\n3,a,audit\n\n3,a,audit\n",
      "4: column 'id': a second row of the document of line 2"
    ),
    ("id,label,use\n,a,audit\n", "2: column 'id': no id"),
    ("id,label,use\n3,a,gold\n", "2: column 'use': neither audit nor repair"),
    ("id,label\n3,a\n", "2: column 'use': empty: say --audit or --repair"),
    (
      "id,label,use,time\n3,a,audit,yesterday\n",
      "2: column 'time': not a time such as 2026-11-21T18:30:00Z"
    ),
  ])
  func aBadRowImportsNothing(file: String, message: String) throws {
    let project = try LabelSample(20).project()
    try project.write("l.csv", file)
    let pipeline = try project.pipeline()
    _ = try pipeline.give("b", to: "3", for: .repair)
    #expect(
      project.failure { _ = try pipeline.importLabels(project.path("l.csv")) }
        == Shown(
          "DIR/l.csv:\(message)",
          hint: "nothing was imported: correct the file and import it again", .badData))
    #expect(try pipeline.labels().labels.map { "\($0.id) \($0.label) \($0.use)" } == ["3 b repair"])
  }

  @Test func aFileWithoutTheColumnsIsNamed() throws {
    let project = try LabelSample(20).project()
    try project.write("l.csv", "id,class\n3,a\n")
    let pipeline = try project.pipeline()
    #expect(
      project.failure { _ = try pipeline.importLabels(project.path("l.csv"), use: .audit) }
        == Shown("DIR/l.csv: no column 'label'", hint: "it has: id, class", .badData))
    #expect(
      project.failure { _ = try pipeline.importLabels(project.path("no.csv")) }?.status
        == .inputMissing)
  }
}
