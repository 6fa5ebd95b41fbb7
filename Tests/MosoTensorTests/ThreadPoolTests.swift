import CMosoKernels
import Synchronization
import Testing

@testable import MosoTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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

  @Test("Callers that share a pool wait for each other") func severalCallers() async {
    let pool = ThreadPool(threads: 2)
    let sums = await withTaskGroup(of: Int.self) { group in
      for caller in 0..<4 {
        group.addTask {
          let sum = Atomic(0)
          for _ in 0..<500 { pool.run(8) { task, _ in sum.add(task + caller, ordering: .relaxed) } }
          return sum.load(ordering: .relaxed)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(sums) == Set((0..<4).map { 500 * (28 + 8 * $0) }))
  }

  @Test("There is at least one usable thread") func usableThreads() {
    #expect(ThreadPool.usableThreads >= 1)
  }

  @Test(
    "The tightest quota of a control group and its ancestors counts",
    arguments: [
      // Version 2: the line without controllers; a quota and its period in one file.
      ("0::/a/b", ["a/b/cpu.max": "400000 100000"], 4), ("0::/a/b", ["a/b/cpu.max": "max 100000"], 16),
      ("0::/a/b", ["a/b/cpu.max": "max 100000", "a/cpu.max": "250000 100000"], 2),
      ("0::/a/b", ["a/b/cpu.max": "300000 100000", "cpu.max": "50000 100000"], 1),
      ("0::/", ["cpu.max": "9900000 100000"], 16), ("0::/../x", [:], 16), ("0::/a", ["a/cpu.max": "no"], 16),
      // Version 1: the line that lists the controller; two files.
      ("4:cpu,cpuacct:/a", ["cpu/a/cpu.cfs_quota_us": "200000", "cpu/a/cpu.cfs_period_us": "100000"], 2),
      ("4:cpu:/a", ["cpu/a/cpu.cfs_quota_us": "-1", "cpu/a/cpu.cfs_period_us": "100000"], 16),
      ("4:cpuset:/a", ["cpu/a/cpu.cfs_quota_us": "100000", "cpu/a/cpu.cfs_period_us": "100000"], 16),
      ("nonsense", [:], 16), ("", [:], 16),
    ])
  func controlGroups(line: String, files: [String: String], threads: Int) throws {
    let root = FileManager.default.temporaryDirectory.appending(
      path: "moso-groups-\(UInt64.random(in: 0...UInt64.max))")
    defer { try? FileManager.default.removeItem(at: root) }
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for (name, content) in files {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((content + "\n").utf8).write(to: file)
    }
    let groups = root.appending(path: "groups")
    try Data("12:memory:/x\n\(line)\n".utf8).write(to: groups)
    #expect(mk_control_group_threads(16, groups.path, root.path) == threads)
  }
}
