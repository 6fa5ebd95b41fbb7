/// The folder in which Hugging Face's own tools keep what they downloaded; it is only ever read.
///
/// A repository is `models--owner--name` with `refs/<revision>`, which holds a commit, and `snapshots/<commit>/`, whose
/// entries appear only once they are whole.
struct HuggingFaceCache {
  let folder: String

  /// The model that a reference names, if the wanted files of it are all there.
  func model(_ reference: HubReference) -> LocalModel? {
    let repository = FilePaths.join(folder, "models--\(reference.owner)--\(reference.name)")
    let revision = reference.revision ?? "main"
    let named = try? Folder.read(FilePaths.join(repository, "refs/" + revision), limit: 1_000)
    let commit = named.map { String(decoding: $0, as: UTF8.self).prefix { !$0.isWhitespace } } ?? revision[...]
    guard SafePath(String(commit)) != nil else { return nil }
    let snapshot = FilePaths.join(repository, "snapshots/\(commit)")
    let paths = Self.files(in: snapshot, below: "", depth: 4)
    // Only what was once fetched is there, so any choice among it must not be taken for the repository's best.
    guard let choice = try? FileSelection(reference.selection, among: paths),
      choice.kind == .safetensors || reference.selection != .standard
    else { return nil }
    if choice.kind == .safetensors, !choice.companions.contains("tokenizer.json") { return nil }
    return LocalModel(
      name: reference.description, kind: choice.kind, folder: snapshot,
      weights: choice.weights.map { FilePaths.join(snapshot, $0) })
  }

  private static func files(in folder: String, below prefix: String, depth: Int) -> [String] {
    guard depth > 0, let names = try? Folder.names(in: folder) else { return [] }
    return names.flatMap { name -> [String] in
      let path = FilePaths.join(folder, name)
      return switch Folder.item(at: path) {
      case .file: [prefix + name]
      case .folder: files(in: path, below: prefix + name + "/", depth: depth - 1)
      default: []
      }
    }
  }
}
