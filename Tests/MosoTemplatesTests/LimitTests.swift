import MosoFormats
import MosoTemplates
import Testing

/// Templates come with model files: none may take more work or memory than it is allowed.
@Suite("Template limits") struct LimitTests {
  private static let context: JSONObject = ["input": .string(String(repeating: "é", count: 20_000))]

  private func limit(_ source: String, _ limits: TemplateLimits = .standard) -> TemplateError.Limit? {
    guard case .failure(let error) = outcome(source, Self.context, limits: limits),
      case .limit(let limit, _) = error.reason
    else { return nil }
    return limit
  }

  @Test("A template that loops for ever ends")
  func endless() {
    let nested = String(repeating: "{% for i in range(1000) %}", count: 4) + String(repeating: "{% endfor %}", count: 4)
    #expect(limit(nested, TemplateLimits(steps: 200_000)) == .steps)
    let recursive = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"
    #expect(limit(recursive) == .depth)
    let loop = "{% set n = namespace(a=[1]) %}{% for i in n.a recursive %}{{ loop(n.a) }}{% endfor %}"
    #expect(limit(loop) == .depth)
  }

  @Test("Output, texts and working memory have bounds")
  func memory() {
    #expect(limit("{% for i in range(99) %}0123456789{% endfor %}", TemplateLimits(outputBytes: 500)) == .outputBytes)
    #expect(limit("{{ ('ab' * 300)|length }}", TemplateLimits(textBytes: 500)) == .textBytes)
    #expect(limit("{{ ('ab' * 200 ~ 'ab' * 200)|length }}", TemplateLimits(textBytes: 500)) == .textBytes)
    #expect(limit("{{ ('a'|center(501))|length }}", TemplateLimits(textBytes: 500)) == .textBytes)
    #expect(
      limit("{% set a %}{{ 'ab' * 200 }}{{ 'ab' * 200 }}{% endset %}", TemplateLimits(textBytes: 500)) == .textBytes)
    #expect(limit("{% set a = [0] * 1000 %}", TemplateLimits(workingBytes: 10_000)) == .workingBytes)
    let texts = "{% for i in range(90) %}{% set a = 'ab' * 200 %}{% endfor %}"
    #expect(limit(texts, TemplateLimits(workingBytes: 30_000)) == .workingBytes)
    // Marks of who wrote what can take more memory than the text itself.
    let marks = "{% set a = (input[0] ~ 'a') * 1000 %}"
    #expect(limit(marks, TemplateLimits(workingBytes: 10_000 + 40_000)) == nil)
    #expect(limit(marks, TemplateLimits(workingBytes: 10_000)) == .workingBytes)
    let macros = "{% for i in range(90) %}{% macro m() %}{% endmacro %}{% endfor %}"
    #expect(limit(macros, TemplateLimits(workingBytes: 20_000)) == .workingBytes)
  }

  @Test("Ranges, nesting and the source have bounds")
  func sizes() {
    #expect(limit("{{ range(11)|length }}", TemplateLimits(rangeCount: 10)) == .rangeCount)
    #expect(limit("{{ range(10)|length }}", TemplateLimits(rangeCount: 10)) == nil)
    #expect(limit("{{ ((((1)))) + [[[[1]]]][0][0][0][0] }}", TemplateLimits(depth: 4)) == .depth)
    #expect(
      limit(String(repeating: "{% if 1 %}", count: 101) + String(repeating: "{% endif %}", count: 101)) == .sourceDepth)
    #expect(
      limit("{{ " + String(repeating: "(", count: 101) + "1" + String(repeating: ")", count: 101) + " }}")
        == .sourceDepth)
    #expect(limit(String(repeating: "x", count: 1 << 20 + 1)) == .sourceBytes)
  }

  @Test(
    "Values that hold values are not nested without end",
    arguments: [
      "[n.a]", "(n.a,)", "{'a': n.a}", "[n.a]|batch(1)|list", "[n.a]|slice(1)|list", "{'a': n.a}.items()",
      "{'a': n.a}|items|list", "cycler(n.a)", "joiner(n.a)", "dict(a=n.a)", "{'a': n.a}|dictsort",
      "m(n.a, n.a)",
    ])
  func nesting(value: String) {
    let source = """
      {% set n = namespace(a=1) %}{% macro m() %}{% set n.a = varargs %}{% endmacro %}\
      {% for i in range(100000) %}{% set n.b = \(value) %}{% if n.b %}{% set n.a = n.b %}{% endif %}{% endfor %}
      """
    #expect(limit(source) == .valueDepth)
  }

  @Test("Loops that hold loops are not nested without end")
  func loops() {
    let items =
      "{% set n = namespace(a=1) %}{% for i in range(100000) %}{% for j in [n.a] %}{% set n.a = loop %}{% endfor %}{% endfor %}"
    #expect(limit(items) == .valueDepth)
    // Here each loop remembers the one before it, which is no list, so it only has to come to an end.
    let changed = """
      {% set n = namespace(a=1) %}{% for i in range(30000) %}{% for j in [1] %}{% set x = loop.changed(n.a) %}\
      {% set n.a = loop %}{% endfor %}{% endfor %}
      """
    #expect(limit(changed) == nil)
  }

  /// Each goes through 40,000 bytes of text, 2,000 times: 80 MB, which 100,000 steps do not allow.
  @Test(
    "Work on long texts counts",
    arguments: [
      "{a: 1}", "d[b]", "d.get(b)", "b in d", "[b]|unique|list", "d == e", "{1: 2}[a]", "n[a]", "1|attr(a)",
      "d|attr(a)",
      "a|last", "a[-1]", "a|int", "a|float", "a == b", "a < b", "'x' in a", "[a, b]|sort", "[a, b]|max", "d|dictsort",
      "a|upper", "a|lower", "a|title", "a|wordcount", "a|escape", "a|trim", "' '|trim(a)", "''.strip(a)", "a|reverse",
      "a|replace('x', 'y')", "a|truncate(10)", "a|indent", "a|center(5)", "a|tojson", "[a]|string", "a is lower",
      "a is upper", "a is filter", "a.isspace()", "a.isalpha()", "a.islower()", "a.istitle()", "a.upper()", "a.split()",
      "a.split('x')", "a.splitlines()", "a.find('x')", "a.count('x')", "a.strip()", "a.startswith((b, b))",
      "a.partition('x')", "a.expandtabs()", "a.format()", "a % ()", "a[::2]", "a[5:6]", "[1]|map(attribute=a)|list",
      "[1]|sort(attribute=a)", "dict(**d)", "{'x': 1}|tojson(indent=a)", "a.zfill(1)", "(a, 1) in d", "a|string|list",
      "a ~ b", "a + b", "a|format", "a|capitalize", "a.title()", "a.swapcase()", "a.rsplit('x', 1)", "a.rfind('x')",
    ])
  func longTexts(operation: String) {
    let source = """
      {% set a = input %}{% set b = input ~ '' %}{% set d = {a: 1} %}{% set e = {b: 1} %}{% set n = namespace() %}\
      {% for i in range(2000) %}{% set x = \(operation) %}{% endfor %}
      """
    // The loop by itself takes a tenth of the steps.
    let found = limit(source, TemplateLimits(steps: 200_000, workingBytes: 1 << 40))
    #expect(found == .steps)
    // With a short text the same work is allowed, so it is the length that was counted.
    let short = outcome(source, ["input": "é"], limits: TemplateLimits(steps: 200_000, workingBytes: 1 << 40))
    if case .failure(let error) = short, case .limit = error.reason { Issue.record("\(error)") }
  }

  @Test("Work on many names counts")
  func manyNames() {
    let limits = TemplateLimits(steps: 100_000)
    let variables = (0..<2_000).map { "{% set v\($0) = 1 %}" }.joined()
    #expect(limit(variables + "{% for i in range(2000) %}{{ v1999 }}{% endfor %}", limits) == .steps)
    let names = (0..<2_000).map { "a\($0)=1" }.joined(separator: ",")
    #expect(
      limit("{% set n = namespace(\(names)) %}{% for i in range(2000) %}{{ n.a1999 }}{% endfor %}", limits) == .steps)
    #expect(
      limit("{% macro m(\(names)) %}{% endmacro %}{{ m(\(names)) }}", TemplateLimits(steps: 100_000)) == .steps)
  }
}
