import Foundation
import Testing

@testable import MosoReports

@Suite("Pages")
struct ReportPageTests {
  /// What a scanner of its own finds in a page: tags that close in order, attributes in quotes.
  private struct Scan {
    var tags: [(name: String, attributes: [String: String])] = []
    var text = ""
    var isBalanced = true

    init(_ html: String) {
      var open: [String] = []
      // The style sheet is not markup.
      let parts = html.components(from: "<style>", to: "</style>")
      for piece in parts.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
        let end = piece.firstIndex(of: ">") ?? piece.endIndex
        let inside = piece[..<end]
        text += end == piece.endIndex ? "" : String(piece[piece.index(after: end)...])
        if inside.hasPrefix("!") { continue }
        if inside.hasPrefix("/") {
          if open.popLast() != String(inside.dropFirst()) { isBalanced = false }
          continue
        }
        let name = String(inside.prefix { $0 != " " && $0 != "/" })
        var attributes: [String: String] = [:]
        let pieces = inside.dropFirst(name.count).split(separator: "\"", omittingEmptySubsequences: false)
        for index in stride(from: 0, to: pieces.count - 1, by: 2) {
          attributes[String(pieces[index].dropLast().drop { $0 == " " })] = String(pieces[index + 1])
        }
        tags.append((name, attributes))
        if name != "meta", !inside.hasSuffix("/") { open.append(name) }
      }
      isBalanced = isBalanced && open.isEmpty
    }

    func all(_ name: String) -> [[String: String]] { tags.filter { $0.name == name }.map(\.attributes) }
  }

  private let bad = "</pre></title><script>alert('x')</script><img src=//x>\u{0}\u{1B}[2J\u{202E}\" onload=\"x"

  private var page: ReportPage {
    var table = ReportTable(bad, columns: [.init(bad), .init("n", .number), .init("c", .code)])
    table.add([bad, "1.5", bad])
    table.add(["b", bad, ""], isEmphasized: true)
    let chart = Chart(
      bad, caption: bad, x: ChartAxis(bad), y: ChartAxis(bad), series: [.line(bad, x: [1, 2, .nan], y: [1, 2, 3])])
    var page = ReportPage(bad, subtitle: bad, footer: bad)
    page.add(
      ReportSection(
        bad,
        [
          .subheading(bad), .paragraph(bad), .figures([ReportFact(bad, bad, note: bad)]),
          .facts([ReportFact(bad, bad, note: bad), ReportFact("h", bad, isCode: true)]), .table(table),
          .charts([chart]),
          .charts([chart, chart]), .sample(heading: bad, text: bad),
          .details(summary: bad, [.paragraph(bad), .details(summary: "inner", [.callout(.failure, bad)])]),
          .callout(.note, bad), .callout(.success, bad), .callout(.warning, bad),
        ]))
    page.add(ReportSection("Loss"))
    page.add(ReportSection("Loss"))
    page.add(ReportSection("漢字"))
    page.add(ReportSection(""))
    return page
  }

  @Test("hostile text stays text in every place, and all tags close")
  func hostile() {
    let html = page.html()
    let scan = Scan(html)
    #expect(scan.isBalanced)
    #expect(scan.all("script").isEmpty && scan.all("img").isEmpty)
    #expect(scan.tags.allSatisfy { tag in tag.attributes.keys.allSatisfy { !$0.hasPrefix("on") } })
    #expect(
      !html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" } && !html.unicodeScalars.contains("\u{202E}"))
    #expect(
      scan.text.contains(
        "&lt;script&gt;alert('x')&lt;/script&gt;&lt;img src=//x&gt;‹U+0000›‹U+001B›[2J‹U+202E›&quot; onload"))
  }

  @Test("nothing is fetched, and the policy says so before anything else could")
  func offline() throws {
    let html = page.html()
    let scan = Scan(html)
    let metas = scan.all("meta")
    #expect(metas[0] == ["charset": "utf-8"] && metas[1]["http-equiv"] == "Content-Security-Policy")
    let policy = try #require(metas[1]["content"])
    #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("script") && !policy.contains("http"))
    #expect(scan.tags.allSatisfy { $0.attributes["src"] == nil && $0.attributes["style"] == nil })
    #expect(scan.tags.compactMap { $0.attributes["href"] }.allSatisfy { $0.hasPrefix("#") })
    let sheet = html.components(between: "<style>", and: "</style>")
    #expect(!sheet.contains("url(") && !sheet.contains("@import") && sheet.contains("prefers-color-scheme:dark"))
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
  }

  @Test("every place has a name of its own, and every link and label leads to one")
  func anchors() {
    let scan = Scan(page.html())
    let names = scan.tags.compactMap { $0.attributes["id"] }
    #expect(Set(names).count == names.count)
    #expect(
      names.contains("loss") && names.contains("loss-2") && names.contains("section-4") && names.contains("section-5"))
    #expect(scan.tags.compactMap { $0.attributes["href"] }.allSatisfy { names.contains(String($0.dropFirst())) })
    for tag in scan.tags {
      for label in (tag.attributes["aria-labelledby"] ?? "").split(separator: " ") {
        #expect(names.contains(String(label)))
      }
    }
    #expect(scan.all("nav").count == 1)
    var short = ReportPage("t")
    short.add(ReportSection("one"))
    #expect(Scan(short.html()).all("nav").isEmpty)
  }

  @Test(
    "names of places are made of letters that links may have",
    arguments: [
      ("Loss over Time!", "loss-over-time"), ("  --A--  ", "a"), ("µ", "x"), ("top", "top-2"), ("Édit 3", "dit-3"),
      (String(repeating: "long ", count: 50), String(repeating: "long-", count: 12).dropLast().description),
    ])
  func anchorNames(_ text: String, _ name: String) {
    var anchors = ReportAnchors(taken: ["top"])
    #expect(anchors.name(for: text, fallback: "x") == name)
  }

  @Test("samples keep every newline, code is set as code, numbers to the right")
  func details() {
    var page = ReportPage("t")
    var table = ReportTable(columns: [.init("a"), .init("n", .number)])
    table.add(["x", "1"], isEmphasized: true)
    page.add(
      ReportSection(
        "s",
        [
          .sample(heading: "", text: "\n\n  a\tb\r\n"), .paragraph("use `moso <x>` and `this"), .paragraph("``"),
          .table(table),
        ]))
    let html = page.html()
    #expect(html.contains("<pre tabindex=\"0\" dir=\"auto\">\n\n\n  a\tb\n</pre>"))
    #expect(html.contains("<p dir=\"auto\">use <code>moso &lt;x&gt;</code> and `this</p>"))
    #expect(html.contains("<tr class=\"emphasized\"><td dir=\"auto\">x</td><td class=\"number\">1</td></tr>"))
    #expect(html.contains("<th scope=\"col\" class=\"number\">n</th>"))
  }

  @Test("a chart is drawn for wide and for narrow windows, and says what it leaves out")
  func charts() {
    let scan = Scan(page.html())
    let boxes = scan.all("svg").filter { $0["role"] == "img" }.compactMap { $0["viewBox"] }
    #expect(
      boxes == [
        "0 0 1080 400", "0 0 660 360", "0 0 390 310", "0 0 540 340", "0 0 390 310", "0 0 540 340", "0 0 390 310",
      ])
    #expect(scan.text.contains("Not shown: 1 value that is not finite."))
  }
}

extension String {
  /// The text without what stands between two marks.
  fileprivate func components(from start: String, to end: String) -> String {
    guard let first = range(of: start), let last = range(of: end) else { return self }
    return String(self[..<first.lowerBound] + self[last.upperBound...])
  }

  /// What stands between two marks.
  fileprivate func components(between start: String, and end: String) -> String {
    guard let first = range(of: start), let last = range(of: end) else { return "" }
    return String(self[first.upperBound..<last.lowerBound])
  }
}
