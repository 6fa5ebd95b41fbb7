/// A report as one file that a browser shows without a network: headings, prose, tables, charts and samples.
///
/// ```swift
/// var page = ReportPage("A small model", subtitle: "trained on 1.2B tokens in 3 h 20 min")
/// page.add(ReportSection("Loss", [.charts([loss, learningRate]), .facts([ReportFact("final loss", "2.31")])]))
/// try write(page.html(), to: "report.html")
/// ```
///
/// All text is taken for text, wherever it comes from: nothing in it becomes markup. The file has no script and may
/// fetch nothing; a policy inside it says so to the browser.
public struct ReportPage: Sendable, Hashable {
  /// What the report is about.
  public var title: String
  /// A line below the title; may be empty.
  public var subtitle: String
  /// A line at the end, such as what made the report and when; may be empty.
  public var footer: String
  /// The sections in order.
  public private(set) var sections: [ReportSection] = []

  /// A page without sections.
  public init(_ title: String, subtitle: String = "", footer: String = "") {
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
  }

  /// Adds a section at the end.
  public mutating func add(_ section: ReportSection) {
    sections.append(section)
  }
}

/// A part of a report with a heading of its own, to which a link leads.
public struct ReportSection: Sendable, Hashable {
  /// The heading.
  public var heading: String
  /// What stands below it.
  public var blocks: [ReportBlock]

  /// A section.
  public init(_ heading: String, _ blocks: [ReportBlock] = []) {
    self.heading = heading
    self.blocks = blocks
  }
}

/// One thing in a section of a report.
public indirect enum ReportBlock: Sendable, Hashable {
  /// A heading within the section.
  case subheading(String)
  /// Prose. What stands between two backticks is set as code.
  case paragraph(String)
  /// The few numbers that matter most, large and side by side.
  case figures([ReportFact])
  /// Names with their values: a configuration, the machine, hashes.
  case facts([ReportFact])
  /// Rows and columns.
  case table(ReportTable)
  /// Charts side by side where there is room; one by itself takes more of it.
  case charts([Chart])
  /// Text as it is, such as what a model has written; the heading may be empty.
  case sample(heading: String, text: String)
  /// What is hidden until a reader asks for it.
  case details(summary: String, [ReportBlock])
  /// A remark set apart. What stands between two backticks is set as code.
  case callout(ReportCallout, String)
}

/// What a remark in a report is for.
public enum ReportCallout: Sendable, Hashable {
  /// Good to know.
  case note
  /// Something went well that might not have.
  case success
  /// To be careful about.
  case warning
  /// Something went wrong.
  case failure
}

/// A name and its value.
public struct ReportFact: Sendable, Hashable {
  /// What it is.
  public var name: String
  /// The value with its unit, as it is to be read.
  public var value: String
  /// A remark on the value; may be empty.
  public var note: String
  /// Whether the value is set as code, as hashes and commands are.
  public var isCode: Bool

  /// A fact.
  public init(_ name: String, _ value: String, note: String = "", isCode: Bool = false) {
    self.name = name
    self.value = value
    self.note = note
    self.isCode = isCode
  }
}
