import CMosoKernels

extension Compute {
  /// Stores the runs' keys and values in `cache`, then attends: one row of outputs per row of `query`.
  package func attend(
    query: Rows, key: Rows, value: Rows, runs: [AttentionRun], cache: KeyValueMemory, layer: Int, shape: AttentionShape
  ) -> Rows {
    precondition(query.width == shape.headCount * cache.headSize, "the width of the queries")
    precondition(key.width == cache.headCount * cache.headSize && value.width == key.width, "the width of the keys")
    precondition(shape.headCount % cache.headCount == 0, "as many query heads for each key head")
    let output = rows(query.count, width: query.width)
    let attention = mk_attention(
      type: cache.elementType.rawValue, head_size: cache.headSize, heads: shape.headCount,
      key_value_heads: cache.headCount, scale: shape.scale, softcap: shape.softcap ?? 0, window: shape.window ?? 0,
      stride: query.width)
    unsafe withRuns(runs) { views in
      let call = unsafe AttentionCall(
        query: query.base, key: key.base, value: value.base, output: output.base, queryWidth: query.width,
        keyWidth: key.width, cache: CacheView(cache, layer: layer), shape: shape,
        attention: attention, runs: views)
      let single = runs.allSatisfy { $0.count == 1 }
      if !single { store(call) }
      let spans = single ? runs.reduce(0) { $0 + shape.spans(seenFrom: $1.firstPosition).count } : 0
      if single && runs.count * cache.headCount < pool.threadCount * 4 && spans > runs.count {
        attendBySpans(call, count: spans)
      } else {
        attendByTiles(call, storesToo: single)
      }
    }
    withExtendedLifetime((query, key, value, cache)) {}
    return output
  }

  private func withRuns(_ runs: [AttentionRun], _ body: (UnsafeBufferPointer<RunView>) -> Void) {
    unsafe runs.flatMap(\.pages).withUnsafeBufferPointer { pages in
      guard var table = pages.baseAddress else { return }
      unsafe withUnsafeTemporaryAllocation(of: RunView.self, capacity: runs.count) { views in
        for (index, run) in runs.enumerated() {
          let view = unsafe RunView(
            table: table, firstRow: run.firstRow, firstPosition: run.firstPosition, count: run.count)
          unsafe views.initializeElement(at: index, to: view)
          unsafe table += run.pages.count
        }
        unsafe body(UnsafeBufferPointer(views))
      }
    }
  }

  private func store(_ call: AttentionCall) {
    for index in unsafe call.runs.indices {
      let run = unsafe call.runs[index]
      // Pages are shared out whole: two threads never write within one cache line.
      let firstPage = run.firstPosition / KeyValueMemory.pageLength
      let lastPage = (run.firstPosition + run.count - 1) / KeyValueMemory.pageLength
      pool.run(lastPage - firstPage + 1) { task, _ in
        let page = firstPage + task
        let start = max(page * KeyValueMemory.pageLength, run.firstPosition)
        let end = min((page + 1) * KeyValueMemory.pageLength, run.firstPosition + run.count)
        for head in 0..<call.cache.headCount {
          for position in start..<end { call.store(position: position, of: run, head: head) }
        }
      }
    }
  }

  /// Long work: a task is a tile of a run's rows for one key-value head.
  private func attendByTiles(_ call: AttentionCall, storesToo: Bool) {
    var attention = call.attention
    let tile = unsafe mk_attention_tile(&attention)
    var tasks: [AttentionTask] = []
    tasks.reserveCapacity(unsafe call.runs.count)
    for index in unsafe call.runs.indices {
      for start in unsafe stride(from: 0, to: call.runs[index].count, by: tile) {
        tasks.append(AttentionTask(run: index, start: start))
      }
    }
    // The last tiles of a prompt see the most keys; starting with them leaves the short ones to even things out.
    tasks.reverse()
    unsafe withScratch(bytes: unsafe mk_attention_scratch(&attention) * 4) { scratch in
      unsafe tasks.withUnsafeBufferPointer { tasks in
        var work = unsafe TileWork(call: call, tasks: tasks, tile: tile, storesToo: storesToo, scratch: scratch)
        unsafe pool.run(tasks.count * call.cache.headCount, on: &work) { work, task, thread in
          unsafe work?.assumingMemoryBound(to: TileWork.self).pointee.run(task, thread)
        }
      }
    }
  }

  /// Few rows over long sequences: a task is one span of positions; the parts are merged in order.
  private func attendBySpans(_ call: AttentionCall, count: Int) {
    var attention = call.attention
    let heads = call.cache.headCount
    let partial = unsafe mk_attention_partial(&attention)
    let partials = rows(heads * count, width: partial)
    var tasks: [AttentionTask] = []
    tasks.reserveCapacity(count)
    for index in unsafe call.runs.indices {
      for span in unsafe call.shape.spans(seenFrom: call.runs[index].firstPosition) {
        tasks.append(AttentionTask(run: index, start: span))
      }
    }
    unsafe withScratch(bytes: unsafe mk_attention_scratch(&attention) * 4) { scratch in
      unsafe tasks.withUnsafeBufferPointer { tasks in
        var work = unsafe SpanWork(
          call: call, tasks: tasks, partials: partials.base, width: partial, scratch: scratch)
        unsafe pool.run(count * heads, on: &work) { work, task, thread in
          unsafe work?.assumingMemoryBound(to: SpanWork.self).pointee.run(task, thread)
        }
      }
      var first = 0
      for index in unsafe call.runs.indices {
        let run = unsafe call.runs[index]
        let spans = call.shape.spans(seenFrom: run.firstPosition).count
        for head in 0..<heads {
          unsafe mk_attend_merge(
            &attention, head, spans, partials.pointer(row: head * count + first),
            call.output + run.firstRow * call.queryWidth, scratch[0].assumingMemoryBound(to: Float.self))
        }
        first += spans
      }
    }
  }
}

// MARK: - What threads see: numbers and memory, nothing that is counted

/// Consecutive rows of one sequence.
@safe
private struct RunView: BitwiseCopyable {
  /// The sequence's pages, first positions first.
  let table: UnsafePointer<Int32>
  let firstRow, firstPosition, count: Int
}

/// The keys and values of one layer.
@safe
private struct CacheView: BitwiseCopyable {
  let base: UnsafeMutablePointer<UInt8>
  let pageBytes, headBytes, headCount, headSize: Int

  init(_ cache: KeyValueMemory, layer: Int) {
    pageBytes = cache.pageBytes
    headCount = cache.headCount
    headSize = cache.headSize
    headBytes = pageBytes / (cache.layerCount * headCount)
    unsafe base = (cache.memory.base + layer * headCount * headBytes).assumingMemoryBound(to: UInt8.self)
  }

  func pages(of run: RunView, head: Int) -> mk_pages {
    unsafe mk_pages(base: base + head * headBytes, table: run.table, page_bytes: pageBytes)
  }
}

/// A run, and which of its tiles (by its first row) or spans is meant.
private struct AttentionTask: BitwiseCopyable {
  let run, start: Int
}

@safe
private struct AttentionCall: BitwiseCopyable {
  let query, key, value, output: UnsafeMutablePointer<Float>
  let queryWidth, keyWidth: Int
  let cache: CacheView
  let shape: AttentionShape
  let attention: mk_attention
  let runs: UnsafeBufferPointer<RunView>

  func store(position: Int, of run: RunView, head: Int) {
    var attention = attention
    let at = (run.firstRow + position - run.firstPosition) * keyWidth + head * cache.headSize
    unsafe mk_cache_write(&attention, cache.pages(of: run, head: head), position, key + at, value + at)
  }
}

@safe
private struct TileWork: BitwiseCopyable {
  let call: AttentionCall
  let tasks: UnsafeBufferPointer<AttentionTask>
  let tile: Int
  /// Whether runs of one row store their keys and values too.
  let storesToo: Bool
  let scratch: UnsafeBufferPointer<UnsafeMutableRawPointer>

  func run(_ task: Int, _ thread: Int) {
    let head = task % call.cache.headCount, tile = unsafe tasks[task / call.cache.headCount]
    let run = unsafe call.runs[tile.run]
    if storesToo { call.store(position: run.firstPosition, of: run, head: head) }
    var attention = call.attention
    let at = (run.firstRow + tile.start) * call.queryWidth
    unsafe mk_attend(
      &attention, call.cache.pages(of: run, head: head), head, run.firstPosition + tile.start,
      min(self.tile, run.count - tile.start), call.query + at, call.output + at,
      scratch[thread].assumingMemoryBound(to: Float.self))
  }
}

@safe
private struct SpanWork: BitwiseCopyable {
  let call: AttentionCall
  let tasks: UnsafeBufferPointer<AttentionTask>
  let partials: UnsafeMutablePointer<Float>
  let width: Int
  let scratch: UnsafeBufferPointer<UnsafeMutableRawPointer>

  func run(_ task: Int, _ thread: Int) {
    let head = unsafe task / tasks.count, span = unsafe tasks[task % tasks.count]
    let run = unsafe call.runs[span.run]
    // Only the last span reads the row's own key and value.
    if span.start == run.firstPosition / Int(MK_SPAN) {
      call.store(position: run.firstPosition, of: run, head: head)
    }
    var attention = call.attention
    unsafe mk_attend_span(
      &attention, call.cache.pages(of: run, head: head), head, run.firstPosition, span.start,
      call.query + run.firstRow * call.queryWidth, partials + task * width,
      scratch[thread].assumingMemoryBound(to: Float.self))
  }
}
