/// The elements of several sequences as they come, each with the number of its sequence.
///
/// A single one is read as it is, without a task in between.
struct MergedEvents<Source: AsyncSequence & Sendable>: AsyncSequence where Source.Element: Sendable {
  typealias Element = (choice: Int, event: Source.Element)

  private let sources: [Source]

  init(_ sources: [Source]) { self.sources = sources }

  func makeAsyncIterator() -> Iterator { Iterator(sources) }

  struct Iterator: AsyncIteratorProtocol {
    private enum Reading {
      case one(Source.AsyncIterator)
      case several(AsyncThrowingStream<Element, any Error>.AsyncIterator)
    }
    private var reading: Reading

    init(_ sources: [Source]) {
      reading = sources.count == 1 ? .one(sources[0].makeAsyncIterator()) : .several(Self.merge(sources))
    }

    mutating func next() async throws -> Element? {
      switch reading {
      case .one(var iterator):
        let event = try await iterator.next()
        reading = .one(iterator)
        return event.map { (0, $0) }
      case .several(var iterator):
        let element = try await iterator.next()
        reading = .several(iterator)
        return element
      }
    }

    private static func merge(_ sources: [Source]) -> AsyncThrowingStream<Element, any Error>.AsyncIterator {
      AsyncThrowingStream<Element, any Error> { continuation in
        let task = Task {
          do {
            try await withThrowingTaskGroup(of: Void.self) { group in
              for (choice, source) in sources.enumerated() {
                group.addTask {
                  for try await event in source { continuation.yield((choice, event)) }
                }
              }
              try await group.waitForAll()
            }
            continuation.finish()
          } catch {
            continuation.finish(throwing: error)
          }
        }
        continuation.onTermination = { _ in task.cancel() }
      }.makeAsyncIterator()
    }
  }
}
