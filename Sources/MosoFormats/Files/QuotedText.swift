/// A name from a file as an error message shows it: in quotes, without control characters, and not longer than a line.
package func quoted(_ name: some StringProtocol) -> String {
  let limit = 64
  var text = "\""
  for scalar in name.unicodeScalars.prefix(limit) {
    text += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(Character(scalar))
  }
  return text + (name.unicodeScalars.dropFirst(limit).isEmpty ? "\"" : "…\"")
}
