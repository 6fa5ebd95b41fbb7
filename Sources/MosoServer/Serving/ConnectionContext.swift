import Hummingbird
import Logging
import NIOCore

/// What the responder is told of the connection that a request came by.
struct ConnectionContext: InitializableFromSource {
  let channel: any Channel
  let logger: Logger

  init(source: ApplicationRequestContextSource) {
    channel = source.channel
    logger = source.logger
  }
}
