/// A statement of a template.
indirect enum Statement: Sendable {
  /// Text outside all tags.
  case text(MarkedText)
  /// `{{ … }}`
  case print(Expression)
  /// `{% if %}`, its `elif`s and its `else`
  case conditional([Branch], otherwise: [Statement])
  case loop(Loop)
  /// `{% set target = value %}`
  case assign(Target, Expression)
  /// `{% set target %}…{% endset %}`
  case capture(Target, filters: [FilterCall], body: [Statement])
  case macro(MacroDefinition)
  /// `{% call(…) macro(…) %}…{% endcall %}`; the body is what the macro's `caller()` gives
  case call(Expression, caller: MacroDefinition)
  /// `{% filter … %}…{% endfilter %}`
  case filter([FilterCall], body: [Statement])
  case with([(target: Target, value: Expression)], body: [Statement])
  /// `{% generation %}`, which marks what the model wrote
  case generation([Statement])
  case leaveLoop
  case continueLoop

  struct Branch: Sendable {
    let condition: Expression
    let body: [Statement]
  }
}

/// What an assignment or a loop assigns to.
indirect enum Target: Sendable {
  case name(NameID)
  case tuple([Target], offset: Int)
  /// An attribute of a namespace.
  case attribute(of: NameID, String, offset: Int)
}

struct Loop: Sendable {
  let offset: Int
  let target: Target
  let sequence: Expression
  let condition: Expression?
  let isRecursive: Bool
  let body: [Statement]
  let otherwise: [Statement]
}

struct MacroDefinition: Sendable {
  let offset: Int
  let name: String
  let nameID: NameID
  let parameters: [Parameter]
  let body: [Statement]
  /// The special variables that the body uses; only then does the macro accept what fills them.
  let mentions: Set<SpecialVariable>

  enum SpecialVariable: String, Sendable {
    case caller
    case keywords = "kwargs"
    case extraArguments = "varargs"
  }

  struct Parameter: Sendable {
    let name: String
    let nameID: NameID
    let defaultValue: Expression?
  }
}

/// Every name in a template, numbered.
struct NameTable: Sendable {
  private(set) var names: [String] = []
  private var ids: [String: NameID] = [:]

  /// Gives the name a number if it has none yet.
  mutating func id(of name: String) -> NameID {
    if let id = ids[name] { return id }
    ids[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The number of a name that the template mentions.
  func existingID(of name: String) -> NameID? { ids[name] }

  subscript(id: NameID) -> String { names[id] }
}
