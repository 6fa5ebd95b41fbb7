import MosoTensor
import Testing

@testable import MosoFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("SafetensorsWriter") struct SafetensorsWriterTests {
  /// The tensors of the fixture that Python wrote.
  private let tensors: [(SafetensorsWriter.Tensor, [UInt8])] = [
    (.init(name: "wide", shape: [2, 3], elementType: .f32), floats([0, 0.5, -1, 2, 3, 1e-8])),
    (.init(name: "half", shape: [4], elementType: .f16), [0x00, 0x00, 0x00, 0x38, 0x00, 0xBC, 0xFF, 0x7B]),
    (.init(name: "brain", shape: [2, 1], elementType: .bf16), [0x80, 0x3F, 0x00, 0xC0]),
    (.init(name: "scalar", shape: [], elementType: .f32), floats([7])),
    (.init(name: "empty", shape: [0, 5], elementType: .f32), []),
    (.init(name: "größe \"x\"", shape: [1], elementType: .f32), floats([9])),
  ]

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
  }

  private func write(_ writer: SafetensorsWriter) throws -> [String] {
    try writer.write(tensors.map(\.0)) { (tensor, sink) throws(FormatError) in
      let bytes = tensors.first { $0.0 == tensor }?.1 ?? []
      // In two pieces, to show that pieces do not matter.
      for piece in [Array(bytes.prefix(3)), Array(bytes.dropFirst(3))] { try unsafe sink.append(piece.span.bytes) }
    }
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("A single file is byte for byte what the format's own writer makes")
  func golden() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.safetensors"
      try MosoFormatsTests.write([1, 2, 3], to: path)
      #expect(try write(SafetensorsWriter(path: path, metadata: ["format": "pt"])) == [path])
      #expect(try Array(Data(contentsOf: URL(filePath: path))) == fixtureBytes("written-by-python.safetensors"))
      #expect(try names(in: folder) == ["model.safetensors"])
    }
  }

  @Test("Several files hold what one would, and the index finds it", arguments: [1, 8, 24, 32, 36])
  func shards(size: Int) throws {
    try withTemporaryFolder { folder in
      let writer = SafetensorsWriter(path: "\(folder)/model.safetensors", maximumShardSize: size)
      let paths = try write(writer)
      #expect(paths.last == "\(folder)/model.safetensors.index.json")
      #expect(try names(in: folder).count == paths.count)
      #expect(paths[0].hasSuffix("/model-00001-of-0000\(paths.count - 1).safetensors"))
      let file = try SafetensorsFile(path: paths[paths.count - 1])
      #expect(file.tensors.count == tensors.count)
      for (tensor, bytes) in tensors {
        let found = try file.requiredTensor(named: tensor.name)
        #expect(found.shape == tensor.shape)
        #expect(found.elementType == tensor.elementType)
        #expect(file.withBytes(of: found) { $0.withUnsafeBytes { Array($0) } } == bytes)
      }
      for shard in file.shards.indices {
        let sizes = file.tensors.filter { $0.shard == shard }.map(\.byteRange.count)
        #expect(sizes.reduce(0, +) <= size || sizes.filter { $0 > 0 }.count == 1)
      }
    }
  }

  @Test("An error leaves the old file and nothing else")
  func failure() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.safetensors"
      try MosoFormatsTests.write([1, 2, 3], to: path)
      let mistake = FormatError.missing(path: "x", what: "y", hint: "z")
      for size in [4, Int.max] {
        #expect(throws: mistake) {
          try SafetensorsWriter(path: path, maximumShardSize: size).write(tensors.map(\.0)) {
            (tensor, sink) throws(FormatError) in
            if tensor.name == "half" { throw mistake }
            let zeros = [UInt8](repeating: 0, count: tensor.byteCount)
            try unsafe sink.append(zeros.span.bytes)
          }
        }
        #expect(try names(in: folder) == ["model.safetensors"])
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == [1, 2, 3])
      }
    }
  }

  @Test("A folder that is not there is an error of the file")
  func refusals() throws {
    let error = #expect(throws: FormatError.self) { try write(SafetensorsWriter(path: "/nowhere/at/all.safetensors")) }
    #expect(error?.description == "cannot create /nowhere/at/all.safetensors: No such file or directory")
  }

  @Test("More bytes, fewer bytes and quantised types are the caller's mistakes")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      let tensor = SafetensorsWriter.Tensor(name: "t", shape: [32], elementType: .q4_0)
      #expect(tensor.byteCount == 0)
    }
    await #expect(processExitsWith: .failure) {
      try withTemporaryFolder { folder in
        let tensor = SafetensorsWriter.Tensor(name: "t", shape: [1], elementType: .f32)
        let paths = try SafetensorsWriter(path: "\(folder)/m.safetensors").write([tensor]) { _, _ in }
        #expect(paths.isEmpty)
      }
    }
  }
}

#if canImport(Glibc)
  import Glibc

  extension SafetensorsWriterTests {
    @Test("A disk that takes no more leaves the old file and nothing else")
    func fullDisk() async {
      await #expect(processExitsWith: .success) {
        try withTemporaryFolder { folder in
          let path = "\(folder)/model.safetensors"
          try MosoFormatsTests.write([1, 2, 3], to: path)
          // A limit on the length of files stands in for the disk.
          signal(SIGXFSZ, SIG_IGN)
          var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
          setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
          let error = #expect(throws: FormatError.self) {
            let tensor = SafetensorsWriter.Tensor(name: "t", shape: [1 << 20], elementType: .f32)
            try SafetensorsWriter(path: path).write([tensor]) { (tensor, sink) throws(FormatError) in
              let zeros = [UInt8](repeating: 0, count: tensor.byteCount)
              try unsafe sink.append(zeros.span.bytes)
            }
          }
          #expect(error?.description == "cannot write \(path): File too large")
          #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
          #expect(try Array(Data(contentsOf: URL(filePath: path))) == [1, 2, 3])
        }
      }
    }
  }
#endif
