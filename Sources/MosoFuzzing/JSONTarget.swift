import MosoFormats

extension FuzzTarget {
  /// JSON texts such as the configurations that come with models.
  package static let json = FuzzTarget("json", seeds: jsonSeeds.map { FuzzSeed(Array($0.utf8), isText: true) }) {
    (bytes: [UInt8]) throws(JSONError) in
    let file = MappedFile.forFuzzing(bytes)
    let value = result { () throws(JSONError) in
      try file.withBytes { (bytes) throws(JSONError) in try JSONValue(parsing: bytes) }
    }
    let skipped = result { () throws(JSONError) in
      try file.withBytes { (bytes) throws(JSONError) in
        try JSONReader.read(bytes) { (reader) throws(JSONError) in
          try reader.skipValue()
          try reader.expectEnd()
        }
      }
    }
    switch (value, skipped) {
    case (.success(let value), .success):
      let again = try JSONValue(parsing: value.serialized())
      precondition(again == value, "a value and its text read again are different")
    case (.failure(let error), .failure(let other)):
      precondition(error == other, "reading says \(error), skipping says \(other)")
      precondition((0...bytes.count).contains(error.offset), "an error beyond the text")
      throw error
    case (.success, .failure(let error)), (.failure(let error), .success):
      preconditionFailure("only one of reading and skipping says \(error)")
    }
  }

  private static func result<Value>(_ body: () throws(JSONError) -> Value) -> Result<Value, JSONError> {
    do throws(JSONError) {
      return .success(try body())
    } catch {
      return .failure(error)
    }
  }

  private static let jsonSeeds = [
    #"""
    {"architectures": ["LlamaForCausalLM"], "hidden_size": 576, "rms_norm_eps": 1e-05, "rope_theta": 100000.0,
     "rope_scaling": {"factor": 32.0, "type": "llama3"}, "tie_word_embeddings": true, "eos_token_id": [1, -2],
     "quantization_config": null, "torch_dtype": "bfloat16", "rope_theta": 1E+6}
    """#,
    #"""
    {"chat_template": "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}\"\\\/\b\f\r\t{% endfor %}",
     "added_tokens_decoder": {"0": {"content": "\u00e9\ud83d\ude00\u4e2d", "special": true}}, "é中😀": [[[[]]], {}, ""]}
    """#,
    "[0, -0, -0.0, 1.5e300, 5e-324, 9223372036854775807, -9223372036854775808, 18446744073709551616, 0.1e1]",
    "\u{FEFF} { \"a\" : [ ] , \"b\" : { } } ",
  ]
}
