import CMosoKernels

extension Compute {
  /// Stores the runs' keys and values in `cache`, then attends: one row of outputs per row of `query`.
  package func attend(
    query: Rows, key: Rows, value: Rows, runs: [AttentionRun], cache: KeyValueMemory, layer: Int, shape: AttentionShape
  ) -> Rows {
    precondition(query.width == shape.headCount * cache.headSize, "the width of the queries")
    precondition(key.width == cache.headCount * cache.headSize && value.width == key.width, "the width of the keys")
    let output = rows(query.count, width: query.width)
    let call = AttentionCall(
      query: query, key: key, value: value, output: output, cache: cache, layer: layer,
      attention: mk_attention(
        type: cache.elementType.rawValue, head_size: cache.headSize, heads: shape.headCount,
        key_value_heads: cache.headCount, scale: shape.scale, softcap: shape.softcap ?? 0, window: shape.window ?? 0,
        stride: query.width),
      runs: runs)
    store(call)
    if runs.allSatisfy({ $0.count == 1 }) && runs.count * cache.headCount < pool.threadCount * 4 {
      attendBySpans(call)
    } else {
      attendByTiles(call)
    }
    return output
  }

  private func store(_ call: AttentionCall) {
    for run in call.runs {
      // Pages are shared out whole: two threads never write within one cache line.
      let firstPage = run.firstPosition / KeyValueMemory.pageLength
      let lastPage = (run.firstPosition + run.count - 1) / KeyValueMemory.pageLength
      pool.run(lastPage - firstPage + 1) { task, _ in
        let page = firstPage + task
        let start = max(page * KeyValueMemory.pageLength, run.firstPosition)
        let end = min((page + 1) * KeyValueMemory.pageLength, run.firstPosition + run.count)
        for position in start..<end { call.store(position: position, of: run) }
      }
    }
  }

  /// Long work: a task is a tile of a run's rows for one key-value head.
  private func attendByTiles(_ call: AttentionCall) {
    var attention = call.attention
    let tile = unsafe mk_attention_tile(&attention)
    let scratch = threadScratch(unsafe mk_attention_scratch(&attention) * 4)
    var tasks: [(run: Int, start: Int)] = []
    for (index, run) in call.runs.enumerated() {
      for start in stride(from: 0, to: run.count, by: tile) { tasks.append((index, start)) }
    }
    let heads = call.cache.headCount
    // The last tiles of a prompt see the most keys; starting with them leaves the short ones to even things out.
    pool.run(tasks.count * heads) { task, thread in
      let (index, start) = tasks[tasks.count - 1 - task / heads]
      let run = call.runs[index]
      unsafe call.attend(
        run, head: task % heads, start: start, count: min(tile, run.count - start), scratch: scratch[thread].floats)
    }
  }

  /// Few rows over long sequences: a task is one span of positions; the parts are merged in order.
  private func attendBySpans(_ call: AttentionCall) {
    var attention = call.attention
    let scratch = threadScratch(unsafe mk_attention_scratch(&attention) * 4)
    let partial = unsafe mk_attention_partial(&attention)
    let heads = call.cache.headCount
    var tasks: [(run: Int, span: Int)] = []
    for (index, run) in call.runs.enumerated() {
      for span in 0...run.firstPosition / Int(MK_SPAN) { tasks.append((index, span)) }
    }
    if tasks.count == call.runs.count { return attendByTiles(call) }
    let partials = rows(heads * tasks.count, width: partial)
    pool.run(tasks.count * heads) { task, thread in
      let (index, span) = tasks[task % tasks.count]
      unsafe call.attendSpan(
        call.runs[index], head: task / tasks.count, span: span, partial: partials.pointer(row: task),
        scratch: scratch[thread].floats)
    }
    var first = 0
    for run in call.runs {
      let spans = run.firstPosition / Int(MK_SPAN) + 1
      for head in 0..<heads {
        unsafe mk_attend_merge(
          &attention, head, spans, partials.pointer(row: head * tasks.count + first),
          call.output.pointer(row: run.firstRow), scratch[0].floats)
      }
      first += spans
    }
  }
}

/// Everything one attention call works on.
@safe
private struct AttentionCall {
  let query, key, value, output: Rows
  let cache: KeyValueMemory
  let layer: Int
  let attention: mk_attention
  let runs: [AttentionRun]

  private func withPages(_ run: AttentionRun, head: Int, _ body: (mk_pages) -> Void) {
    let headBytes = cache.pageBytes / (cache.layerCount * cache.headCount)
    let offset = (layer * cache.headCount + head) * headBytes
    unsafe run.pages.withUnsafeBufferPointer { table in
      guard let start = table.baseAddress else { return }
      unsafe body(
        mk_pages(
          base: (cache.memory.base + offset).assumingMemoryBound(to: UInt8.self), table: start,
          page_bytes: cache.pageBytes))
    }
  }

  func store(position: Int, of run: AttentionRun) {
    let row = run.firstRow + position - run.firstPosition
    for head in 0..<cache.headCount {
      unsafe withPages(run, head: head) { pages in
        var attention = attention
        unsafe mk_cache_write(
          &attention, pages, position, key.pointer(row: row) + head * cache.headSize,
          value.pointer(row: row) + head * cache.headSize)
      }
    }
  }

  func attend(_ run: AttentionRun, head: Int, start: Int, count: Int, scratch: UnsafeMutablePointer<Float>) {
    unsafe withPages(run, head: head) { pages in
      var attention = attention
      unsafe mk_attend(
        &attention, pages, head, run.firstPosition + start, count, query.pointer(row: run.firstRow + start),
        output.pointer(row: run.firstRow + start), scratch)
    }
  }

  func attendSpan(
    _ run: AttentionRun, head: Int, span: Int, partial: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    unsafe withPages(run, head: head) { pages in
      var attention = attention
      unsafe mk_attend_span(
        &attention, pages, head, run.firstPosition, span, query.pointer(row: run.firstRow), partial, scratch)
    }
  }
}
