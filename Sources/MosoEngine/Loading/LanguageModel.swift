import MosoCheckpoints
public import MosoConversation
package import MosoFormats
public import MosoInference
public import MosoModel
public import MosoTemplates
public import MosoTensor
public import MosoTokenizers

/// A language model in memory: its weights, its tokenizer and its chat template.
///
/// It never changes; any number of sessions may share it.
public final class LanguageModel: Sendable {
  /// The model's name as its files give it, or the file's name.
  public let name: String
  /// The weights, in the layout that the kernels work on.
  public let transformer: Transformer<EagerWeight>
  /// Turns text into the model's tokens and back.
  public let tokenizer: Tokenizer
  /// The template that turns a conversation into a prompt, if the model has one that can be read.
  public let chatTemplate: ChatTemplate?
  /// Why the model's own chat template cannot be used.
  public let templateError: TemplateError?
  /// How the model's makers recommend to sample.
  public let recommendedSampling: SamplingParameters

  /// What a user should know before relying on the model's answers; each is one sentence.
  public var warnings: [String] {
    var warnings = tokenizer.warnings.map(\.description)
    if chatTemplate == nil, templateError == nil {
      warnings.append(
        "the model comes without a chat template, so messages are set between <|im_start|> and <|im_end|>, which it may not know"
      )
    }
    return warnings
  }

  /// The length of the files of weights in bytes; in memory they take about as much.
  public let weightBytes: Int

  /// What the transformer is made of.
  public var architecture: Architecture { transformer.architecture }

  init(
    name: String, transformer: Transformer<EagerWeight>, weightBytes: Int, tokenizer: Tokenizer, chatTemplate: String?,
    recommendedSampling: SamplingParameters
  ) {
    self.name = name
    self.weightBytes = weightBytes
    self.transformer = transformer
    self.tokenizer = tokenizer
    self.recommendedSampling = recommendedSampling
    var template: ChatTemplate?
    var failure: TemplateError?
    if let chatTemplate {
      do throws(TemplateError) { template = try ChatTemplate(source: chatTemplate) } catch { failure = error }
    }
    self.chatTemplate = template
    templateError = failure
  }

  /// Loads a GGUF file; of a split model, any one of its files.
  ///
  /// - Parameter pool: The threads that repack the weights.
  /// - Throws: `FormatError`, `ConfigurationError`, `TensorTableError`, `TokenizerError` or `WeightMemoryError`.
  public convenience init(gguf path: String, on pool: ThreadPool = ThreadPool()) throws {
    try self.init(GGUFFile(path: path), path: path, on: pool)
  }

  /// Loads a GGUF file that is open already.
  package convenience init(_ file: GGUFFile, path: String, on pool: ThreadPool) throws {
    let configuration = try GGUFConfiguration(file)
    let transformer = try configuration.tensors.resolve(file).transformer(
      configuration.architecture, load: WeightLoader(file: file, pool: pool).parameter)
    let tokenizer = try Tokenizer(metadata: file.metadata)
    try Self.check(tokenizer, configuration.architecture, path)
    self.init(
      name: try file.metadata.string("general.name") ?? lastPathComponent(path),
      transformer: transformer, weightBytes: file.fileSize, tokenizer: tokenizer,
      chatTemplate: try file.metadata.string("tokenizer.chat_template"),
      recommendedSampling: try SamplingParameters(recommendedIn: file.metadata))
    file.shards[0].advise(.drop, in: file.headerRange)
  }

  /// Loads a folder of safetensors, `config.json` and `tokenizer.json` as Hugging Face lays them out.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - weights: The paths of the files of weights, where they have unusual names or others lie in the folder too.
  ///   - pool: The threads that repack the weights.
  /// - Throws: `FormatError`, `ConfigurationError`, `TensorTableError`, `TokenizerError` or `WeightMemoryError`.
  public convenience init(
    folder path: String, weights: [String]? = nil, on pool: ThreadPool = ThreadPool()
  ) throws {
    let folder = try HuggingFaceFolder(path: path, weights: weights)
    let configuration = try HuggingFaceConfiguration(
      folder.configuration(), origin: folder.path(of: .configuration))
    let file = try folder.weights()
    let transformer = try configuration.tensors.resolve(file).transformer(
      configuration.architecture, load: WeightLoader(file: file, pool: pool).parameter)
    let tokenizer = try Tokenizer(folder: folder)
    try Self.check(tokenizer, configuration.architecture, path)
    self.init(
      name: lastPathComponent(path), transformer: transformer, weightBytes: file.fileSize, tokenizer: tokenizer,
      chatTemplate: tokenizer.chatTemplate,
      recommendedSampling: SamplingParameters(recommendedIn: try folder.json(.generationConfiguration)))
  }

  /// A tokenizer may know fewer tokens than the embedding has rows, which are often padded, but not more.
  private static func check(_ tokenizer: Tokenizer, _ architecture: Architecture, _ path: String) throws {
    guard tokenizer.vocabularySize <= architecture.vocabularySize else {
      throw VocabularyMismatch(
        path: path, tokenizer: tokenizer.vocabularySize, embedding: architecture.vocabularySize)
    }
  }
}

/// A tokenizer with more tokens than the model has embeddings.
public struct VocabularyMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model's file or folder.
  public var path: String
  /// How many tokens the tokenizer has.
  public var tokenizer: Int
  /// How many rows the embedding table has.
  public var embedding: Int

  public var description: String {
    "\(path): the tokenizer has \(tokenizer) tokens and the model \(embedding) embeddings; they belong to different models, so fetch both again"
  }
}

private func lastPathComponent(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
