/// The variables of one block, inside those of the blocks around it.
final class Scope {
  private(set) var variables: [(id: NameID, value: Value)]
  let parent: Scope?

  init(parent: Scope?) {
    self.parent = parent
    variables = []
  }

  /// The nearest variable with this name.
  ///
  /// - Parameter visited: Grows by the number of variables and blocks that were looked at.
  func value(of id: NameID, visited: inout Int) -> Value? {
    var scope: Scope? = self
    while let current = scope {
      visited += 1 + current.variables.count
      for variable in current.variables where variable.id == id { return variable.value }
      scope = current.parent
    }
    return nil
  }

  /// Sets the variable in this block, hiding one of the same name further out.
  func set(_ id: NameID, to value: Value) {
    for index in variables.indices where variables[index].id == id {
      variables[index].value = value
      return
    }
    variables.append((id: id, value: value))
  }

  func removeAll() { variables = [] }
}
