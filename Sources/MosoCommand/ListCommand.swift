import ArgumentParser
import MosoFormats
import MosoHub
import MosoTerminal

/// `moso list`: what is on this machine.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the models on this machine.",
    discussion: """
      Examples:
        moso list
        moso list --json
      """)

  @Flag(name: .long, help: "Print a JSON list.")
  var json = false

  func run() throws {
    let listing = try ModelStore.default.list()
    if json {
      let models = listing.models.map { model -> JSONValue in
        [
          "name": .string(model.name), "folder": .string(model.folder), "bytes": .integer(model.byteCount),
          "whole": .bool(model.damagedFile == nil),
        ]
      }
      return StandardOutput.write(JSONValue.array(models).serialized() + "\n")
    }
    var table = Table([
      .init("NAME", style: .bold), .init("SIZE", .trailing), .init("FOLDER", isFlexible: true), .init("STATE"),
    ])
    for model in listing.models {
      let state = model.damagedFile.map { "damaged: \($0)" } ?? ""
      table.add([model.name, QuantityFormat.bytes(model.byteCount), model.folder, state])
    }
    for pull in listing.unfinished {
      let share = "\(QuantityFormat.bytes(pull.bytesDone)) of \(QuantityFormat.bytes(pull.bytesTotal))"
      table.add([pull.name, share, "", "unfinished; continue with moso pull"])
    }
    if listing.models.isEmpty && listing.unfinished.isEmpty {
      StandardError.write("There is no model yet; fetch one with: moso pull smollm2\n")
    } else {
      StandardOutput.write(table.rendered(for: .standardOutput))
    }
    for reason in listing.unreadable { StandardError.writeLine(reason) }
  }
}

extension StoredModel {
  /// The size of all its files.
  var byteCount: Int { record.files.reduce(0) { $0 + $1.size } }
}
