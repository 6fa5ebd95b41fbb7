import Testing

@testable import MosoFormats

@Suite("Split GGUF files") struct GGUFSplitTests {
  private func shard(_ number: Int, of count: Int, tensors: [String], total: Int? = nil) -> [UInt8] {
    var builder = GGUFBuilder()
    if number == 0 { builder.set("general.architecture", .string("test")) }
    builder.set("split.no", .uint16(UInt16(number)))
    builder.set("split.count", .uint16(UInt16(count)))
    if let total { builder.set("split.tensors.count", .int32(Int32(total))) }
    for name in tensors { builder.add(name, shape: [2], [Float(number), 1]) }
    return builder.bytes()
  }

  @Test("All files are opened whichever is named")
  func opening() throws {
    try withTemporaryFolder { folder in
      let paths = (1...3).map { "\(folder)/model-0000\($0)-of-00003.gguf" }
      try write(shard(0, of: 3, tensors: ["a", "b"], total: 4), to: paths[0])
      try write(shard(1, of: 3, tensors: ["c"], total: 4), to: paths[1])
      try write(shard(2, of: 3, tensors: ["d"], total: 4), to: paths[2])
      for path in paths {
        let file = try GGUFFile(path: path)
        #expect(file.tensors.map(\.name) == ["a", "b", "c", "d"])
        #expect(file.tensors.map(\.shard) == [0, 0, 1, 2])
        #expect(try file.architecture() == "test")
        let last = try file.requiredTensor(named: "d")
        #expect(file.withBytes(of: last) { $0.unsafeLoadUnaligned(as: Float.self) } == 2)
      }
    }
  }

  @Test("A missing, a foreign and a renamed file are errors")
  func mistakes() throws {
    try withTemporaryFolder { folder in
      func message(_ path: String) throws -> String {
        try #require(throws: FormatError.self) { try GGUFFile(path: path) }.description
      }
      let first = "\(folder)/m-00001-of-00002.gguf"
      let second = "\(folder)/m-00002-of-00002.gguf"
      try write(shard(0, of: 2, tensors: ["a"], total: 2), to: first)
      #expect(try message(first) == "\(second) does not exist; check the path")
      try write(shard(0, of: 2, tensors: ["b"], total: 2), to: second)
      #expect(try message(first).contains("split.no and split.count: found 0 and 2, expected 1 and 2"))
      try write(shard(1, of: 2, tensors: ["a"], total: 2), to: second)
      #expect(try message(first).contains("found \"a\", which an earlier file of the split model has too"))
      try write(shard(1, of: 2, tensors: ["b", "c"], total: 2), to: second)
      #expect(try message(first).contains("split.tensors.count: found 2, expected 3"))
      try write(shard(0, of: 2, tensors: ["a"]), to: "\(folder)/other.gguf")
      #expect(try message("\(folder)/other.gguf").contains("expected a name that ends in -00001-of-00002.gguf"))
      try write(shard(7, of: 2, tensors: ["a"]), to: second)
      #expect(try message(second).contains("split.no: found 7, expected 0 to 1"))
      try write(shard(0, of: 60_000, tensors: ["a"]), to: first)
      #expect(try message(first).contains("split.count: found 60000, expected 0 to 512"))
    }
  }
}
