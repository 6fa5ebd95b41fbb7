/// The names that uses of tools get.
enum ToolUseIdentifier {
  private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// `toolu_` and 24 random letters and digits, which is 142 bits.
  static func random(using generator: inout some RandomNumberGenerator) -> String {
    var bytes = Array("toolu_".utf8)
    for _ in 0..<24 { bytes.append(letters[Int.random(in: 0..<letters.count, using: &generator)]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
