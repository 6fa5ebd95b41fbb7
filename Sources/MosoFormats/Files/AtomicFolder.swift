/// A folder that appears under its name only when all that belongs in it is there.
///
/// Files go into a folder beside it, `name.partial-…`, and `publish()` gives that folder the name. When the object goes away
/// unpublished, so does the partial folder.
package final class AtomicFolder {
  /// The name that the folder will have.
  package let path: String
  /// Where files are written until then.
  package let partialPath: String
  private var isPublished = false

  /// What stands between the name of a folder and the rest of its partial name.
  package static let mark = ".partial-"

  /// Begins a folder that will be called `path`; the folder it lies in exists.
  package init(path: String) throws(FileError) {
    self.path = path
    let random = String(UInt64.random(in: 0 ... .max), radix: 36)
    partialPath = "\(path)\(Self.mark)\(SystemCalls.processIdentifier)-\(random)"
    try SystemCalls.makeFolder(partialPath)
  }

  deinit {
    if !isPublished { Folder.remove(partialPath) }
  }

  /// Gives the folder its name.
  ///
  /// - Precondition: Its files are on the disk, as those of `AtomicFile` are.
  package func publish() throws(FileError) {
    SystemCalls.synchronizeFolder(of: "\(partialPath)/")
    try SystemCalls.move(partialPath, to: path)
    isPublished = true
    SystemCalls.synchronizeFolder(of: path)
  }
}
