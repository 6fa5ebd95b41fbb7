/// Names that nobody can guess.
enum RandomName {
  private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// `prefix` and so many letters and digits, drawn by the system's generator.
  static func make(prefix: String, length: Int) -> String {
    var bytes = Array(prefix.utf8)
    for _ in 0..<length { bytes.append(letters[Int.random(in: 0..<letters.count)]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
