"""Writes Tests/MosoFormatsTests/Fixtures/written-by-python.safetensors with the PyPI package `safetensors` (0.8.0).

Run from the root of the repository, in an environment with safetensors: python3 Scripts/make_safetensors_fixture.py
"""

import ctypes
import struct

from safetensors import TensorSpec, serialize_file

buffers = []


def spec(kind, shape, data):
    buffers.append(ctypes.create_string_buffer(data, max(len(data), 1)))
    return TensorSpec(dtype=kind, shape=shape, data_ptr=ctypes.addressof(buffers[-1]), data_len=len(data))


tensors = {
    "wide": ("float32", [2, 3], struct.pack("<6f", 0, 0.5, -1, 2, 3, 1e-8)),
    "half": ("float16", [4], struct.pack("<4e", 0, 0.5, -1, 65504)),
    "brain": ("bfloat16", [2, 1], bytes([0x80, 0x3F, 0x00, 0xC0])),
    "scalar": ("float32", [], struct.pack("<f", 7)),
    "empty": ("float32", [0, 5], b""),
    "größe \"x\"": ("float32", [1], struct.pack("<f", 9)),
}
contents = {name: spec(*tensor) for name, tensor in tensors.items()}
serialize_file(contents, "Tests/MosoFormatsTests/Fixtures/written-by-python.safetensors", {"format": "pt"})

# Types that are known but not read as weights stand beside one that is.
mixed = {
    "attention.mask": spec("uint8", [3], bytes([1, 1, 0])),
    "positions": spec("int64", [2], struct.pack("<2q", 0, 1)),
    "weight": spec("float32", [1], struct.pack("<f", 0.25)),
}
serialize_file(mixed, "Tests/MosoFormatsTests/Fixtures/mixed-types.safetensors", None)
