extension ReportPage {
  /// The page as the text of one HTML file, in UTF-8.
  public func html() -> String {
    var writer = ReportWriter()
    return writer.page(self)
  }
}

/// Writes the elements of a page.
private struct ReportWriter {
  private var html = Markup()
  private var anchors = ReportAnchors(taken: ["top"])

  /// Nothing may be fetched, run, embedded or sent; styles stand in the page itself.
  private static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  /// The sizes in which charts are drawn: several in a row, and one that has the row for itself.
  private typealias Drawing = (style: String, width: Double, height: Double)
  private static let drawings: [Drawing] = [("medium", 540, 340), ("narrow", 390, 310)]
  private static let loneDrawings: [Drawing] = [("wide", 1080, 400), ("medium", 660, 360), ("narrow", 390, 310)]

  mutating func page(_ page: ReportPage) -> String {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"\(Self.policy)\">\n")
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"Moso\">\n")
    html.element("title", page.title.isEmpty ? "Report" : page.title)
    html.raw("\n<style>\n\(ReportStyleSheet.text)\n\(ChartStyleSheet.text)\n</style>\n</head>\n<body id=\"top\">\n")
    html.raw("<header>\n")
    html.element("h1", ["dir": "auto"], page.title.isEmpty ? "Report" : page.title)
    if !page.subtitle.isEmpty { html.element("p", ["class": "subtitle", "dir": "auto"], page.subtitle) }
    let names = page.sections.enumerated().map { anchors.name(for: $1.heading, fallback: "section-\($0 + 1)") }
    contents(page.sections, names)
    html.raw("\n</header>\n<main>\n")
    for (section, name) in zip(page.sections, names) {
      html.open("section", ["aria-labelledby": name])
      html.raw("\n")
      html.open("h2", ["id": name])
      html.line(section.heading.isEmpty ? "Section" : section.heading)
      html.element("a", ["class": "anchor", "href": "#\(name)", "aria-label": "Link to this section"], "#")
      html.raw("</h2>\n")
      for block in section.blocks { add(block) }
      html.raw("</section>\n")
    }
    html.raw("</main>\n")
    if !page.footer.isEmpty {
      html.raw("<footer>")
      html.element("p", ["dir": "auto"], page.footer)
      html.raw("</footer>\n")
    }
    html.raw("</body>\n</html>\n")
    return html.text
  }

  private mutating func contents(_ sections: [ReportSection], _ names: [String]) {
    guard sections.count > 2 else { return }
    html.raw("\n<nav aria-label=\"Contents\"><ul>")
    for (section, name) in zip(sections, names) {
      html.open("li")
      html.element("a", ["href": "#\(name)"], section.heading.isEmpty ? "Section" : section.heading)
      html.close("li")
    }
    html.raw("</ul></nav>")
  }

  private mutating func add(_ block: ReportBlock) {
    switch block {
    case .subheading(let text):
      html.element("h3", ["dir": "auto"], text)
    case .paragraph(let text):
      html.open("p", ["dir": "auto"])
      prose(text)
      html.close("p")
    case .figures(let facts): add(figures: facts)
    case .facts(let facts): add(facts: facts)
    case .table(let table): add(table)
    case .charts(let charts): add(charts)
    case .sample(let heading, let text): addSample(heading, text)
    case .details(let summary, let blocks):
      html.open("details")
      html.element("summary", ["dir": "auto"], summary)
      html.raw("<div>\n")
      for block in blocks { add(block) }
      html.raw("</div></details>")
    case .callout(let kind, let text):
      html.open("div", ["class": "callout \(kind.name)", "role": "note"])
      html.element("strong", kind.title)
      html.open("p", ["dir": "auto"])
      prose(text)
      html.raw("</p></div>")
    }
    html.raw("\n")
  }

  /// Text in which what stands between backticks is code.
  private mutating func prose(_ text: String) {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      // Without a partner the last backtick is a character like any other.
      if index % 2 == 1, index + 1 < parts.count {
        html.element("code", String(part))
      } else {
        html.line((index % 2 == 1 ? "`" : "") + part)
      }
    }
  }

  private mutating func add(figures facts: [ReportFact]) {
    guard !facts.isEmpty else { return }
    html.raw("<dl class=\"figures\">")
    for fact in facts {
      html.raw("<div>")
      html.element("dt", ["dir": "auto"], fact.name)
      html.element("dd", ["dir": "auto"], fact.value)
      if !fact.note.isEmpty { html.element("dd", ["class": "remark", "dir": "auto"], fact.note) }
      html.raw("</div>")
    }
    html.raw("</dl>")
  }

  private mutating func add(facts: [ReportFact]) {
    guard !facts.isEmpty else { return }
    html.raw("<dl class=\"facts\">")
    for fact in facts {
      html.raw("<div>")
      html.element("dt", ["dir": "auto"], fact.name)
      html.open("dd", ["dir": "auto"])
      if fact.isCode { html.element("code", fact.value) } else { html.line(fact.value) }
      if !fact.note.isEmpty { html.element("span", ["class": "remark"], " \(fact.note)") }
      html.raw("</dd></div>")
    }
    html.raw("</dl>")
  }

  private mutating func add(_ table: ReportTable) {
    html.raw("<div class=\"table\"><table>")
    if !table.caption.isEmpty { html.element("caption", ["dir": "auto"], table.caption) }
    html.raw("<thead><tr>")
    for column in table.columns {
      if column.kind == .number {
        html.element("th", ["scope": "col", "class": "number"], column.title)
      } else {
        html.element("th", ["scope": "col"], column.title)
      }
    }
    html.raw("</tr></thead><tbody>")
    for (index, row) in table.rows.enumerated() {
      html.raw(table.emphasizedRows.contains(index) ? "<tr class=\"emphasized\">" : "<tr>")
      for (column, cell) in zip(table.columns, row) {
        switch column.kind {
        case .text: html.element("td", ["dir": "auto"], cell)
        case .number: html.element("td", ["class": "number"], cell)
        case .code:
          html.open("td")
          html.element("code", cell)
          html.close("td")
        }
      }
      html.raw("</tr>")
    }
    html.raw("</tbody></table></div>")
  }

  private mutating func add(_ charts: [Chart]) {
    guard !charts.isEmpty else { return }
    html.raw(charts.count == 1 ? "<div class=\"charts lone\">" : "<div class=\"charts\">")
    for chart in charts {
      html.raw("\n<figure>")
      let title = chart.title.isEmpty ? "Chart" : chart.title
      html.raw("<figcaption>")
      html.element("strong", ["dir": "auto"], title)
      if !chart.caption.isEmpty { html.element("span", ["dir": "auto"], " \(chart.caption)") }
      html.raw("</figcaption>")
      let name = anchors.name(for: "chart \(title)", fallback: "chart")
      // The same chart drawn for several widths, so that text keeps its size.
      for (index, drawing) in (charts.count == 1 ? Self.loneDrawings : Self.drawings).enumerated() {
        html.raw("<div class=\"\(drawing.style)\">")
        let chart = SVGChart(
          chart, width: drawing.width, height: drawing.height, isAlone: false,
          identifier: index == 0 ? name : "\(name)-\(drawing.style)")
        html.raw(chart.markup())
        html.raw("</div>")
      }
      if let omission = chart.omission { html.element("p", ["class": "remark"], omission) }
      html.raw("</figure>")
    }
    html.raw("\n</div>")
  }

  private mutating func addSample(_ heading: String, _ text: String) {
    html.raw("<figure class=\"sample\">")
    if !heading.isEmpty { html.element("figcaption", ["dir": "auto"], heading) }
    // The parser drops a newline at the beginning, so there is one to drop.
    html.raw("<pre tabindex=\"0\" dir=\"auto\">\n")
    html.lines(text)
    html.raw("</pre></figure>")
  }
}

extension ReportCallout {
  fileprivate var name: String {
    switch self {
    case .note: "note"
    case .success: "success"
    case .warning: "warning"
    case .failure: "failure"
    }
  }

  fileprivate var title: String {
    switch self {
    case .note: "Note"
    case .success: "Success"
    case .warning: "Warning"
    case .failure: "Failure"
    }
  }
}
