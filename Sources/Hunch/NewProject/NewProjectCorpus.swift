import GRDB

/// The small corpus of a new project: feedback to a café, written for this purpose.
enum NewProjectCorpus {
  /// The classes, in order.
  static let labels = ["praise", "problem", "question"]

  static let documents: [(text: String, label: String, split: String)] = [
    ("Thank you for the birthday surprise, we felt so welcome!", "praise", "train"),
    ("My flat white was cold and nobody apologised.", "problem", "train"),
    ("Do you have oat milk?", "question", "train"),
    ("The cinnamon buns are great, the queue moves fast, we will be back", "praise", "train"),
    ("Ordered at ten, served at twenty to eleven. Too late for the train.", "problem", "train"),
    ("When do you open on bank holidays?", "question", "train"),
    ("lovely terrace, lovely people", "praise", "train"),
    ("wrong sandwich in the bag AGAIN", "problem", "train"),
    ("Is the upstairs room free on Friday evening for twelve people?", "question", "train"),
    ("We love the new menu!", "praise", "train"),
    ("The door of the disabled toilet is broken since Easter", "problem", "train"),
    ("how long does a pound of your beans keep", "question", "train"),
    ("Great coffee, but what is the music supposed to be?", "praise", "train"),
    ("I would like a refund for the voucher, it was never accepted.", "problem", "train"),
    ("Can dogs come inside?", "question", "train"),
    ("thanks for lending my mother an umbrella", "praise", "train"),
    ("Your card reader was broken and I had to walk to the bank.", "problem", "train"),
    ("Where can I park a cargo bike?", "question", "train"),
    ("Best scrambled eggs this side of the river!", "praise", "train"),
    ("The soup tasted of dishwater.", "problem", "train"),
    ("Could you tell me whether the brownies contain nuts?", "question", "train"),
    ("Sam behind the counter remembered my order after a year. Made my day.", "praise", "train"),
    ("Charged twice for one tea, please look into it.", "problem", "train"),
    ("what time is the quiet hour", "question", "train"),
    ("great service, thank you", "praise", "valid"),
    ("The delivery was late and the cake was squashed.", "problem", "valid"),
    ("Are you hiring for the summer?", "question", "valid"),
    ("I love sitting by your window when it rains", "praise", "test"),
    ("Cold chips, wrong sauce, no reply to my email.", "problem", "test"),
    ("Do the gluten-free days still exist?", "question", "test"),
    ("So kind of you to stay open for us, thanks!", "praise", "test"),
    ("My cup had lipstick on it.", "problem", "test"),
    ("Is there a discount for students?", "question", "test"),
  ]

  static func write(to path: String) throws {
    OwnFiles.makeEmpty(path)
    let database = try DatabaseQueue(path: path)
    try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE documents(
            id INTEGER PRIMARY KEY, text TEXT NOT NULL, label TEXT, split TEXT)
          """)
      for document in documents {
        let isTraining = document.split == "train"
        try db.execute(
          sql: "INSERT INTO documents(text, label, split) VALUES (?, ?, ?)",
          arguments: [document.text, isTraining ? nil : document.label, document.split])
      }
    }
    try database.close()
  }
}
