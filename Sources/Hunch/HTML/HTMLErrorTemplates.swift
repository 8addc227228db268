/// The templates of errors, words and documents.
enum HTMLErrorTemplates {
  static let errors = #"""
    {{#errorSection}}
    <section id="errors" aria-labelledby="errors-heading">
    <h2 id="errors-heading">Errors and doubtful documents</h2>
    <p>{{errorsExplanation}}</p>
    {{^empty(buckets)}}
    <h3>By gold class, predicted class and votes</h3>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="buckets-caption">
    <table class="buckets">
    <caption id="buckets-caption">{{bucketsCaption}}</caption>
    <thead>
    <tr><th scope="col">gold</th><th scope="col">predicted</th><th scope="col" class="n">documents</th><th scope="col" class="n">of errors</th><th scope="col">votes</th><th scope="col">documents by their votes</th></tr>
    </thead>
    <tbody>
    {{#buckets}}
    <tr><th scope="row">{{gold}}</th><td>{{predicted}}</td><td class="n">{{documents}}</td><td class="n">{{share}}</td><td>{{voters}}</td><td><ul class="plain">{{#patterns}}<li>{{count}}: {{votes}} <span class="ids">{{#ids}}<code>{{.}}</code> {{/ids}}</span></li>{{/patterns}}</ul></td></tr>
    {{/buckets}}
    </tbody>
    </table>
    </div>
    {{/empty(buckets)}}
    {{^empty(worst)}}
    <h3>Where the classifier is most wrong</h3>
    <p>The largest losses, −log p(gold).</p>
    <ul class="examples">
    {{#worst}}
    {{> doubtful}}
    {{/worst}}
    </ul>
    {{/empty(worst)}}
    {{^empty(disagreements)}}
    <h3>Where label model and classifier differ most</h3>
    <p>The largest Jensen-Shannon divergences of their probabilities.</p>
    <ul class="examples">
    {{#disagreements}}
    {{> doubtful}}
    {{/disagreements}}
    </ul>
    {{/empty(disagreements)}}
    </section>
    {{/errorSection}}

    """#

  static let runs = #"""
    {{#runSection}}
    <section id="runs" aria-labelledby="runs-heading">
    <h2 id="runs-heading">Last run</h2>
    <p>{{runsExplanation}}</p>
    {{#runTables}}
    {{> table}}
    {{/runTables}}
    {{#flipTable}}
    <details><summary>{{flipsTitle}}</summary>
    {{> table}}
    </details>
    {{/flipTable}}
    </section>
    {{/runSection}}

    """#

  static let doubtful = #"""
    <li>{{#excerptText}}<p class="document" dir="auto">{{excerptText}}</p>{{/excerptText}}<p class="tags">document <code>{{id}}</code>{{#goldLabel}} · gold {{goldLabel}}{{/goldLabel}} · classifier {{classifierLabel}} · label model {{modelLabel}} · {{measure}} · {{votes}}</p></li>

    """#

  static let strongest = #"""
    {{^empty(strongest)}}
    <h3>Words that speak most for each class</h3>
    <p>Words and pairs of words by what they add to the score of their class where they occur, on average, and the documents in which they do, of a sample of those that the classifier learned from. Runs of characters take part in the probabilities and are not listed.</p>
    <div class="side-by-side">
    {{#strongest}}
    <table class="strongest">
    <caption>{{label}}</caption>
    <thead><tr><th scope="col">words</th><th scope="col" class="n">adds</th><th scope="col" class="n">documents</th></tr></thead>
    <tbody>
    {{#words}}
    <tr><th scope="row"><code>{{word}}</code></th><td class="n">{{contribution}}</td><td class="n">{{documents}}</td></tr>
    {{/words}}
    </tbody>
    </table>
    {{/strongest}}
    </div>
    {{/empty(strongest)}}

    """#

  static let slices = #"""
    {{#sliceTable}}
    <h3>Slices</h3>
    {{> table}}
    {{/sliceTable}}

    """#

  static let thresholds = #"""
    <h3>Thresholds</h3>
    <p>If only documents are labelled of which a model is sure enough: the share of documents that this leaves, and how often the model is right on them. From left to right the least top probability falls from 0.9 to 0.</p>
    <div class="side-by-side">
    {{#thresholds}}
    {{> diagram}}
    {{/thresholds}}
    </div>

    """#

  static let diagram = #"""
    <figure>
    <figcaption>{{figureCaption}}</figcaption>
    {{{diagram}}}
    <details><summary>Figures</summary>
    {{#table}}
    {{> table}}
    {{/table}}
    </details>
    </figure>

    """#

  static let meetings = #"""
    {{#meetingTable}}
    <details><summary>{{meetingsTitle}}</summary>
    {{> table}}
    </details>
    {{/meetingTable}}

    """#

  static let uncovered = #"""
    {{^empty(uncovered)}}
    <details><summary>{{uncoveredTitle}}</summary>
    <ul class="examples">
    {{#uncovered}}
    <li>{{^empty(excerpt)}}{{> excerpt}}{{/empty(excerpt)}}<p class="tags">document <code>{{id}}</code> · {{split}}</p></li>
    {{/uncovered}}
    </ul>
    </details>
    {{/empty(uncovered)}}

    """#
}
