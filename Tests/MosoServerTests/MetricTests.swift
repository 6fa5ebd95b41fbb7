import CoreMetrics
import Foundation
import MosoServer
import Testing

/// Metrics, and their text.
@Suite("Metrics") struct MetricTests {
  private func read(_ registry: MetricRegistry) throws -> MetricReader {
    try MetricReader(#require(String(validating: registry.exposition(), as: UTF8.self)))
  }

  @Test("The text says what that of Prometheus' Python client says")
  func golden() throws {
    let registry = MetricRegistry()
    let requests = registry.counter(
      "test_requests_total", "Requests, with a \\ and a\nline \"break\".", labels: ["api", "model"])
    for _ in 0..<3 { requests.cell("messages", "small").increment() }
    requests.cell("messages", "a\"quote\\back\nline").increment(by: 1)
    requests.cell("chat", "größe 模型 🎋").increment(by: 1 << 40)
    requests.cell("", "").increment(by: 0)
    registry.counter("test_plain_total", "Without labels.").cell().increment(by: 7)
    let level = registry.gauge("test_level", "Goes up and down.", labels: ["kind"])
    let values: [(String, Double)] = [
      ("half", 0.5), ("negative", -3), ("small", 1e-7), ("large", 1.5e300), ("infinite", .infinity),
      ("below", -.infinity), ("nothing", .nan), ("whole", 9_007_199_254_740_991), ("zero", 0),
    ]
    for (kind, value) in values { level.cell(kind).set(value) }
    let seconds = registry.histogram(
      "test_seconds", "How long.", labels: ["model"], buckets: .init([0.000_01, 0.005, 0.1, 1, 2.5, 1_000]))
    for value in [0.000_01, 0.004, 0.005, 0.0051, 0.1, 0.75, 1, 2, 3, 1_000, 1_001, -1] {
      seconds.cell("small").observe(value)
    }
    _ = seconds.cell("idle")
    registry.histogram("test_tokens", "How many.", buckets: .init([1, 2, 4])).cell().observe(3)

    let path = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Fixtures/metrics.txt"
    let golden = try MetricReader(String(contentsOfFile: path, encoding: .utf8))
    let ours = try read(registry)
    #expect(ours.families == golden.families)
    #expect(Set(ours.samples.keys) == Set(golden.samples.keys))
    for (series, value) in golden.samples {
      let ourValue = try #require(ours.samples[series])
      #expect(ourValue == value || ourValue.isNaN && value.isNaN, "\(series)")
    }
  }

  @Test("The text is exactly that of the format")
  func exact() {
    let registry = MetricRegistry()
    registry.counter("a_total", "A.", labels: ["x"]).cell("1").increment(by: 2)
    registry.histogram("b", "B\\.", labels: ["x"], buckets: .init([0.1, 1])).cell("\"").observe(0.5)
    _ = registry.gauge("unused", "Has no series.", labels: ["x"])
    registry.gauge("c", "C.").cell().add(-0.25)
    let text = #"""
      # HELP a_total A.
      # TYPE a_total counter
      a_total{x="1"} 2
      # HELP b B\\.
      # TYPE b histogram
      b_bucket{x="\"",le="0.1"} 0
      b_bucket{x="\"",le="1"} 1
      b_bucket{x="\"",le="+Inf"} 1
      b_sum{x="\""} 0.5
      b_count{x="\""} 1
      # HELP c C.
      # TYPE c gauge
      c -0.25

      """#
    #expect(String(decoding: registry.exposition(), as: UTF8.self) == text)
  }

  @Test("Threads that count at once lose nothing")
  func threads() async throws {
    let registry = MetricRegistry()
    let counter = registry.counter("a_total", "A.").cell()
    let gauge = registry.gauge("b", "B.").cell()
    let histogram = registry.histogram("c", "C.", buckets: .init([0.5])).cell()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            counter.increment()
            gauge.add(task % 2 == 0 ? 2 : -1)
            histogram.observe(task % 2 == 0 ? 0.25 : 1)
          }
        }
      }
    }
    let samples = try read(registry).samples
    #expect(samples[.init(name: "a_total", labels: [:])] == 8_000)
    #expect(samples[.init(name: "b", labels: [:])] == 4_000)
    #expect(samples[.init(name: "c_bucket", labels: ["le": "0.5"])] == 4_000)
    #expect(samples[.init(name: "c_count", labels: [:])] == 8_000)
    #expect(samples[.init(name: "c_sum", labels: [:])] == 5_000)
  }

  @Test("A caller that makes up values of labels gets one more series, and no more")
  func cardinality() throws {
    let registry = MetricRegistry(seriesLimit: 3)
    let family = registry.counter("a_total", "A.", labels: ["x", "y"])
    for number in 0..<100 { family.cell("\(number)", "y").increment() }
    family.cell("1", "y").increment()
    let samples = try read(registry).samples
    #expect(samples.count == 4)
    #expect(samples[.init(name: "a_total", labels: ["x": "other", "y": "other"])] == 97)
    #expect(samples[.init(name: "a_total", labels: ["x": "1", "y": "y"])] == 2)
  }

  @Test("What is not a number is not observed, and durations are seconds")
  func observations() throws {
    let registry = MetricRegistry()
    let histogram = registry.histogram("a", "A.", buckets: .init([0.5])).cell()
    histogram.observe(.nan)
    histogram.observe(.milliseconds(1_250))
    let samples = try read(registry).samples
    #expect(samples[.init(name: "a_count", labels: [:])] == 1)
    #expect(samples[.init(name: "a_sum", labels: [:])] == 1.25)
  }

  @Test("One name is one family, and what is asked for is asked for at each exposition")
  func registration() throws {
    let registry = MetricRegistry()
    registry.counter("a_total", "A.").cell().increment()
    registry.counter("a_total", "A.").cell().increment()
    let gauge = registry.gauge("b", "B.").cell()
    registry.onExposition { gauge.add(1) }
    _ = registry.exposition()
    let samples = try read(registry).samples
    #expect(samples[.init(name: "a_total", labels: [:])] == 2)
    #expect(samples[.init(name: "b", labels: [:])] == 2)
  }

  @Test("The server's metrics have the names that its documents promise")
  func serverMetrics() throws {
    let metrics = ServerMetrics()
    let model = metrics.model("small")
    metrics.requests.cell("messages", "small", "200").increment()
    metrics.refused.cell("queue_full").increment()
    model.generatedTokens.increment(by: 5)
    model.interToken.observe(0.012)
    model.constrainedMask.observe(.microseconds(30))
    let text = try read(metrics.registry)
    let names: Set<String> = [
      "moso_requests_total", "moso_refused_total", "moso_disconnects_total", "moso_models_loaded",
      "moso_connections_open", "process_resident_memory_bytes", "moso_prompt_tokens_total", "moso_cached_tokens_total",
      "moso_generated_tokens_total", "moso_requests_running", "moso_requests_waiting", "moso_kv_pages_used",
      "moso_kv_pages_kept", "moso_kv_pages_capacity", "moso_kv_pages_lost", "moso_time_to_first_token_seconds",
      "moso_inter_token_seconds", "moso_end_to_end_seconds", "moso_queue_seconds", "moso_prefill_seconds",
      "moso_decode_seconds", "moso_constrained_mask_seconds", "moso_request_prompt_tokens",
      "moso_request_generated_tokens",
    ]
    #expect(Set(text.families.keys) == names)
    for (name, family) in text.families { #expect(name.hasSuffix("_total") == (family.type == "counter")) }
    #expect(text.samples[.init(name: "moso_generated_tokens_total", labels: ["model": "small"])] == 5)
    #expect(
      text.samples[.init(name: "moso_requests_total", labels: ["api": "messages", "model": "small", "status": "200"])]
        == 1)
    let memory = try #require(text.samples[.init(name: "process_resident_memory_bytes", labels: [:])])
    #expect(memory > 1e6)
    #expect(memory < 1e13)
  }

  @Test("Metrics of libraries come along under names that Prometheus allows")
  func libraries() throws {
    let registry = MetricRegistry()
    let factory = PrometheusMetricsFactory(registry: registry)
    let counter = factory.makeCounter(label: "hb.requests", dimensions: [("hb.status", "200"), ("le", "x")])
    counter.increment(by: 2)
    counter.increment(by: -1)
    counter.reset()
    factory.makeCounter(label: "hb.requests", dimensions: [("le", "x"), ("hb.status", "200")]).increment(by: 1)
    factory.makeCounter(label: "hb.requests", dimensions: []).increment(by: 4)
    factory.makeFloatingPointCounter(label: "2x", dimensions: []).increment(by: 0.5)
    factory.makeMeter(label: "hb.active", dimensions: []).decrement(by: 2)
    factory.makeRecorder(label: "last", dimensions: [], aggregate: false).record(0.25)
    factory.makeRecorder(label: "sizes", dimensions: [], aggregate: true).record(Int64(50))
    factory.makeTimer(label: "took", dimensions: []).recordNanoseconds(1_500_000_000)
    factory.makeTimer(label: "hb.requests_total", dimensions: []).recordNanoseconds(1)
    let text = try read(registry)
    let samples = text.samples
    #expect(samples[.init(name: "hb_requests_total", labels: ["hb_status": "200", "label_le": "x"])] == 3)
    #expect(samples[.init(name: "hb_requests_total", labels: [:])] == 4)
    #expect(samples[.init(name: "_2x_total", labels: [:])] == 0.5)
    #expect(samples[.init(name: "hb_active", labels: [:])] == -2)
    #expect(samples[.init(name: "last", labels: [:])] == 0.25)
    #expect(samples[.init(name: "sizes_bucket", labels: ["le": "100.0"])] == 1)
    #expect(samples[.init(name: "took_seconds_sum", labels: [:])] == 1.5)
    #expect(samples[.init(name: "hb_requests_total_seconds_count", labels: [:])] == 1)
    #expect(text.families["hb_requests_total"]?.help == "Reported by a library as hb.requests.")
  }

  @Test("A library's metric of a name that is taken gets another name, and one too many is not kept")
  func libraryConflicts() throws {
    let registry = MetricRegistry()
    _ = registry.histogram("a", "A.", buckets: .init([1])).cell()
    let factory = PrometheusMetricsFactory(registry: registry)
    factory.makeMeter(label: "a", dimensions: []).set(1.0)
    factory.makeMeter(label: "a.sum", dimensions: []).set(2.0)
    factory.makeRecorder(label: "a", dimensions: [], aggregate: true).record(0.5)
    for number in 0..<1_000 { factory.makeCounter(label: "made.up.\(number)", dimensions: []).increment(by: 1) }
    let text = try read(registry)
    #expect(text.samples[.init(name: "a_gauge", labels: [:])] == 1)
    #expect(text.samples[.init(name: "a_sum_gauge", labels: [:])] == 2)
    #expect(text.samples[.init(name: "a_sum", labels: [:])] == 0.5)
    #expect(text.families.count == 500)
  }
}
