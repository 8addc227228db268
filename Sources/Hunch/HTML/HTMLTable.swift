import Mustache

/// A table of the page as its template reads it.
struct HTMLTable {
  struct Heading {
    var words: String
    var isNumeric = false
    /// Whether only screen readers are told it.
    var isHidden = false
  }

  struct Cell {
    var text = ""
    /// Stands behind the text in small letters.
    var small: String?
    var isCode = false
    /// The id of what the text leads to.
    var link: String?
    var kind: String?
    var bar: HTMLMarkup?
    /// Documents, in place of a text.
    var ids: [String] = []
  }

  struct Row {
    var anchor: String?
    var head: Cell
    var cells: [Cell]
  }

  /// A column of a table with a row for each item, and what it shows of an item.
  struct Field<Item> {
    fileprivate var heading: Heading
    fileprivate var isShown = true
    fileprivate var cell: (Item) -> Cell

    static func text(_ heading: String, _ text: @escaping (Item) -> String) -> Self {
      Self(heading: Heading(words: heading)) { Cell(text: text($0)) }
    }

    /// The ids of documents.
    static func ids(_ heading: String, _ ids: @escaping (Item) -> [String]) -> Self {
      Self(heading: Heading(words: heading)) { Cell(kind: "ids", ids: ids($0)) }
    }

    static func code(_ heading: String, _ text: @escaping (Item) -> String) -> Self {
      Self(heading: Heading(words: heading)) { Cell(text: text($0), isCode: true) }
    }

    static func number(_ heading: String, _ text: @escaping (Item) -> String) -> Self {
      Self(heading: Heading(words: heading, isNumeric: true)) { Cell(text: text($0), kind: "n") }
    }

    static func count(_ heading: String, _ count: @escaping (Item) -> Int) -> Self {
      number(heading) { Figures.count(count($0)) }
    }

    /// A share in percent; a dash where there is none.
    static func percent(_ heading: String, _ share: @escaping (Item) -> Double?) -> Self {
      number(heading) { Figures.percent(share($0)) }
    }

    /// A figure with three decimals; a dash where there is none.
    static func fixed(_ heading: String, _ value: @escaping (Item) -> Double?) -> Self {
      number(heading) { value($0).map { Figures.fixed($0, 3) } ?? "–" }
    }

    static func bar(_ heading: String, _ bar: @escaping (Item) -> HTMLMarkup) -> Self {
      Self(heading: Heading(words: heading, isHidden: true)) { Cell(bar: bar($0)) }
    }

    /// The same cells with something in small letters behind the text.
    func small(_ text: @escaping (Item) -> String?) -> Self {
      changed { $1.small = text($0) }
    }

    /// The same cells, each leading to an id.
    func link(_ id: @escaping (Item) -> String) -> Self {
      changed { $1.link = id($0) }
    }

    /// The same cells, marked as bad where they are.
    func bad(_ isBad: @escaping (Item) -> Bool) -> Self {
      changed { item, cell in
        if isBad(item) { cell.kind = (cell.kind.map { $0 + " " } ?? "") + "bad" }
      }
    }

    private func changed(_ change: @escaping (Item, inout Cell) -> Void) -> Self {
      var field = self
      field.cell = { item in
        var cell = cell(item)
        change(item, &cell)
        return cell
      }
      return field
    }

    /// The column, or nothing where a condition does not hold.
    func when(_ isShown: Bool) -> Self {
      var field = self
      field.isShown = isShown
      return field
    }
  }

  /// Begins the caption's id.
  var id: String?
  /// Names the table where the caption has no id.
  var label: String?
  var caption: String
  var isCaptionHidden = false
  var headings: [Heading]
  var rows: [Row]

  /// A table with a row for each item, of which the first column is the heading.
  ///
  /// - Parameter anchor: The id of an item's row; nil for none.
  init<Item>(
    id: String? = nil, label: String? = nil, caption: String, isCaptionHidden: Bool = false,
    _ items: some Sequence<Item>, anchor: (Item) -> String? = { _ in nil }, _ fields: [Field<Item>]
  ) {
    (self.id, self.label) = (id, label)
    (self.caption, self.isCaptionHidden) = (caption, isCaptionHidden)
    let shown = fields.filter(\.isShown)
    headings = shown.map(\.heading)
    rows = items.map { item in
      let cells = shown.map { $0.cell(item) }
      return Row(anchor: anchor(item), head: cells[0], cells: Array(cells.dropFirst()))
    }
  }

  /// Names that begin with a dot are not looked for in the values around.
  static let template = #"""
    <div class="scroll" role="region" tabindex="0" {{#.label}}aria-label="{{.}}"{{/.label}}{{^.label}}aria-labelledby="{{id}}-caption"{{/.label}}>
    <table>
    <caption{{#.id}} id="{{.}}-caption"{{/.id}}{{#isCaptionHidden}} class="hidden"{{/isCaptionHidden}}>{{caption}}</caption>
    <thead>
    <tr>{{#headings}}<th scope="col"{{#isNumeric}} class="n"{{/isNumeric}}>{{#isHidden}}<span class="hidden">{{words}}</span>{{/isHidden}}{{^isHidden}}{{words}}{{/isHidden}}</th>{{/headings}}</tr>
    </thead>
    <tbody>
    {{#rows}}
    <tr{{#.anchor}} id="{{.}}"{{/.anchor}}><th scope="row">{{#head}}{{#.link}}<a href="#{{.}}">{{text}}</a>{{/.link}}{{^.link}}{{#isCode}}<code>{{text}}</code>{{/isCode}}{{^isCode}}{{text}}{{/isCode}}{{/.link}}{{#.small}} <small>{{.}}</small>{{/.small}}{{/head}}</th>{{#cells}}<td{{#.kind}} class="{{.}}"{{/.kind}}>{{#.link}}<a href="#{{.}}">{{text}}</a>{{/.link}}{{^.link}}{{text}}{{/.link}}{{#.small}} <small>{{.}}</small>{{/.small}}{{#.bar}}{{{bar}}}{{/.bar}}{{#ids}}<code>{{.}}</code> {{/ids}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>

    """#
}

/// Names of cells are looked up by hand: there are thousands, and reflection is slow.
extension HTMLTable.Cell: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "text": text
    case "small": small
    case "isCode": isCode
    case "link": link
    case "kind": kind
    case "bar": bar
    case "ids": ids
    default: nil
    }
  }
}
