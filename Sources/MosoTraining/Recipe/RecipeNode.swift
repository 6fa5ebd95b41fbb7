import Yams

/// A part of a recipe, and where it was written.
public struct RecipeNode: Sendable, Hashable {
  /// What it is.
  public indirect enum Value: Sendable, Hashable {
    /// A word or number as it was written.
    case scalar(String)
    /// Parts one after another.
    case list([RecipeNode])
    /// Parts by name, in the order in which they were written.
    case map([Entry])
  }

  /// A part by its name.
  public struct Entry: Sendable, Hashable {
    var key: String
    var place: String
    var node: RecipeNode
  }

  var value: Value
  /// The file and the line, or the option of the command.
  var place: String

  /// Reads a recipe.
  ///
  /// - Parameter file: What errors call it.
  public init(yaml: String, file: String) throws(RecipeError) {
    let node: Node?
    do {
      node = try compose(yaml: yaml)
    } catch let error as YamlError {
      throw Self.describe(error, file: file)
    } catch {
      throw RecipeError(place: file, problem: "cannot be read as YAML")
    }
    guard let node else { throw RecipeError(place: file, problem: "is empty, where a recipe was expected") }
    var rest = 10_000
    self = try Self(node, file: file, depth: 0, rest: &rest)
  }

  init(_ value: Value, place: String) {
    self.value = value
    self.place = place
  }

  /// - Parameter rest: How many parts there may be: one that is referred to again and again counts each time.
  private init(_ node: Node, file: String, depth: Int, rest: inout Int) throws(RecipeError) {
    place = node.mark.map { "\(file), line \($0.line)" } ?? file
    rest -= 1
    guard depth < 16, rest > 0 else {
      throw RecipeError(place: place, problem: "is nested more than 16 deep or has more than 10000 parts")
    }
    switch node {
    case .scalar(let scalar): value = .scalar(scalar.string)
    case .sequence(let sequence):
      var list: [RecipeNode] = []
      for part in sequence { list.append(try RecipeNode(part, file: file, depth: depth + 1, rest: &rest)) }
      value = .list(list)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, part) in mapping {
        let place = key.mark.map { "\(file), line \($0.line)" } ?? file
        guard case .scalar(let name) = key else {
          throw RecipeError(place: place, problem: "has a key that is no word")
        }
        let node = try RecipeNode(part, file: file, depth: depth + 1, rest: &rest)
        entries.append(Entry(key: name.string, place: place, node: node))
      }
      value = .map(entries)
    case .alias:
      throw RecipeError(place: place, problem: "refers to another part, which recipes may not; write it out")
    }
  }

  private static func describe(_ error: YamlError, file: String) -> RecipeError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      RecipeError(place: "\(file), line \(mark.line)", problem: "is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      RecipeError(
        place: "\(file), line \(context.mark.line)",
        problem: "has \(keys.map { "'\($0)'" }.joined(separator: " and ")) twice; remove one")
    default: RecipeError(place: file, problem: "is not YAML in UTF-8")
    }
  }
}

extension RecipeNode {
  /// Sets the part at a path of names, as in `training.rate`, in the place of what is there.
  ///
  /// - Parameter place: What errors call it.
  public mutating func set(_ path: String, to value: String, place: String) throws(RecipeError) {
    try set(path.split(separator: ".", omittingEmptySubsequences: false)[...].map(String.init)[...], value, place)
  }

  private mutating func set(_ path: ArraySlice<String>, _ value: String, _ place: String) throws(RecipeError) {
    guard let key = path.first else {
      // A value may be a list or map of its own.
      self = try RecipeNode(yaml: value.isEmpty ? "''" : value, file: place)
      return
    }
    guard case .map(var entries) = self.value else {
      throw RecipeError(place: place, problem: "'\(key)' cannot be set in what is no map")
    }
    let index = entries.firstIndex { $0.key == key } ?? entries.count
    if index == entries.count {
      entries.append(Entry(key: key, place: place, node: RecipeNode(.map([]), place: place)))
    }
    try entries[index].node.set(path.dropFirst(), value, place)
    entries[index].place = place
    self.value = .map(entries)
  }

  /// Sets what each of `settings` says, as in `training.rate=0.002`.
  ///
  /// - Throws: `RecipeError` where one has no value.
  public mutating func apply(_ settings: [String]) throws(RecipeError) {
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
        throw RecipeError(
          place: "--set \(setting)", problem: "has no value; write it as in --set training.rate=0.002")
      }
      let value = String(setting[setting.index(after: equals)...])
      try set(String(setting[..<equals]), to: value, place: "--set \(setting)")
    }
  }

  /// Removes the part at a path of names, if it is there.
  public mutating func remove(_ path: String) {
    let names = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard let first = names.first else { return }
    guard names.count > 1 else {
      _ = take(first)
      return
    }
    guard case .map(var entries) = value, let index = entries.firstIndex(where: { $0.key == first }) else { return }
    entries[index].node.remove(names[1])
    value = .map(entries)
  }

  /// Takes a part out of the recipe, which has none of the name afterwards.
  package mutating func take(_ key: String) -> RecipeNode? {
    guard case .map(var entries) = value, let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: index)
    value = .map(entries)
    return RecipeNode(entry.node.value, place: entry.place)
  }

  /// Puts a part into the recipe, after all others.
  package mutating func put(_ node: RecipeNode, at key: String) {
    guard case .map(var entries) = value else { return }
    entries.removeAll { $0.key == key }
    entries.append(Entry(key: key, place: node.place, node: node))
    value = .map(entries)
  }

  /// The recipe as YAML.
  public var yaml: String { lines(indentation: 0).joined(separator: "\n") + "\n" }

  private func lines(indentation: Int) -> [String] {
    let space = String(repeating: " ", count: indentation)
    switch value {
    case .scalar(let text): return [space + Self.quoted(text)]
    case .list(let list):
      return list.flatMap { node in
        var lines = node.lines(indentation: indentation + 2)
        lines[0] = "\(space)- \(lines[0].dropFirst(indentation + 2))"
        return lines
      }
    case .map(let entries):
      return entries.flatMap { entry in
        switch entry.node.value {
        case .scalar(let text): return ["\(space)\(entry.key): \(Self.quoted(text))"]
        case .list([]): return ["\(space)\(entry.key): []"]
        case .map([]): return ["\(space)\(entry.key): {}"]
        default: return ["\(space)\(entry.key):"] + entry.node.lines(indentation: indentation + 2)
        }
      }
    }
  }

  /// A scalar as YAML may have it: in quotes unless it is made of what means nothing there.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || "._-/+".utf8.contains(byte)
      } && text.first != "-"
    if isPlain { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case let scalar where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
