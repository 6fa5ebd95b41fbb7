import Crypto
import MosoFormats
public import MosoTokenizers

/// A corpus that has been prepared for training: documents as tokens, in a folder.
public final class TokenCorpus: Sendable {
  /// What it consists of.
  public let manifest: CorpusManifest
  /// The SHA-256 of the manifest, which names the SHA-256 of all else: two corpora with the same one are the same.
  public let digest: String
  /// The folder.
  public let folder: String
  private let shards: [TokenShard]

  /// Opens the corpus in a folder.
  ///
  /// - Parameter verifies: Whether every file is read and compared with its SHA-256.
  /// - Throws: `CorpusError` that names the file that is missing or has changed.
  public init(folder: String, verifies: Bool = true) throws(CorpusError) {
    self.folder = folder
    let path = "\(folder)/\(CorpusManifest.fileName)"
    let file = try CorpusError.wrapping { () throws(FileError) in try MappedFile(path: path) }
    let bytes = file.bytes
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw .format(.json(path: path, offset: 0, error))
    }
    let manifest = try CorpusManifest(json, path: path)
    self.manifest = manifest
    digest = SHA256.hash(data: bytes).hexadecimal
    var shards: [TokenShard] = []
    for described in manifest.shards {
      let shard = try TokenShard(path: "\(folder)/\(described.file)")
      let isRight = !verifies || shard.digest() == described.digest
      guard isRight, shard.tokenCount == described.tokens, shard.documentCount == described.documents,
        shard.largestToken() < manifest.vocabularySize
      else {
        throw .unusable(
          place: "\(folder)/\(described.file)", found: "other bytes than were written",
          expected: "a file with the SHA-256 that \(CorpusManifest.fileName) names",
          hint: "remove \(folder) and prepare the corpus again")
      }
      shards.append(shard)
    }
    self.shards = shards
  }

  /// The files of one part of one source.
  func shards(of part: CorpusManifest.Part, source: Int) -> [TokenShard] {
    zip(manifest.shards, shards).filter { $0.0.part == part && $0.0.source == source }.map(\.1)
  }

  /// The tokenizer that the documents were cut with; `nil` where they are symbols that need none.
  public func tokenizer() throws(CorpusError) -> Tokenizer? {
    guard manifest.tokenizerDigest != nil else { return nil }
    let path = "\(folder)/\(HuggingFaceFolder.File.tokenizer.rawValue)"
    let json = try CorpusError.wrapping { () throws(FileError) in try MappedFile(path: path) }.bytes
    let configuration = try CorpusBuilder.tokenizerConfiguration(in: folder)
    do throws(TokenizerError) {
      return try Tokenizer(json: json, configuration: configuration)
    } catch {
      throw .tokenizer(error)
    }
  }
}
