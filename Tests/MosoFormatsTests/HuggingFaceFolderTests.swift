import Testing

@testable import MosoFormats

@Suite("HuggingFaceFolder") struct HuggingFaceFolderTests {
  private let weights = Array("\u{2}\0\0\0\0\0\0\0{}".utf8)

  private func message(_ body: () throws -> Void) throws -> String {
    try #require(throws: FormatError.self, performing: body).description
  }

  @Test("The files of a model are found")
  func files() throws {
    try withTemporaryFolder { path in
      try write(Array(#"{"model_type": "llama", "rope_theta": Infinity}"#.utf8), to: "\(path)/config.json")
      try write(Array("{}".utf8), to: "\(path)/tokenizer.json")
      try write(weights, to: "\(path)/model.safetensors")
      let folder = try HuggingFaceFolder(path: path + "/")
      #expect(folder.path == path)
      #expect(try folder.configuration()["model_type"] == "llama")
      #expect(folder.contains(.tokenizer))
      #expect(!folder.contains(.generationConfiguration))
      #expect(try folder.json(.generationConfiguration) == nil)
      #expect(try folder.weights().tensors.isEmpty)
    }
  }

  @Test("What is missing or wrong is named")
  func mistakes() throws {
    try withTemporaryFolder { path in
      #expect(
        try message { _ = try HuggingFaceFolder(path: "\(path)/none") }.hasSuffix("none does not exist; check the path")
      )
      #expect(try message { _ = try HuggingFaceFolder(path: path) }.contains("has no config.json; name the folder"))
      try write(Array("[1,\n2,]".utf8), to: "\(path)/config.json")
      #expect(try message { _ = try HuggingFaceFolder(path: "\(path)/config.json") }.contains("for it is a file"))
      let folder = try HuggingFaceFolder(path: path)
      #expect(
        try message { _ = try folder.configuration() }
          == "\(path)/config.json, line 2, column 3 (byte 6): found ']', expected a value")
      try write(Array("[]".utf8), to: "\(path)/config.json")
      #expect(try message { _ = try folder.configuration() }.contains("found an array, expected an object"))
      #expect(try message { _ = try folder.weights() }.contains("download the weights in the safetensors format"))
      try write([0], to: "\(path)/pytorch_model.bin")
      #expect(try message { _ = try folder.weights() }.contains("convert pytorch_model.bin to safetensors"))
    }
  }

  @Test(
    "A configuration cut at any byte is an error with its line",
    arguments: HuggingFaceFolder.File.allCases.filter { $0 != .chatTemplate })
  func cutAnywhere(file: HuggingFaceFolder.File) throws {
    let text = Array("{\"a\": [1, 2.5, null],\n \"b\": {\"c\": \"é\\u00e9\"}, \"d\": true}".utf8)
    try withTemporaryFolder { path in
      try write(Array("{}".utf8), to: "\(path)/config.json")
      let folder = try HuggingFaceFolder(path: path)
      for length in 0..<text.count {
        try write(Array(text[..<length]), to: "\(path)/\(file.rawValue)")
        #expect(try message { _ = try folder.json(file) }.contains("\(file.rawValue), line "))
      }
    }
  }
}
