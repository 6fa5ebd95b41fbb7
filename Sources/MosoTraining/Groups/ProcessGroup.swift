/// The processes that share a run, on one machine or several.
///
/// All of them call the same functions in the same order. What is built on it does not depend on how many there are.
package protocol ProcessGroup {
  /// Which of the processes this is, counted from 0.
  var rank: Int { get }
  /// How many there are, a power of two.
  var count: Int { get }

  /// Sends numbers to another process, which sends `count` numbers at the same time.
  func exchange(_ sent: [Float], with partner: Int, count: Int) -> [Float]

  /// Gives all processes the numbers that `root` has; the others' are as many.
  func broadcast(_ numbers: inout [Float], from root: Int)

  /// Gives all processes the numbers that `root` has; the others' are as many.
  func broadcast(_ numbers: inout [Double], from root: Int)

  /// Ends all processes, because this one cannot go on.
  func abort() -> Never

  /// Leaves the group, when all have done their work.
  func leave()
}

extension ProcessGroup {
  /// Whether this is the process that writes files and speaks with people.
  package var isFirst: Bool { rank == 0 }

  /// What the first process thinks.
  package func agreed(_ opinion: Bool) -> Bool {
    if count == 1 { return opinion }
    var numbers: [Double] = [opinion ? 1 : 0]
    broadcast(&numbers, from: 0)
    return numbers[0] != 0
  }

  /// Waits until the first process has come as far.
  package func waitForFirst() { _ = agreed(true) }

  /// The numbers of all processes, one process after another; each has as many as `counts` says.
  package func gathered(_ numbers: [Double], counts: [Int]) -> [Double] {
    if count == 1 { return numbers }
    var all: [Double] = []
    for root in 0..<count {
      var part = root == rank ? numbers : Array(repeating: 0, count: counts[root])
      broadcast(&part, from: root)
      all += part
    }
    return all
  }
}

/// One process by itself.
package struct SoleProcess: ProcessGroup {
  package init() {}

  package var rank: Int { 0 }
  package var count: Int { 1 }

  package func exchange(_: [Float], with _: Int, count _: Int) -> [Float] { [] }
  package func broadcast(_: inout [Float], from _: Int) {}
  package func broadcast(_: inout [Double], from _: Int) {}
  package func leave() {}
  package func abort() -> Never { fatalError("a process by itself has nobody to take along") }
}
