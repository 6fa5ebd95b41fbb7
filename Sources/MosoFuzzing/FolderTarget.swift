import MosoCheckpoints
import MosoFormats
import MosoTokenizers

extension FuzzTarget {
  /// The JSON files of a model's folder: `config.json`, the index of the weights and `tokenizer_config.json`.
  package static let folder = FuzzTarget("folder", seeds: folderSeeds.map { FuzzSeed(Array($0.utf8), isText: true) }) {
    (bytes: [UInt8]) throws(FuzzRefusal) in
    do {
      let options = JSONReadingOptions(allowsNonFiniteNumbers: true)
      let json = try MappedFile.forFuzzing(bytes).withBytes { (bytes) throws(JSONError) in
        try JSONValue(parsing: bytes, options: options)
      }
      guard let object = json.objectValue else { throw FuzzRefusal(description: "the file holds no object") }
      // Which of the files it is a reader knows by its name; here something in it has to do.
      if object["weight_map"] != nil {
        _ = try SafetensorsIndex(json, path: "fuzz").fileNames
      } else if object["tokenizer_class"] != nil {
        let tokenizer = try Tokenizer(json: tokenizerOfFolder, configuration: object)
        _ = (tokenizer.chatTemplates, tokenizer.endOfGeneration, tokenizer.encode("the hello", addBeginning: true))
      } else {
        let configuration = try HuggingFaceConfiguration(object)
        // Nothing has so many tensors; what is looked up is worked out layer by layer.
        do { _ = try configuration.tensors.resolve([:]) } catch { precondition(!"\(error)".isEmpty) }
      }
    } catch {
      throw FuzzRefusal(error)
    }
  }

  /// The sound `tokenizer.json` beside the `tokenizer_config.json`.
  private static let tokenizerOfFolder = TokenizerSeeds.json

  private static let folderSeeds = [
    #"""
    {"model_type": "llama", "hidden_size": 48, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 6,
     "num_key_value_heads": 2, "vocab_size": 96, "max_position_embeddings": 512, "rms_norm_eps": 1e-05,
     "rope_theta": 100000, "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
     "high_freq_factor": 4.0, "original_max_position_embeddings": 128}, "tie_word_embeddings": true, "hidden_act": "silu"}
    """#,
    #"""
    {"model_type": "qwen3", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4,
     "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 96, "max_position_embeddings": 256, "rms_norm_eps": 1e-06,
     "rope_theta": 1000000.0, "use_sliding_window": false, "max_window_layers": 2, "sliding_window": null}
    """#,
    #"""
    {"metadata": {"total_size": 1000}, "weight_map": {"model.embed_tokens.weight": "model-00001-of-00002.safetensors",
     "model.norm.weight": "model-00002-of-00002.safetensors", "lm_head.weight": "model-00002-of-00002.safetensors"}}
    """#,
    #"""
    {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": {"content": "<s>", "lstrip": false},
     "pad_token": "<pad>", "unk_token": null, "add_bos_token": true, "add_eos_token": false, "model_max_length": 2048,
     "chat_template": [{"name": "default", "template": "{{ messages }}"}, {"name": "tool_use", "template": "{{ tools }}"}]}
    """#,
  ]
}
