#!/usr/bin/env python3
"""Makes Tests/MosoServerTests/Fixtures/metrics.txt: metrics as the Python client of Prometheus writes them.

Needs the package prometheus_client (made with 0.26.0). With a file as its argument it instead reads metrics that a server
has written, with the same package, and prints every sample; what cannot be read is an error.
"""

import os
import sys

os.environ["PROMETHEUS_DISABLE_CREATED_SERIES"] = "True"

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.parser import text_string_to_metric_families

disable_created_metrics()


def make() -> bytes:
    registry = CollectorRegistry()
    requests = Counter("test_requests", 'Requests, with a \\ and a\nline "break".', ["api", "model"], registry=registry)
    requests.labels("messages", "small").inc(3)
    requests.labels("messages", 'a"quote\\back\nline').inc()
    requests.labels("chat", "größe 模型 🎋").inc(2**40)
    requests.labels("", "").inc(0)
    Counter("test_plain", "Without labels.", registry=registry).inc(7)
    gauge = Gauge("test_level", "Goes up and down.", ["kind"], registry=registry)
    for kind, value in [
        ("half", 0.5), ("negative", -3), ("small", 1e-7), ("large", 1.5e300), ("infinite", float("inf")),
        ("below", float("-inf")), ("nothing", float("nan")), ("whole", 2**53 - 1), ("zero", 0),
    ]:
        gauge.labels(kind).set(value)
    histogram = Histogram(
        "test_seconds", "How long.", ["model"], buckets=[0.00001, 0.005, 0.1, 1, 2.5, 1000], registry=registry)
    for value in [0.00001, 0.004, 0.005, 0.0051, 0.1, 0.75, 1, 2, 3, 1000, 1001, -1]:
        histogram.labels("small").observe(value)
    histogram.labels("idle")
    Histogram("test_tokens", "How many.", buckets=[1, 2, 4], registry=registry).observe(3)
    return generate_latest(registry)


def main() -> None:
    if len(sys.argv) == 2:
        with open(sys.argv[1], encoding="utf-8", newline="") as file:
            for family in text_string_to_metric_families(file.read()):
                for sample in family.samples:
                    print(family.type, sample.name, dict(sorted(sample.labels.items())), sample.value)
        return
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "..", "Tests", "MosoServerTests", "Fixtures", "metrics.txt")
    with open(path, "wb") as file:
        file.write(make())


if __name__ == "__main__":
    main()
