import Foundation
import MosoTraining
import Synchronization

/// Processes that are threads of one, which exchange numbers by way of memory.
final class ThreadGroup: ProcessGroup {
  /// What has been sent and not taken yet, by sender and receiver.
  final class Post: Sendable {
    private struct Route: Hashable {
      var sender: Int
      var receiver: Int
    }

    private let letters = Mutex<[Route: [[Double]]]>([:])

    func send(_ numbers: [Double], from sender: Int, to receiver: Int) {
      letters.withLock { $0[Route(sender: sender, receiver: receiver), default: []].append(numbers) }
    }

    func take(from sender: Int, to receiver: Int) -> [Double] {
      let route = Route(sender: sender, receiver: receiver)
      while true {
        let letter = letters.withLock { letters -> [Double]? in
          guard let first = letters[route]?.first else { return nil }
          letters[route]?.removeFirst()
          return first
        }
        if let letter { return letter }
        usleep(50)
      }
    }
  }

  let rank: Int
  let count: Int
  private let post: Post

  init(rank: Int, count: Int, post: Post) {
    self.rank = rank
    self.count = count
    self.post = post
  }

  func exchange(_ sent: [Float], with partner: Int, count: Int) -> [Float] {
    post.send(sent.map(Double.init), from: rank, to: partner)
    let received = post.take(from: partner, to: rank).map(Float.init)
    precondition(received.count == count, "\(received.count) numbers where \(count) were to come")
    return received
  }

  func broadcast(_ numbers: inout [Double], from root: Int) {
    if rank == root {
      for other in 0..<count where other != root { post.send(numbers, from: root, to: other) }
    } else {
      let received = post.take(from: root, to: rank)
      precondition(received.count == numbers.count, "\(received.count) numbers where \(numbers.count) were to come")
      numbers = received
    }
  }

  func broadcast(_ numbers: inout [Float], from root: Int) {
    var doubles = numbers.map(Double.init)
    broadcast(&doubles, from: root)
    numbers = doubles.map(Float.init)
  }

  func leave() {}
  func abort() -> Never { fatalError("a process of a test gave up") }

  /// Runs `body` in so many processes at once, and returns what the first of them does.
  static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (ThreadGroup) throws -> Result
  ) async throws -> Result {
    let post = Post()
    return try await withThrowingTaskGroup(of: (Int, Result).self) { tasks in
      for rank in 0..<count {
        tasks.addTask {
          try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: processes wait for each other, for which tasks have too few.
            let thread = Thread {
              continuation.resume(
                with: Swift.Result { (rank, try body(ThreadGroup(rank: rank, count: count, post: post))) })
            }
            thread.stackSize = 8 << 20
            thread.start()
          }
        }
      }
      var first: Result?
      for try await (rank, result) in tasks where rank == 0 { first = result }
      guard let first else { throw CancellationError() }
      return first
    }
  }
}
