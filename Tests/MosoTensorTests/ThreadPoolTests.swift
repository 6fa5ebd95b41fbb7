import CMosoKernels
import Synchronization
import Testing

@testable import MosoTensor

@Suite("ThreadPool") struct ThreadPoolTests {
  @Test("Every task of every job runs exactly once", arguments: [1, 2, 3, 5])
  func runsEachTaskOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    for job in 0..<2_000 {
      let tasks = job % 9
      let runs = Mutex(Array(repeating: 0, count: tasks))
      pool.run(tasks) { task, thread in
        runs.withLock { $0[task] += 1 }
        #expect(thread < threads)
      }
      #expect(runs.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test("Work of more tasks than sixteen bits count is done whole", arguments: [65_535, 65_536, 200_000])
  func manyTasks(count: Int) {
    let pool = ThreadPool(threads: 3)
    let rows = RowsRecycler().rows(count: 1, width: count)
    unsafe rows.base.update(repeating: 0, count: count)
    // Each task has a float of its own; one that ran twice, or not at all, shows.
    pool.run(count) { task, _ in unsafe rows.base[task] += Float(task % 1_000 + 1) }
    #expect(rows.array(row: 0).enumerated().allSatisfy { $0.element == Float($0.offset % 1_000 + 1) })
  }

  @Test("Work is finished when run returns") func joins() {
    let pool = ThreadPool(threads: 2)
    let rows = RowsRecycler().rows(count: 64, width: 16)
    for round in 0..<500 {
      pool.run(64) { task, _ in unsafe rows.pointer(row: task).update(repeating: Float(round), count: 16) }
      #expect((0..<64).allSatisfy { rows.array(row: $0).allSatisfy { $0 == Float(round) } })
    }
  }

  @Test("Memory that is announced need not be there, and changes no work") func announcements() {
    let pool = ThreadPool(threads: 3)
    let runs = Atomic(0)
    for round in 0..<200 {
      let ranges = unsafe (0..<4).map { index in
        unsafe mk_ahead(base: UnsafeRawPointer(bitPattern: 4_096 + round << 30), bytes: index << 40)
      }
      unsafe ranges.withUnsafeBufferPointer { unsafe pool.announce($0) }
      // The first thread stays; the others are done at once and ask for what was announced.
      pool.run(3) { task, _ in
        runs.add(1, ordering: .relaxed)
        if task == 0 { for _ in 0..<10_000 { runs.add(0, ordering: .relaxed) } }
      }
    }
    #expect(runs.load(ordering: .relaxed) == 600)
  }

  @Test("There is at least one usable thread") func usableThreads() {
    #expect(ThreadPool.usableThreads >= 1)
  }
}
