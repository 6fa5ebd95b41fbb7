import MosoEngine
import Synchronization

/// The requests that one reply needs, so that all can be given up when the client goes away.
final class Tickets: Sendable {
  private struct State: Sendable {
    var tickets: [ServingTicket] = []
    var reason: (any Error)?
  }
  private let state = Mutex(State())

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
