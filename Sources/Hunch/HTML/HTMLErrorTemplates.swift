/// The templates of errors, words and documents.
enum HTMLErrorTemplates {
  static let errors = #"""
    {{#errorSection}}
    <section id="errors" aria-labelledby="errors-heading">
    <h2 id="errors-heading">Errors and doubtful documents</h2>
    <p>{{errorsExplanation}}</p>
    {{#hasBuckets}}
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
    {{/hasBuckets}}
    {{#hasWorst}}
    <h3>Where the classifier is most wrong</h3>
    <p>The largest losses, −log p(gold).</p>
    <ul class="examples">
    {{#worst}}
    {{> doubtful}}
    {{/worst}}
    </ul>
    {{/hasWorst}}
    {{#hasDisagreements}}
    <h3>Where label model and classifier differ most</h3>
    <p>The largest Jensen-Shannon divergences of their probabilities.</p>
    <ul class="examples">
    {{#disagreements}}
    {{> doubtful}}
    {{/disagreements}}
    </ul>
    {{/hasDisagreements}}
    </section>
    {{/errorSection}}

    """#

  static let runs = #"""
    {{#runSection}}
    <section id="runs" aria-labelledby="runs-heading">
    <h2 id="runs-heading">Last run</h2>
    <p>{{runsExplanation}}</p>
    {{#hasChangedFunctions}}
    <div class="scroll" role="region" tabindex="0" aria-labelledby="changed-caption">
    <table>
    <caption id="changed-caption">Functions that are not the same; in flips: documents with a flipped label on which its vote is another one</caption>
    <thead>
    <tr><th scope="col">function</th><th scope="col">change</th><th scope="col" class="n">coverage</th><th scope="col" class="n">conflicts</th><th scope="col" class="n">implied accuracy</th><th scope="col" class="n">in flips</th></tr>
    </thead>
    <tbody>
    {{#changedFunctions}}
    <tr><th scope="row">{{name}}</th><td>{{change}}</td><td class="n">{{coverage}}</td><td class="n">{{conflicts}}</td><td class="n">{{implied}}</td><td class="n">{{flipped}}</td></tr>
    {{/changedFunctions}}
    </tbody>
    </table>
    </div>
    {{/hasChangedFunctions}}
    {{#hasSettings}}
    <div class="scroll" role="region" tabindex="0" aria-labelledby="settings-caption">
    <table>
    <caption id="settings-caption">Settings that are not the same</caption>
    <thead>
    <tr><th scope="col">setting</th><th scope="col">before</th><th scope="col">now</th></tr>
    </thead>
    <tbody>
    {{#settings}}
    <tr><th scope="row">{{key}}</th><td>{{before}}</td><td>{{after}}</td></tr>
    {{/settings}}
    </tbody>
    </table>
    </div>
    {{/hasSettings}}
    {{#hasFigures}}
    <div class="scroll" role="region" tabindex="0" aria-labelledby="figures-caption">
    <table>
    <caption id="figures-caption">{{figuresCaption}}</caption>
    <thead>
    <tr><th scope="col">figure</th><th scope="col" class="n">before</th><th scope="col" class="n">now</th><th scope="col" class="n">difference</th><th scope="col" class="n">95 % interval</th><th scope="col">verdict</th></tr>
    </thead>
    <tbody>
    {{#figures}}
    <tr><th scope="row">{{name}}</th><td class="n">{{before}}</td><td class="n">{{after}}</td><td class="n">{{difference}}</td><td class="n">{{interval}}</td><td{{#isWorse}} class="bad"{{/isWorse}}>{{verdict}}</td></tr>
    {{/figures}}
    </tbody>
    </table>
    </div>
    {{/hasFigures}}
    {{#hasFlips}}
    <details><summary>{{flipsTitle}}</summary>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="flips-caption">
    <table>
    <caption id="flips-caption">Documents to which the label model gives another label</caption>
    <thead>
    <tr><th scope="col">document</th><th scope="col">before</th><th scope="col">now</th><th scope="col">gold</th><th scope="col">why</th></tr>
    </thead>
    <tbody>
    {{#flips}}
    <tr><th scope="row"><code>{{id}}</code></th><td>{{before}}</td><td>{{after}}</td><td>{{gold}}</td><td>{{why}}</td></tr>
    {{/flips}}
    </tbody>
    </table>
    </div>
    </details>
    {{/hasFlips}}
    </section>
    {{/runSection}}

    """#

  static let doubtful = #"""
    <li>{{#excerptText}}<p class="document" dir="auto">{{excerptText}}</p>{{/excerptText}}<p class="tags">document <code>{{id}}</code>{{#goldLabel}} · gold {{goldLabel}}{{/goldLabel}} · classifier {{classifierLabel}} · label model {{modelLabel}} · {{measure}} · {{votes}}</p></li>

    """#

  static let strongest = #"""
    {{#hasStrongest}}
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
    {{/hasStrongest}}

    """#

  static let slices = #"""
    {{#hasSlices}}
    <h3>Slices</h3>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="slices-caption">
    <table>
    <caption id="slices-caption">The models on the parts of the documents that the rule pack names; a red accuracy is lower than that of all documents by more than chance explains</caption>
    <thead>
    <tr><th scope="col">slice</th><th scope="col" class="n">documents</th><th scope="col" class="n">label model, all: accuracy</th><th scope="col" class="n">classifier: accuracy</th><th scope="col" class="n">95 % interval</th><th scope="col" class="n">macro-F1</th><th scope="col" class="n">log-loss</th><th scope="col" class="n">ECE</th></tr>
    </thead>
    <tbody>
    {{#slices}}
    <tr><th scope="row">{{name}}{{#gist}} <small>{{gist}}</small>{{/gist}}</th><td class="n">{{documents}}</td><td class="n">{{modelAccuracy}}</td><td class="n{{#isWorse}} bad{{/isWorse}}">{{accuracy}}</td><td class="n">{{interval}}</td><td class="n">{{macroF1}}</td><td class="n">{{logLoss}}</td><td class="n">{{ece}}</td></tr>
    {{/slices}}
    </tbody>
    </table>
    </div>
    {{/hasSlices}}

    """#

  static let thresholds = #"""
    <h3>Thresholds</h3>
    <p>If only documents are labelled of which a model is sure enough: the share of documents that this leaves, and how often the model is right on them. From left to right the least top probability falls from 0.9 to 0.</p>
    <div class="side-by-side">
    {{#thresholds}}
    <figure>
    <figcaption>{{name}}</figcaption>
    {{{diagram}}}
    <details><summary>Figures</summary>
    <div class="scroll" role="region" tabindex="0" aria-label="{{name}}, thresholds">
    <table>
    <caption class="hidden">{{name}}: documents and accuracy by least top probability</caption>
    <thead>
    <tr><th scope="col">from</th><th scope="col" class="n">share</th><th scope="col" class="n">documents</th><th scope="col" class="n">accuracy</th><th scope="col" class="n">95 % interval</th></tr>
    </thead>
    <tbody>
    {{#thresholdRows}}
    <tr><th scope="row">{{least}}</th><td class="n">{{share}}</td><td class="n">{{documents}}</td><td class="n">{{accuracy}}</td><td class="n">{{interval}}</td></tr>
    {{/thresholdRows}}
    </tbody>
    </table>
    </div>
    </details>
    </figure>
    {{/thresholds}}
    </div>

    """#

  static let meetings = #"""
    {{#hasMeetings}}
    <details><summary>{{meetingsTitle}}</summary>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="meetings-caption">
    <table>
    <caption id="meetings-caption">On how many documents two functions both vote, with the first documents, outside the test split, on which they agree and differ</caption>
    <thead>
    <tr><th scope="col">first</th><th scope="col">second</th><th scope="col" class="n">both</th><th scope="col" class="n">differ</th><th scope="col">agree, for instance</th><th scope="col">differ, for instance</th></tr>
    </thead>
    <tbody>
    {{#meetings}}
    <tr id="{{anchor}}"><th scope="row"><a href="#{{firstAnchor}}">{{first}}</a></th><td><a href="#{{secondAnchor}}">{{second}}</a></td><td class="n">{{both}}</td><td class="n">{{differing}}</td><td class="ids">{{#agreeingIDs}}<code>{{.}}</code> {{/agreeingIDs}}</td><td class="ids">{{#differingIDs}}<code>{{.}}</code> {{/differingIDs}}</td></tr>
    {{/meetings}}
    </tbody>
    </table>
    </div>
    </details>
    {{/hasMeetings}}

    """#

  static let uncovered = #"""
    {{#hasUncovered}}
    <details><summary>{{uncoveredTitle}}</summary>
    <ul class="examples">
    {{#uncovered}}
    <li>{{#hasExcerpt}}{{> excerpt}}{{/hasExcerpt}}<p class="tags">document <code>{{id}}</code> · {{split}}</p></li>
    {{/uncovered}}
    </ul>
    </details>
    {{/hasUncovered}}

    """#
}
