import MosoFormats

/// One rendering of a template: walks its statements and gathers the output, counting every step.
final class Renderer {
  let source: Source
  let names: NameTable
  let limits: TemplateLimits
  let now: LocalTime
  var scope: Scope
  var output = MarkedText()
  /// Where in the source the work is, for errors.
  var offset = 0
  /// Recursive loops at one time, which `loop.depth` counts.
  var recursionDepth = 0
  /// How many captures (macros, `set` blocks) the current output is inside of.
  private var captureDepth = 0
  private var steps = 0
  private var depth = 0
  private var workingBytes = 0
  /// Scopes, namespaces and loops that values may refer back to. They are emptied at the end, so that neither a cycle stays
  /// in memory nor a long chain is released recursively.
  private var retainedScopes: [Scope] = []
  private var retainedNamespaces: [NamespaceValue] = []
  private var retainedLoops: [LoopState] = []

  init(source: Source, names: NameTable, limits: TemplateLimits, now: LocalTime) {
    self.source = source
    self.names = names
    self.limits = limits
    self.now = now
    scope = Scope(parent: nil)
  }

  /// Runs the whole template.
  func render(
    _ body: [Statement], context: JSONObject, trusted: [TrustedInput]
  ) throws(TemplateError) -> MarkedText {
    defer { releaseCycles() }
    for function in GlobalFunction.allCases {
      if let id = names.existingID(of: function.rawValue) { scope.set(id, to: .function(function)) }
    }
    let reader = ContextReader(trusted: trusted)
    for (id, name) in names.names.enumerated() {
      guard let json = context[name] else { continue }
      guard let value = reader.value(of: json, name: name) else {
        throw fail(.limit(.valueDepth, allowed: TemplateLimits.valueDepth))
      }
      scope.set(id, to: value)
    }
    scope = Scope(parent: scope)
    _ = try execute(body)
    return output
  }

  private func releaseCycles() {
    for scope in retainedScopes { scope.removeAll() }
    for namespace in retainedNamespaces { namespace.attributes = [] }
    for loop in retainedLoops { loop.lastChanged = nil }
    output = MarkedText()
  }

  /// Keeps a scope that a macro or a recursive loop refers to until the rendering ends.
  func retain(_ scope: Scope) throws(TemplateError) {
    try claim(bytes: Self.retainedBytes)
    retainedScopes.append(scope)
  }

  func retain(_ namespace: NamespaceValue) throws(TemplateError) {
    try claim(bytes: Self.retainedBytes)
    retainedNamespaces.append(namespace)
  }

  /// Keeps a loop that holds the arguments of `loop.changed`, among which it may be itself.
  func retain(_ loop: LoopState) throws(TemplateError) {
    guard loop.lastChanged == nil else { return }
    try claim(bytes: Self.retainedBytes)
    retainedLoops.append(loop)
  }

  /// About what an object that is kept to the end takes, with the little that it holds.
  private static let retainedBytes = 256
}

// MARK: - Errors and limits

extension Renderer {
  /// An error at the place in the source that is being worked on.
  func fail(_ reason: TemplateError.Reason) -> TemplateError { source.error(reason, at: offset) }

  func wrongType(_ operation: String, _ found: Value, expected: String) -> TemplateError {
    if case .undefined(let undefined) = found { return fail(.undefined(name: undefined.name, use: operation)) }
    return fail(.wrongType(operation: operation, found: found.kindName, expected: expected))
  }

  func invalid(_ operation: String, _ found: String, expected: String) -> TemplateError {
    fail(.invalidValue(operation: operation, found: found, expected: expected))
  }

  /// Counts work.
  func spend(_ count: Int = 1) throws(TemplateError) {
    steps += count
    guard steps <= limits.steps else { throw fail(.limit(.steps, allowed: limits.steps)) }
  }

  /// Counts the work of going through a text as fast as memory allows: copying and comparing it.
  func spend(scanning text: MarkedText) throws(TemplateError) { try spend(text.bytes.count >> 6) }

  /// Counts the work of going through a text character by character, of hashing it or of searching in it.
  func spend(reading text: MarkedText) throws(TemplateError) { try spend(text.bytes.count >> 3) }

  /// Counts the work of looking up every character of a text in Unicode's tables, and of writing it anew.
  func spend(mapping text: MarkedText) throws(TemplateError) { try spend(text.bytes.count >> 1) }

  /// Counts the memory and the work of a text, before it is built.
  func claim(textBytes count: Int) throws(TemplateError) {
    guard count <= limits.textBytes else { throw fail(.limit(.textBytes, allowed: limits.textBytes)) }
    try claim(bytes: count)
  }

  /// Counts the memory and the work of a copy of a text, with its marks.
  func claim(copying text: MarkedText) throws(TemplateError) {
    try claim(textBytes: text.bytes.count)
    try claim(bytes: text.markBytes)
  }

  /// Counts the memory and the work of a list, before it is built.
  func claim(elements count: Int) throws(TemplateError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    guard !overflow else { throw fail(.limit(.workingBytes, allowed: limits.workingBytes)) }
    try claim(bytes: bytes)
  }

  func claim(bytes: Int) throws(TemplateError) {
    guard bytes <= limits.workingBytes - workingBytes else {
      throw fail(.limit(.workingBytes, allowed: limits.workingBytes))
    }
    workingBytes += bytes
    try spend(bytes >> 6)
  }

  /// Enters a nested statement, expression or call; ``leave()`` ends it.
  func enter() throws(TemplateError) {
    depth += 1
    guard depth <= limits.depth else { throw fail(.limit(.depth, allowed: limits.depth)) }
  }

  func leave() { depth -= 1 }

  /// Checks a list or dictionary that was just made.
  func checked(_ value: Value) throws(TemplateError) -> Value {
    guard value.depth <= TemplateLimits.valueDepth else {
      throw fail(.limit(.valueDepth, allowed: TemplateLimits.valueDepth))
    }
    return value
  }
}

// MARK: - Output

extension Renderer {
  func write(_ text: MarkedText) throws(TemplateError) {
    let limit = captureDepth == 0 ? limits.outputBytes : limits.textBytes
    guard text.bytes.count <= limit - output.bytes.count else {
      throw fail(.limit(captureDepth == 0 ? .outputBytes : .textBytes, allowed: limit))
    }
    if captureDepth > 0 { try claim(copying: text) } else { try spend(scanning: text) }
    output.append(text)
  }

  /// Runs `body` and gives what it wrote instead of writing it.
  func capture(_ body: () throws(TemplateError) -> Void) throws(TemplateError) -> MarkedText {
    let outer = output
    output = MarkedText()
    captureDepth += 1
    try body()
    captureDepth -= 1
    let captured = output
    output = outer
    return captured
  }
}
