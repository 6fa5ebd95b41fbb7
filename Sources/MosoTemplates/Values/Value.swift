/// A value while a template is rendered. Lists and dictionaries never change once made, as in Hugging Face's immutable
/// sandbox; only namespaces and the counters of `cycler`, `joiner` and loops do.
enum Value {
  case undefined(Undefined)
  case none
  case bool(Bool)
  case integer(Int)
  case float(Double)
  case text(MarkedText)
  case list(ListValue)
  case dictionary(DictionaryValue)
  /// A sequence that can be gone through once, as `map`, `select` and `items` give.
  case generator(GeneratorValue)
  case namespace(NamespaceValue)
  case macro(MacroValue)
  case function(GlobalFunction)
  case method(BoundMethod)
  case loop(LoopState)
  case cycler(CyclerValue)
  case joiner(JoinerValue)

  static func text(_ string: String) -> Value { .text(MarkedText(string)) }
  static func list(_ elements: [Value]) -> Value { .list(ListValue(elements)) }
  static func tuple(_ elements: [Value]) -> Value { .list(ListValue(elements, kind: .tuple)) }

  /// Lists, dictionaries and other values that hold values inside one another, this one included.
  var depth: Int {
    switch self {
    case .list(let list): list.depth
    case .dictionary(let dictionary): dictionary.depth
    case .generator(let generator): generator.depth
    case .method(let method): method.receiver.depth
    case .loop(let loop): loop.valueDepth
    case .cycler(let cycler): cycler.depth
    case .joiner(let joiner): 1 + joiner.separator.depth
    default: 0
    }
  }

  /// What error messages call the value.
  var kindName: String {
    switch self {
    case .undefined: "an undefined value"
    case .none: "none"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "the number \(value)"
    case .float(let value): "the number \(PythonNumber.text(value))"
    case .text(let text): "the string '\(text.count > 40 ? text.scalars(0, 40).string + "…" : text.string)'"
    case .list(let list): list.kind == .tuple ? "a tuple" : "a list"
    case .dictionary: "a dictionary"
    case .generator: "a generator"
    case .namespace: "a namespace"
    case .macro(let macro): "the macro '\(macro.definition.name)'"
    case .function(let function): "the function '\(function.rawValue)'"
    case .method(let method): "the method '\(method.method.rawValue)'"
    case .loop: "the loop"
    case .cycler: "a cycler"
    case .joiner: "a joiner"
    }
  }
}

/// What stands where a value was looked for and not found: it prints as nothing and is false, and most other uses of
/// it are errors that name what was missing.
struct Undefined {
  /// What was looked for, for messages: `'tools'`, or `the attribute 'name' of a dictionary`.
  let name: String
}

/// An immutable sequence.
final class ListValue {
  enum Kind: Equatable {
    case list, tuple
    case range(from: Int, to: Int, step: Int)
    /// What a dictionary's `keys()`, `values()` and `items()` give: a sequence without subscripts.
    case view(String)
  }

  let elements: [Value]
  let kind: Kind
  let depth: Int

  init(_ elements: [Value], kind: Kind = .list) {
    self.elements = elements
    self.kind = kind
    depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
  }
}

/// A sequence whose elements are handed out once.
final class GeneratorValue {
  private var remaining: ArraySlice<Value>
  let depth: Int

  init(_ elements: [Value]) {
    remaining = elements[...]
    depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
  }

  /// All elements not yet handed out.
  func takeAll() -> [Value] {
    defer { remaining = [] }
    return Array(remaining)
  }

  /// The next element.
  func takeFirst() -> Value? { remaining.popFirst() }
}

/// Named attributes that a template can change from inside loops and macros.
final class NamespaceValue {
  var attributes: [(name: String, value: Value)]

  init(_ attributes: [(name: String, value: Value)]) { self.attributes = attributes }

  subscript(name: String) -> Value? {
    get { attributes.first { $0.name == name }?.value }
    set {
      guard let newValue else { return }
      if let index = attributes.firstIndex(where: { $0.name == name }) {
        attributes[index].value = newValue
      } else {
        attributes.append((name: name, value: newValue))
      }
    }
  }
}

/// A macro and the variables around its definition.
final class MacroValue {
  let definition: MacroDefinition
  let scope: Scope

  init(_ definition: MacroDefinition, scope: Scope) {
    self.definition = definition
    self.scope = scope
  }
}

/// A method that was looked up and not called yet.
final class BoundMethod {
  let receiver: Value
  let method: Method

  init(receiver: Value, method: Method) {
    self.receiver = receiver
    self.method = method
  }
}

/// What the variable `loop` holds inside a loop.
final class LoopState {
  let items: [Value]
  var index = 0
  /// Recursive loops around this one, from 0.
  let depth: Int
  /// The loop to run for `loop(items)`, with the variables around it.
  let recursion: (loop: Loop, scope: Scope)?
  let valueDepth: Int
  var lastChanged: [Value]?

  init(items: [Value], depth: Int, recursion: (loop: Loop, scope: Scope)?) {
    self.items = items
    self.depth = depth
    self.recursion = recursion
    valueDepth = 1 + (items.lazy.map(\.depth).max() ?? 0)
  }
}

/// Hands out its items in turn, for ever.
final class CyclerValue {
  let items: [Value]
  let depth: Int
  var index = 0

  init(_ items: [Value]) {
    self.items = items
    depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
  }
}

/// Gives nothing the first time and its separator each time after.
final class JoinerValue {
  let separator: Value
  var isUsed = false
  init(_ separator: Value) { self.separator = separator }
}
