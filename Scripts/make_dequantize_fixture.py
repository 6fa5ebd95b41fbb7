"""Writes Tests/MosoFormatsTests/Fixtures/dequantize.txt: random blocks of each type and the values they stand for.

The values come from the numpy implementation in the PyPI package `gguf` (0.19.0). Each line holds a type, the bytes of a
few blocks and the bits of their values, in hexadecimal.

Run from the root of the repository, in an environment with gguf and numpy: python3 Scripts/make_dequantize_fixture.py
"""

import gguf
import numpy

# Where each type keeps halves: random bits there may be infinite or no number, which is not what is tested here.
halves = {
    "F16": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
    "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0],
}
random = numpy.random.default_rng(11)

with open("Tests/MosoFormatsTests/Fixtures/dequantize.txt", "w") as file:
    for name in "F32 F16 BF16 Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS MXFP4".split():
        kind = gguf.GGMLQuantizationType[name]
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        count = 2 if elements == 256 else 6
        blocks = random.integers(0, 256, (count, size), dtype=numpy.uint8)
        for offset in halves.get(name, []):
            # An exponent of all ones becomes one less.
            full = (blocks[:, offset + 1] & 0x7C) == 0x7C
            blocks[full, offset + 1] &= 0xFB
            # The first block has a subnormal scale.
            blocks[0, offset + 1] &= 0x83
        if name == "MXFP4":
            blocks[:, 0] = [0, 1, 2, 127, 120, 253]
        if name in ("F32", "BF16"):
            blocks[:, -1] &= 0xBF
        values = gguf.quants.dequantize(blocks, kind).astype(numpy.float32)
        assert values.size == count * elements
        file.write(f"{name} {blocks.tobytes().hex()} {values.tobytes().hex()}\n")
