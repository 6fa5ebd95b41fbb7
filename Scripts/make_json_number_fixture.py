"""Writes Tests/MosoFormatsTests/Fixtures/json-numbers.txt: numbers as text and the bits Python reads them as.

Run from the root of the repository: python3 Scripts/make_json_number_fixture.py
"""

import json
import random
import struct

random.seed(7)

texts = """0.0 -0.0 1.0 -1.5 0.1 0.2 0.3 1e0 1E+2 1e-2 123.456e7 9007199254740992.0 9007199254740993.0 9007199254740995e0
1e22 1e23 -1e23 1e-22 1e-23 1.7976931348623157e308 2.2250738585072014e-308 2.2250738585072011e-308 5e-324 2e-324 3e-324
1e-400 0e999999999 0.000000000000000000000000000000000000000001 179769313486231570000000000000000000000e270
9223372036854775808 -9223372036854775809 18446744073709551616 123456789012345678901234567890
0.500000000000000166533453693773481063544750213623046875 3.141592653589793238462643383279502884197
8.41e21 9007199254740991e22 9007199254740993e-22 1.00000000000000011102230246251565404236316680908203125""".split()
for _ in range(400):
    texts.append(repr(struct.unpack("<d", random.randbytes(8))[0]))
for _ in range(400):
    digits = str(random.getrandbits(random.choice([8, 30, 53, 54, 60, 70, 120])))
    point = random.randrange(1, len(digits) + 1)
    text = digits[:point].lstrip("0") or "0"
    if point < len(digits):
        text += "." + digits[point:]
    texts.append(("-" if random.random() < 0.5 else "") + text + "e" + str(random.randrange(-60, 60)))

with open("Tests/MosoFormatsTests/Fixtures/json-numbers.txt", "w") as file:
    for text in texts:
        if "nan" in text or "inf" in text:
            continue
        bits = struct.unpack("<Q", struct.pack("<d", float(json.loads(text))))[0]
        file.write(f"{text} {bits:016x}\n")
