/// Why the values in a page are not what its header says; whoever knows the file and the page adds them.
struct PageDamage: Error {
  let field: String
  let found: String
  let expected: String

  /// An error of what `field` names.
  init(_ field: String, found: String, expected: String) {
    self.field = field
    self.found = found
    self.expected = expected
  }
}
