import MosoFormats

extension FuzzTarget {
  /// Parquet files in every encoding and codec, mutated as a whole and in their footers alone.
  package static let parquet = FuzzTarget("parquet", seeds: parquetSeeds) { (bytes: [UInt8]) throws(FormatError) in
    var failure: FormatError?
    do throws(FormatError) {
      let file = try ParquetFile(MappedFile.forFuzzing(bytes), limits: parquetLimits)
      for column in file.columns.prefix(16) {
        do throws(FormatError) {
          _ = try file.column(named: column.path.joined(separator: "."))
          try readRows(of: column, in: file)
        } catch {
          error.checkOffset(in: bytes)
          failure = failure ?? error
        }
      }
    } catch {
      error.checkOffset(in: bytes)
      throw error
    }
    if let failure { throw failure }
  }

  /// Little enough for a file's time and memory, and enough for every seed.
  private static let parquetLimits: ParquetFile.Limits = {
    var limits = ParquetFile.Limits()
    limits.pageSize = 1 << 18
    limits.rowSize = 1 << 20
    return limits
  }()

  /// Reads the first rows: a few bytes can stand for any number of them.
  private static func readRows(of column: ParquetColumn, in file: ParquetFile) throws(FormatError) {
    var rows = try file.rows(of: column)
    var size = 0
    do throws(FormatError) {
      while size < 1 << 20, let row = try rows.next() {
        precondition((1...file.rowCount).contains(row.number), "row \(row.number) of \(file.rowCount)")
        size += 1_000 + sizeOf(row.value)
      }
    } catch {
      // Whoever goes on after an error gets rows or errors, and no crash.
      for _ in 0..<20 { _ = try? rows.next() }
      throw error
    }
  }

  private static func sizeOf(_ value: ParquetValue) -> Int {
    switch value {
    case .null, .integer, .number: 8
    case .bytes(let bytes): bytes.count
    case .list(let elements): elements.reduce(8) { $0 + sizeOf($1) }
    }
  }

  private static let parquetSeeds: [FuzzSeed] = [
    ParquetSeeds.plain, ParquetSeeds.dictionary, ParquetSeeds.deltas, ParquetSeeds.nested, ParquetSeeds.nestedVersion2,
    ParquetSeeds.snappy, ParquetSeeds.gzip, ParquetSeeds.zstandard,
  ].flatMap { text in
    let file = bytes(ofBase64: text)
    let tail = 8
    let length = file[(file.count - tail)...].prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let pages = Array(file[..<(file.count - tail - length)])
    let footer = Array(file[pages.count..<file.count - tail])
    // Mutations of the footer get past its length, and those of the pages past the places in the footer.
    return [
      FuzzSeed(file),
      FuzzSeed(footer) { footer in pages + footer + tailBytes(footer.count) },
      FuzzSeed(Array(pages.dropFirst(4))) { mutated in
        let sound = Array(mutated.prefix(pages.count - 4))
        return Array("PAR1".utf8) + sound + pages.dropFirst(4 + sound.count) + footer + tailBytes(footer.count)
      },
    ]
  }

  private static func tailBytes(_ length: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("PAR1".utf8)
  }

  /// The bytes that base64 (RFC 4648) stands for.
  static func bytes(ofBase64 text: String) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var bits = 0
    var count = 0
    for digit in text.utf8 {
      guard let value = digits.firstIndex(of: digit) else { continue }
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      bits &= 1 << count - 1
    }
    return bytes
  }
}
