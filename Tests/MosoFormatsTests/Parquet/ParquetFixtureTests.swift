import Testing

@testable import MosoFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Parquet files written by Apache Arrow") struct ParquetFixtureTests {
  /// The names of all fixtures, without their endings.
  static let all: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: fixturePath("Parquet"))
    return (files ?? []).filter { $0.hasSuffix(".parquet") }.map { String($0.dropLast(8)) }.sorted()
  }()

  @Test("All fixtures are there") func fixtures() {
    #expect(Self.all.count == 35)
  }

  @Test("Every value is what Arrow wrote", arguments: all)
  func values(name: String) throws {
    let file = try ParquetFile(path: fixturePath("Parquet/\(name).parquet"))
    let expected = try JSONValue(contentsOf: fixturePath("Parquet/\(name).json"))
    #expect(file.rowCount == expected["rows"]?.integerValue)
    let columns = try #require(expected["columns"]?.objectValue)
    #expect(columns.count > 0)
    for (column, content) in columns {
      if let words = content["error"]?.stringValue {
        let error = #expect(throws: FormatError.self) { try self.rows(of: column, in: file) }
        #expect(error?.description.contains(words) == true, "\(column): \(String(describing: error))")
        continue
      }
      let rows = try rows(of: column, in: file)
      let values = try #require(content.arrayValue ?? content["pieces"]?.arrayValue?.map(Self.joined))
      #expect(rows.map(\.number) == Array(1..<values.count + 1))
      #expect(rows.count == values.count)
      for (row, value) in zip(rows, values) {
        #expect(JSONValue(row.value) == value, "\(column), row \(row.number)")
      }
    }
  }

  @Test("A column is found by its short name and by its full path")
  func names() throws {
    let file = try ParquetFile(path: fixturePath("Parquet/lists-v1.parquet"))
    #expect(
      file.columns.map(\.name) == [
        "tokens", "ids", "names", "messages.role", "messages.content", "meta.tags", "map.key_value.key",
        "map.key_value.value", "lists",
      ])
    #expect(try file.column(named: "messages.list.element.content").name == "messages.content")
    #expect(try file.column(named: "messages.content").path == ["messages", "list", "element", "content"])
    #expect(file.columns[0].description == "tokens: lists of whole numbers of 32 bits")
    #expect(file.columns[2].description == "names: lists of texts")
    #expect(file.columns.map(\.listDepth) == [1, 1, 1, 1, 1, 1, 1, 1, 2])
    let error = #expect(throws: FormatError.self) { try file.rows(of: "text") }
    #expect(
      error?.description
        == "\(file.path) has no column \"text\"; name one of "
        + "\"tokens\", \"ids\", \"names\", \"messages.role\", \"messages.content\", \"meta.tags\", \"map.key_value.key\", "
        + "\"map.key_value.value\", \"lists\"")
  }

  @Test("The types are those of the schema")
  func types() throws {
    let file = try ParquetFile(path: fixturePath("Parquet/types.parquet"))
    #expect(
      file.columns.map(\.type) == [
        .int32, .int32, .int64, .int32, .float, .double, .bytes, .boolean, .fixedBytes(3), .float,
      ])
    #expect(file.columns.map(\.isUnsigned) == [true, true, true] + Array(repeating: false, count: 7))
    #expect(file.columns.allSatisfy { $0.isOptional && !$0.isText })
    let required = try ParquetFile(path: fixturePath("Parquet/required.parquet"))
    #expect(required.columns.map(\.isOptional) == [false, true])
    #expect(required.columns.allSatisfy { $0.isText })
  }

  private func rows(of column: String, in file: ParquetFile) throws -> [ParquetRow] {
    var reader = try file.rows(of: column)
    var rows: [ParquetRow] = []
    while let row = try reader.next() { rows.append(row) }
    #expect(try reader.next() == nil)
    return rows
  }

  /// The text that pieces and their numbers stand for.
  private static func joined(_ pieces: JSONValue) -> JSONValue {
    guard let pieces = pieces.arrayValue else { return .null }
    return .string(
      pieces.map { piece in
        let parts = piece.arrayValue ?? []
        return String(repeating: parts[0].stringValue ?? "", count: parts[1].integerValue ?? 0)
      }.joined())
  }
}

extension JSONValue {
  /// What Python writes for a value.
  init(_ value: ParquetValue) {
    self =
      switch value {
      case .null: .null
      case .bytes(let bytes): .string(String(validating: bytes, as: UTF8.self) ?? "no text")
      case .integer(let integer): .integer(integer)
      case .number(let number): .number(number)
      case .list(let elements): .array(elements.map { JSONValue($0) })
      }
  }
}
