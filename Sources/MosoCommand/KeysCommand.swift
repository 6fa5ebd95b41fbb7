import ArgumentParser
import MosoFormats
import MosoServer
import MosoTerminal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `moso keys`: who may use the server.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make, list and remove the API keys of moso serve.",
    discussion: """
      A key is shown once, when it is made; the file keeps only its SHA-256. A running server notices changes within a \
      second. The file is keys.json in moso under $XDG_CONFIG_HOME or ~/.config, unless --file names another.

      Examples:
        moso keys add alice
        moso keys add alice-laptop --owner alice --note "the small one"
        moso keys list
        moso keys remove alice-laptop
      """,
    subcommands: [Add.self, List.self, Remove.self, Rename.self, Disable.self, Enable.self])

  /// Which file of keys.
  struct Place: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The file of keys.", valueName: "path"))
    var file: String?

    var keyFile: KeyFile {
      KeyFile(path: file ?? KeyFile.defaultPath(environment: ProcessInfo.processInfo.environment))
    }

    /// Changes the entry of a key, or fails because there is none of this name.
    func update(_ name: String, _ change: (inout KeyList) throws(KeyFileError) -> Bool) throws(KeyFileError) {
      // Without this, a mistyped path would become a file of no keys.
      _ = try keyFile.read()
      try keyFile.update { (list) throws(KeyFileError) in
        guard try change(&list) else { throw .unknownName(name, path: keyFile.path) }
      }
    }
  }
}

extension KeysCommand {
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key and print it, this once.",
      discussion: """
        Examples:
          moso keys add alice
          moso keys add ci --note "nightly tests" --json
        """)

    @Argument(help: "What to call the key: letters, digits and . _ - @ +")
    var name: String

    @Option(name: .long, help: "Whose it is: usage is counted under this name; by default the key's own.")
    var owner: String?

    @Option(name: .long, help: "A line to remember it by.")
    var note: String?

    @OptionGroup var place: Place

    @Flag(name: .long, help: "Print a JSON object with the key and what is known of it.")
    var json = false

    func run() throws {
      let (key, entry) = try place.keyFile.update { (list) throws(KeyFileError) in
        (try list.add(name: name, note: note, owner: owner), list.entries.last)
      }
      if json {
        var object = entry?.report ?? [:]
        object["key"] = .string(key.text)
        object["file"] = .string(place.keyFile.path)
        StandardOutput.write(JSONValue.object(object).serialized() + "\n")
      } else {
        StandardOutput.write(key.text + "\n")
        StandardError.writeLine("Keep it now: only its SHA-256 is in \(place.keyFile.path), and it is not shown again.")
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the keys, without what is secret.",
      discussion: """
        Examples:
          moso keys list
          moso keys list --json
        """)

    @OptionGroup var place: Place

    @Flag(name: .long, help: "Print a JSON list.")
    var json = false

    func run() throws {
      let entries = try entries()
      if json {
        return StandardOutput.write(JSONValue.array(entries.map { .object($0.report) }).serialized() + "\n")
      }
      var table = Table([
        .init("NAME", style: .bold), .init("OWNER"), .init("CREATED"), .init("STATE"), .init("NOTE", isFlexible: true),
      ])
      for entry in entries {
        let state = entry.isDisabled ? "disabled" : ""
        table.add([entry.name, entry.owner, entry.created.description, state, entry.note ?? ""])
      }
      if entries.isEmpty {
        StandardError.writeLine("There is no key in \(place.keyFile.path); make one with: moso keys add NAME")
      } else {
        StandardOutput.write(table.rendered(for: .standardOutput))
      }
    }

    private func entries() throws(KeyFileError) -> [KeyEntry] {
      do throws(KeyFileError) {
        let content = try place.keyFile.read()
        for warning in content.warnings { StandardError.writeLine("Warning: \(warning).") }
        return content.list.entries
      } catch .missing where place.file == nil {
        return []
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget a key: requests with it are refused from now on.",
      discussion: """
        Examples:
          moso keys remove alice
        """)

    @Argument(help: "What the key is called.")
    var name: String

    @OptionGroup var place: Place

    func run() throws {
      try place.update(name) { (list) throws(KeyFileError) in list.remove(name: name) }
    }
  }

  struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a key another name; its usage is counted under the same owner as before.",
      discussion: """
        Examples:
          moso keys rename alice alice-laptop
        """)

    @Argument(help: "What the key is called.")
    var name: String

    @Argument(help: "What it will be called.")
    var newName: String

    @OptionGroup var place: Place

    func run() throws {
      try place.update(name) { (list) throws(KeyFileError) in try list.rename(name, to: newName) }
    }
  }

  struct Disable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Have requests with a key refused, until it is enabled again.",
      discussion: """
        Examples:
          moso keys disable alice
        """)

    @Argument(help: "What the key is called.")
    var name: String

    @OptionGroup var place: Place

    func run() throws {
      try place.update(name) { (list) throws(KeyFileError) in list.setDisabled(true, name: name) }
    }
  }

  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Have requests with a disabled key answered again.",
      discussion: """
        Examples:
          moso keys enable alice
        """)

    @Argument(help: "What the key is called.")
    var name: String

    @OptionGroup var place: Place

    func run() throws {
      try place.update(name) { (list) throws(KeyFileError) in list.setDisabled(false, name: name) }
    }
  }
}

extension KeyEntry {
  /// What the command says of a key.
  fileprivate var report: JSONObject {
    var object: JSONObject = [
      "name": .string(name), "owner": .string(owner), "created": .string(created.description),
      "disabled": .bool(isDisabled),
    ]
    if let note { object["note"] = .string(note) }
    return object
  }
}
