/// The columns of a Parquet file, from the tree that its footer describes depth first.
///
/// Optional and repeated layers each add a definition level, repeated ones a repetition level too (Melnik et al. 2010,
/// "Dremel"); a value's levels say down to which layer it is there, and in which list a new element begins.
struct ParquetSchema {
  /// A layer of the tree as the footer has it.
  struct Element {
    var name = ""
    /// The number of the physical type; `nil` for a group.
    var type: Int?
    var typeLength = 0
    var repetition: Repetition = .required
    var childCount = 0
    var convertedType: Int?
    var logicalType: LogicalType?
    /// Where it starts in the file.
    var offset = 0
  }

  enum Repetition: Int {
    case required, optional, repeated
  }

  /// What the values mean, as far as it matters here.
  enum LogicalType {
    case string, list, unsignedInteger, other
  }

  let columns: [ParquetColumn]

  private static let maximumDepth = 32
  private static let maximumLayers = 500_000
  private static let maximumColumns = 100_000
  /// How many bytes the names of all columns may have; each repeats those of the groups around it.
  private static let maximumNames = 1 << 24

  /// Reads the list of the layers, which is the value of `field`.
  init(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(FormatError) {
    let start = reader.offset
    let count = try reader.beginList(field, of: .structure, "schema")
    // A layer takes far more memory than the few bytes that it has in the file.
    guard count <= Self.maximumLayers else {
      throw reader.malformed(
        "schema", at: start, found: "\(count) layers", expected: "at most \(Self.maximumLayers)")
    }
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try Self.readElement(&reader)) }
    var builder = Builder(elements: elements, path: reader.file.path)
    guard let root = elements.first, root.type == nil else {
      throw reader.malformed("schema", at: start, found: "no root", expected: "a group with the columns in it")
    }
    builder.position = 1
    for _ in 0..<root.childCount { try builder.build(Layers()) }
    guard builder.position == elements.count else {
      throw reader.malformed(
        "schema", at: start, found: "\(elements.count) layers",
        expected: "\(builder.position), as many as its groups hold")
    }
    columns = builder.columns
  }

  /// The layers above one that is being built.
  private struct Layers {
    var path: [String] = []
    var names: [String] = []
    var definition = 0
    var repetition = 0
    /// The definition level of the outermost repeated layer.
    var elementDefinition = 0
    /// Whether the layer above is a list, whose repeated child has a name that nobody chose.
    var isInList = false
    /// Whether the layer above is that repeated child, and holds nothing but the elements.
    var isInElements = false
  }

  private struct Builder {
    let elements: [Element]
    let path: String
    var position = 0
    var columns: [ParquetColumn] = []
    private var nameBytes = 0

    init(elements: [Element], path: String) {
      self.elements = elements
      self.path = path
    }

    /// Builds the columns of the layer at `position`, and moves past it.
    mutating func build(_ above: Layers) throws(FormatError) {
      guard position < elements.count, above.path.count < maximumDepth else {
        let offset = elements.last?.offset ?? 0
        throw .malformed(
          path: path, offset: offset, field: "schema", found: "groups that do not end",
          expected: "as many layers as the groups hold, at most \(maximumDepth) deep")
      }
      let element = elements[position]
      position += 1
      var layers = above
      layers.path.append(element.name)
      let isRepeatedOfList = above.isInList && element.repetition == .repeated
      if !isRepeatedOfList && !above.isInElements { layers.names.append(element.name) }
      if element.repetition != .required { layers.definition += 1 }
      if element.repetition == .repeated {
        layers.repetition += 1
        if layers.repetition == 1 { layers.elementDefinition = layers.definition }
      }
      if let type = element.type {
        columns.append(try column(element, type, layers))
        return
      }
      layers.isInList = element.isList
      // Before lists had three layers, a repeated group of several fields, or of these names, was the element itself.
      layers.isInElements =
        isRepeatedOfList && element.childCount == 1 && element.name != "array"
        && element.name != "\(above.path.last ?? "")_tuple"
      for _ in 0..<element.childCount { try build(layers) }
    }

    private mutating func column(_ element: Element, _ type: Int, _ layers: Layers) throws(FormatError) -> ParquetColumn
    {
      guard let physical = ParquetType(number: type, length: element.typeLength) else {
        throw .malformed(
          path: path, offset: element.offset, field: "type of \(quoted(element.name))", found: "type \(type)",
          expected: "one of the types 0 to 7")
      }
      nameBytes += layers.names.reduce(0) { $0 + $1.utf8.count + 1 }
      guard columns.count < maximumColumns, nameBytes <= maximumNames else {
        throw .malformed(
          path: path, offset: element.offset, field: "schema", found: "more columns or longer names",
          expected: "at most \(maximumColumns) columns with names of \(maximumNames) bytes in all")
      }
      return ParquetColumn(
        name: layers.names.joined(separator: "."), path: layers.path, type: physical,
        isText: physical == .bytes && element.isText, isUnsigned: element.isUnsigned,
        isOptional: layers.definition > layers.repetition, listDepth: layers.repetition, index: columns.count,
        maximumDefinition: layers.definition, elementDefinition: layers.elementDefinition)
    }
  }
}

extension ParquetSchema.Element {
  /// Whether it is a group that stands for a list, by the newer or the older way to say so.
  fileprivate var isList: Bool { logicalType == .list || logicalType == nil && convertedType == 3 }

  /// Whether its bytes are UTF-8; JSON and the names of enumerations are too.
  fileprivate var isText: Bool { logicalType == .string || [0, 4, 19].contains(convertedType) }

  fileprivate var isUnsigned: Bool { logicalType == .unsignedInteger || (11...14).contains(convertedType ?? 0) }
}

extension ParquetType {
  /// The type that the footer calls `number`.
  init?(number: Int, length: Int) {
    switch number {
    case 0: self = .boolean
    case 1: self = .int32
    case 2: self = .int64
    case 3: self = .int96
    case 4: self = .float
    case 5: self = .double
    case 6: self = .bytes
    case 7 where length > 0: self = .fixedBytes(length)
    default: return nil
    }
  }
}

// MARK: Thrift

extension ParquetSchema {
  private static func readElement(_ reader: inout ThriftReader) throws(FormatError) -> Element {
    var element = Element()
    element.offset = reader.offset
    var hasName = false
    try reader.beginStructure()
    while let field = try reader.nextField() {
      switch field.number {
      case 1: element.type = try reader.integer(field, "type of a column")
      case 2: element.typeLength = try reader.count(field, "length of a type")
      case 3:
        let number = try reader.integer(field, "repetition of a column")
        guard let repetition = Repetition(rawValue: number) else {
          throw reader.malformed("repetition of a column", found: "\(number)", expected: "0, 1 or 2")
        }
        element.repetition = repetition
      case 4:
        element.name = try reader.string(field, "name of a column")
        hasName = true
      case 5: element.childCount = try reader.count(field, "number of columns in a group")
      case 6: element.convertedType = try reader.integer(field, "converted type of a column")
      case 10: element.logicalType = try readLogicalType(&reader, field)
      default: try reader.skip(field)
      }
    }
    guard hasName else {
      throw reader.malformed("schema", at: element.offset, found: "a column without a name", expected: "a name")
    }
    return element
  }

  /// Reads the union whose one field says which type it is.
  private static func readLogicalType(
    _ reader: inout ThriftReader, _ field: ThriftReader.Field
  ) throws(FormatError) -> LogicalType {
    var type = LogicalType.other
    try reader.beginStructure(field, "logical type of a column")
    while let field = try reader.nextField() {
      switch field.number {
      case 1, 4, 12:
        type = .string
        try reader.skip(field)
      case 3:
        type = .list
        try reader.skip(field)
      case 10:
        try reader.beginStructure(field, "integer type of a column")
        while let field = try reader.nextField() {
          if field.number == 2 {
            if try !reader.bool(field, "sign of a column") { type = .unsignedInteger }
          } else {
            try reader.skip(field)
          }
        }
      default: try reader.skip(field)
      }
    }
    return type
  }
}
