import NIOCore

/// Runs a task's pieces on the event loop of the connection that it writes to.
///
/// A token on its way out then wakes one thread instead of two, and tokens of several answers that one step has chosen are
/// written in one turn of the loop. It suits tasks that do microseconds of work at a time: meanwhile the loop's other
/// connections wait.
final class LoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
