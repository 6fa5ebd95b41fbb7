/// The elements of several sequences as they come, each with the number of its sequence.
///
/// A single one is read as it is, without a task in between.
struct MergedEvents<Source: AsyncSequence & Sendable>: AsyncSequence where Source.Element: Sendable {
  typealias Element = (choice: Int, event: Source.Element)

  private let sources: [Source]

  init(_ sources: [Source]) { self.sources = sources }

  func makeAsyncIterator() -> Iterator { Iterator(sources) }

  struct Iterator: AsyncIteratorProtocol {
    // Two variables and no cases of one: iterators are changed where they lie, not copied for each element.
    private var single: Source.AsyncIterator?
    private var merged: AsyncThrowingStream<Element, any Error>.AsyncIterator?

    init(_ sources: [Source]) {
      if sources.count == 1 {
        single = sources[0].makeAsyncIterator()
      } else {
        merged = Self.merge(sources)
      }
    }

    mutating func next() async throws -> Element? {
      if merged != nil { return try await merged?.next() }
      return try await single?.next().map { (0, $0) }
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
