public import HunchLabeling

/// What a customer of a bank mainly needs.
public enum SupportTopic: String, LabelSet {
  case card, transfer, fees, access, account, loan
}

/// Short messages to a bank's support chat; the example in `examples/support-messages`.
public let supportMessages = RulePack(
  "support-messages", for: SupportTopic.self,
  summary: "What a message to a bank's support chat is mainly about"
) {
  // Cards
  Keywords("card_trouble", ["lost my card", "stolen", "pin", "contactless", "chip"], votes: .card)
    .described("words that only cards have")
  Pattern(
    "card_state", #"\bcard\b.{0,25}\b(declin|block|froz|freez|swallow|stuck|work|expir)\w*"#,
    votes: .card
  )
  .described("a card that does not do what it should")
  Keywords("mentions_card", ["card", "cards"], votes: .card)
    .unless { Keywords(["sim card", "card reader", "mortgage", "transfer", "fee"]) }
    .described("the word card, with nothing else going on")
  Heuristic("terse_card") { $0.words.count <= 6 && $0.contains("card") ? .card : nil }
    .described("a few words, one of them card")

  // Transfers
  Keywords(
    "payment_kinds",
    [
      "standing order", "direct debit", "iban", "sort code", "payee", "transfer", "transfers",
      "transferred", "bank details", "paid in", "cash machine",
    ], votes: .transfer)
  Pattern(
    "sent_money", #"\b(sent|send|sending|paid|owes?)\b.{0,40}\b(me|to|from|for|it|twice)\b"#,
    votes: .transfer
  )
  .described("money on its way to or from somebody")
  Pattern(
    "not_arrived",
    #"\b(pending|arriv\w+|show(n|ed|ing)? up|received?|gone|vanish\w*|cancel \w+ payment)\b"#,
    votes: .transfer
  )
  .unless { Keywords(["card", "code", "letter", "pin"]) }
  All("salary_missing", votes: .transfer) {
    Keywords(["salary", "wages", "payroll", "rent", "landlord"])
    Pattern(#"\b(not|no|n't|never|yet|still|where|when|late)\b"#)
  }

  // Fees
  Keywords(
    "fee_words", ["fee", "fees", "charge", "charges", "charged", "commission"], votes: .fees)
  Pattern(
    "price_question", #"how much (do|does|is|would|will|are)|what does .* cost|\bcosts?\b"#,
    votes: .fees
  )
  .unless { Keywords(["borrow", "loan", "mortgage", "owe"]) }
  Pattern("small_amount", #"[£€$]\s?(?<amount>\d{1,3}(\.\d\d)?)\b"#) { match in
    guard let text = match["amount"], let amount = Double(text) else { return nil }
    return amount < 15 ? .fees : nil
  }
  .described("an amount under 15, as fees are")
  Keywords(
    "overdraft_cost",
    ["overdraft", "overdrawn", "exchange rate", "mark-up", "interest", "refund", "conversion"],
    votes: .fees
  )
  .unless { Keywords(["loan", "mortgage", "saver", "savings"]) }

  // Access
  Keywords(
    "login_words",
    ["log in", "login", "log on", "logged out", "sign in", "password", "passcode", "username"],
    votes: .access)
  AnyOf("second_factor", votes: .access) {
    Keywords(["verification", "face id", "fingerprint", "authenticator"])
    Pattern(#"\b(text|sms|security|activation|login|6.?digit)\s+codes?\b"#)
    All {
      Keywords(["code"])
      Keywords(["app", "phone", "sms", "text", "expired"])
    }
  }
  Pattern(
    "app_broken",
    #"\b(app|site|website|screen|page)\b.{0,30}\b(crash|clos|froz|load|blank|error|spin|update|open)\w*"#,
    votes: .access)
  Keywords("new_phone", ["new phone", "new number", "changed phone", "old phone"], votes: .access)
  Keywords(
    "app_words",
    [
      "app", "website", "browser", "android", "iphone", "samsung", "biometrics", "thumb", "face",
      "locked out", "logged in", "error", "qr", "update",
    ], votes: .access
  )
  .unless {
    Keywords(["paid", "payment", "sent", "card", "transfer", "fee", "charged", "order"])
  }
  .described("words of apps and phones, with no money moving")

  // Account
  Keywords(
    "account_papers",
    [
      "statement", "statements", "certificate", "proof of address", "proof of funds", "tax",
      "passport", "personal data", "data you", "copy of",
    ],
    votes: .account)
  Pattern(
    "open_close", #"\b(open|close|closing|opening|switch)\w*\b.{0,20}\baccounts?\b"#,
    votes: .account)
  Keywords(
    "changed_life",
    [
      "moved house", "new address", "change my address", "married", "maiden name", "surname",
      "passed away", "died", "divorce", "joint account", "joint", "power of attorney",
      "delete my account", "second holder",
    ], votes: .account)
  All("child_or_savings", votes: .account) {
    Keywords(["son", "daughter", "kids", "child", "savings", "saver", "junior"])
    Heuristic { !$0.contains("transfer") && !$0.contains("card") }
  }

  // Loans
  Keywords(
    "loan_words",
    [
      "loan", "loans", "mortgage", "borrow", "repayment", "repayments", "lend", "instalment",
      "instalments", "credit line", "debt",
    ],
    votes: .loan)
  FirstOf("credit_or_limit") {
    Keywords(["credit limit", "credit score", "eligible", "arrears"], votes: .loan)
    Pattern(#"\b(pay|paying) (it )?(off|back) early\b|\bmonthly payments?\b"#, votes: .loan)
    Pattern(#"\b(daily|spending|withdrawal|cash) limit\b"#, votes: .card)
  }

  // Knowledge, fields and shape
  Gazetteer("product_named", in: "products", classColumn: "class")
    .described("a product of the bank, by products.csv")
  KeyLookup("help_page", key: Field("page"), in: "pages", classColumn: "class")
    .described("the help page that the message was sent from, by pages.csv")
  Heuristic("long_email", reading: Field<String>("channel")) { message, channel in
    channel == "email" && message.words.count > 35 ? .account : nil
  }
  .described("long e-mails are mostly about papers and people")
} slices: {
  Slice("short") { Heuristic { $0.words.count < 10 } }
    .described("fewer than ten words")
  Slice("e-mail") {
    Heuristic(reading: Field<String>("channel")) { _, channel in channel == "email" }
  }
  .described("sent as an e-mail")
  Slice("amount") { Pattern(#"[€£$]\s*\d|\d\s*(€|£|eur\b|euros?\b|pounds?\b)"#) }
    .described("names an amount of money")
}
