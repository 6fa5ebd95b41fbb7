"""Writes Tests/MosoFormatsTests/Fixtures/every-type.gguf with the writer of the PyPI package `gguf` (0.19.0).

Run from the root of the repository, in an environment with gguf and numpy: python3 Scripts/make_gguf_fixture.py
"""

import gguf
import numpy

path = "Tests/MosoFormatsTests/Fixtures/every-type.gguf"
writer = gguf.GGUFWriter(path, "llama")
writer.add_uint8("n.uint8", 200)
writer.add_int8("n.int8", -100)
writer.add_uint16("n.uint16", 60000)
writer.add_int16("n.int16", -30000)
writer.add_uint32("n.uint32", 4000000000)
writer.add_int32("n.int32", -2000000000)
writer.add_uint64("n.uint64", 2**64 - 1)
writer.add_key_value("n.int64", -(2**62), gguf.GGUFValueType.INT64)
writer.add_float32("n.float32", 0.1)
writer.add_float64("n.float64", 0.1)
writer.add_bool("n.bool", True)
writer.add_string("text", "Größe 中 😀")
writer.add_array("list.strings", ["a", "", "Ġthe", "中"])
writer.add_array("list.integers", [1, -2, 3])
writer.add_array("list.floats", [0.5, -1.5])
writer.add_array("list.bools", [True, False])
writer.add_array("list.empty.strings", [])
numbers = numpy.arange(2 * 3 * 4, dtype=numpy.float32).reshape(2, 3, 4) / 8
writer.add_tensor("cube", numbers)
writer.add_tensor("half", numbers.reshape(6, 4).astype(numpy.float16))
row = numpy.linspace(-1, 1, 2 * 64, dtype=numpy.float32).reshape(2, 64)
kind = gguf.GGMLQuantizationType.Q8_0
writer.add_tensor("blocks", gguf.quants.quantize(row, kind), raw_dtype=kind)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
