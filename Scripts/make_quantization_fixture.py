#!/usr/bin/env python3
"""Makes Tests/MosoFormatsTests/Fixtures/quantization.json: values, and the errors that gguf-py's quantisers leave on them.

gguf-py (PyPI: gguf 0.19.0, numpy) quantises as llama.cpp does without an importance matrix. It has no K types to quantise to.

    python3 -m venv /tmp/quantization && /tmp/quantization/bin/pip install gguf==0.19.0
    /tmp/quantization/bin/python Scripts/make_quantization_fixture.py
"""

import json
from pathlib import Path

import gguf
import numpy as np

FIXTURE = Path(__file__).resolve().parent.parent / "Tests" / "MosoFormatsTests" / "Fixtures" / "quantization.json"
TYPES = ["Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"]
COUNT = 2048


def samples() -> dict[str, np.ndarray]:
    """Values as weights are spread: evenly around zero, with heavy tails, and away from zero."""
    random = np.random.default_rng(20)
    return {
        "normal": random.normal(0, 0.02, COUNT),
        "heavy": random.standard_t(4, COUNT) * 0.02,
        "shifted": random.normal(0.05, 0.02, COUNT),
    }


def error(values: np.ndarray, name: str) -> float:
    """The root mean square error as a share of the values' root mean square."""
    kind = gguf.GGMLQuantizationType[name]
    back = gguf.quants.dequantize(gguf.quants.quantize(values, kind), kind)
    return float(np.sqrt(np.mean((values - back) ** 2, dtype=np.float64) / np.mean(values**2, dtype=np.float64)))


def main() -> None:
    report = {}
    for name, values in samples().items():
        # As many digits as a float has, so that the fixture is the same everywhere.
        texts = [f"{value:.6g}" for value in values]
        values = np.array([float(text) for text in texts], dtype=np.float32)
        report[name] = {
            "values": [float(text) for text in texts],
            "errors": {kind: round(error(values, kind), 6) for kind in TYPES},
        }
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_text(json.dumps(report, separators=(",", ":")) + "\n")
    print({name: sample["errors"] for name, sample in report.items()})


if __name__ == "__main__":
    main()
