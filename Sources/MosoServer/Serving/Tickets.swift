import MosoConversation
import MosoEngine
import Synchronization

/// The requests that one reply needs, so that all can be given up when the client goes away.
final class Tickets: Sendable {
  private struct State: Sendable {
    var tickets: [ServingTicket] = []
    var reason: (any Error)?
  }
  private let state = Mutex(State())

  /// Hands work in.
  func take(_ request: ServingRequest, by engine: ServingEngine) throws(RequestError) -> ServingTicket {
    let ticket = try engine.take(request)
    keep(ticket)
    return ticket
  }

  /// Hands a further part of a request in as soon as there is room: what has been accepted is not refused any more.
  func takeWhenPossible(_ request: ServingRequest, by engine: ServingEngine) async throws -> ServingTicket {
    while true {
      if let reason = state.withLock({ $0.reason }) { throw reason }
      do throws(RequestError) { return try take(request, by: engine) } catch {
        guard error.kind == .overloaded else { throw error }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  /// Keeps a ticket, or gives it up at once where the client is gone already.
  func keep(_ ticket: ServingTicket) {
    let reason = state.withLock { state in
      if state.reason == nil { state.tickets.append(ticket) }
      return state.reason
    }
    if let reason { ticket.cancel(reason) }
  }

  func cancel(_ reason: any Error) {
    let tickets = state.withLock { state in
      state.reason = reason
      defer { state.tickets = [] }
      return state.tickets
    }
    tickets.forEach { $0.cancel(reason) }
  }
}
