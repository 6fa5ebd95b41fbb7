import MosoEngine
import Synchronization

/// The requests that one reply needs, so that all can be given up when the client goes away.
final class Tickets: Sendable {
  private struct State: Sendable {
    var tickets: [ServingTicket] = []
    var isCancelled = false
  }
  private let state = Mutex(State())

  /// Keeps a ticket, or gives it up at once where the client is gone already.
  func keep(_ ticket: ServingTicket) {
    let isCancelled = state.withLock { state in
      if !state.isCancelled { state.tickets.append(ticket) }
      return state.isCancelled
    }
    if isCancelled { ticket.cancel() }
  }

  func cancel() {
    let tickets = state.withLock { state in
      state.isCancelled = true
      defer { state.tickets = [] }
      return state.tickets
    }
    tickets.forEach { $0.cancel() }
  }
}
