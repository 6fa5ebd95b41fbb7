"""Writes Tests/MosoFormatsTests/Fixtures/Parquet and Text, and the seeds of the fuzzer, with the PyPI packages `pyarrow`
(26.0.1) and `zstandard` (0.25.0).

Each file `name.parquet` has a `name.json` beside it, which maps every column that can be read to its rows, and the columns
that cannot to words that the error must hold. Run from the root of the repository, in an environment with both:
python3 Scripts/make_parquet_fixtures.py
"""

import base64
import gzip
import json
import pathlib
import random
import struct
import textwrap

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

FOLDER = pathlib.Path("Tests/MosoFormatsTests/Fixtures/Parquet")
FOLDER.mkdir(parents=True, exist_ok=True)
SEEDS = pathlib.Path("Sources/MosoFuzzing/ParquetSeeds.swift")
random.seed(11)

WORDS = "bamboo grows very fast and its growth can be predicted é 中文 😀 \u0000 naïve\r\n \u2028 end".split(" ")


def sentence(count):
    return " ".join(random.choice(WORDS) for _ in range(count))


def texts(count, nulls=True):
    """Texts of all lengths, the empty one among them, and nulls."""
    result = []
    for number in range(count):
        if nulls and number % 7 == 3:
            result.append(None)
        elif number % 11 == 5:
            result.append("")
        else:
            result.append(sentence(random.randrange(1, 12)))
    return result


def write(name, columns, schema=None, expected=None, **options):
    """Writes a table of `columns`, and as JSON what must be read from it."""
    table = pa.table(columns, schema=schema)
    options = {"compression": "none", "use_dictionary": False, "store_schema": False} | options
    pq.write_table(table, FOLDER / f"{name}.parquet", **options)
    if expected is None:
        expected = columns
    content = {"rows": table.num_rows, "columns": expected}
    (FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n")


# Codecs, with pages of both versions, plain and in dictionaries, in several groups of rows.
for codec in ["none", "snappy", "gzip", "zstd"]:
    for version in ["1.0", "2.0"]:
        for dictionary in [True, False]:
            name = f"{codec}-{'dictionary' if dictionary else 'plain'}-v{version[0]}"
            # Few different texts, or nothing would be gained by a dictionary.
            choices = texts(9)
            write(
                name,
                {
                    "text": [random.choice(choices) for _ in range(60)],
                    "count": [random.choice([None, -1, 0, 7, 2**31 - 1, -(2**31)]) for _ in range(60)],
                },
                schema=pa.schema([("text", pa.string()), ("count", pa.int32())]),
                compression=codec, use_dictionary=dictionary, data_page_version=version, row_group_size=25,
                data_page_size=200, write_batch_size=5,
            )

# What cannot be decompressed here.
for codec in ["brotli", "lz4"]:
    write(f"{codec}", {"text": ["a", "b"]}, compression=codec, expected={"text": {"error": "not supported"}})

# Columns without nulls have no definition levels, columns of nothing but nulls no values.
write(
    "required",
    {"text": texts(30, nulls=False), "none": [None] * 30},
    schema=pa.schema([pa.field("text", pa.string(), nullable=False), ("none", pa.string())]),
    compression="snappy",
)
none = pa.schema([("none", pa.string())])
write("none-v2", {"none": [None] * 30}, schema=none, compression="snappy", data_page_version="2.0")
write("no-rows", {"text": []}, schema=pa.schema([("text", pa.string())]))
write("one-row", {"text": ["only"]})

# Differences: lengths, prefixes, numbers whose differences need every number of bits.
sorted_texts = sorted(texts(300, nulls=False))
wide = [random.randrange(-(2**b), 2**b) for b in range(64) for _ in range(5)] + [2**63 - 1, -(2**63), 0]
for version in ["1.0", "2.0"]:
    write(
        f"deltas-v{version[0]}",
        {
            "length": (sorted_texts * 2)[: len(wide)],
            "prefix": [None if n % 13 == 4 else t for n, t in enumerate((sorted_texts * 2)[: len(wide)])],
            "wide": wide,
            "narrow": [None if n % 5 == 0 else (n * n) % 1000 - 500 for n in range(len(wide))],
            "same": [5] * len(wide),
        },
        schema=pa.schema(
            [
                ("length", pa.string()), ("prefix", pa.string()), ("wide", pa.int64()), ("narrow", pa.int32()),
                ("same", pa.int64()),
            ]
        ),
        column_encoding={
            "length": "DELTA_LENGTH_BYTE_ARRAY", "prefix": "DELTA_BYTE_ARRAY", "wide": "DELTA_BINARY_PACKED",
            "narrow": "DELTA_BINARY_PACKED", "same": "DELTA_BINARY_PACKED",
        },
        data_page_version=version, compression="gzip", data_page_size=2000,
    )

# Structs, with nulls at every depth; their columns are called with dots.
people = []
for number in range(40):
    name = {"text": None if number % 6 == 1 else sentence(3), "n": number}
    inner = None if number % 5 == 2 else {"text": None if number % 4 == 1 else sentence(2), "deep": name}
    people.append(None if number % 9 == 8 else {"inner": inner, "text": sentence(4)})
deep = pa.struct([pa.field("text", pa.string()), pa.field("n", pa.int64(), nullable=False)])
inner = pa.struct([("text", pa.string()), pa.field("deep", deep, nullable=False)])
meta = pa.struct([("inner", inner), ("text", pa.string())])


def dig(value, *keys):
    for key in keys:
        value = None if value is None else value[key]
    return value


write(
    "structs",
    {"text": texts(40), "meta": people},
    schema=pa.schema([("text", pa.string()), ("meta", meta)]),
    expected={
        "text": None,
        "meta.text": [dig(p, "text") for p in people],
        "meta.inner.text": [dig(p, "inner", "text") for p in people],
        "meta.inner.deep.text": [dig(p, "inner", "deep", "text") for p in people],
        "meta.inner.deep.n": [dig(p, "inner", "deep", "n") for p in people],
    },
    compression="snappy", use_dictionary=True, row_group_size=15,
)
content = json.loads((FOLDER / "structs.json").read_text())
content["columns"]["text"] = pq.read_table(FOLDER / "structs.parquet", columns=["text"]).column("text").to_pylist()
(FOLDER / "structs.json").write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n")

# Lists: missing, empty, with missing elements, longer than a page, of structs, in structs; and maps.
tokens = [None if n % 7 == 6 else [random.randrange(50_000) for _ in range(n % 5)] for n in range(30)]
tokens[11] = list(range(700))
names = [None if n % 8 == 5 else [None if (n + k) % 4 == 0 else sentence(2) for k in range(n % 4)] for n in range(30)]
messages = [
    None if n % 9 == 4 else [{"role": "user", "content": sentence(3)} if k % 3 else None for k in range(n % 4)]
    for n in range(30)
]
pairs = [[(f"k{k}", k) for k in range(n % 3)] for n in range(30)]
for version in ["1.0", "2.0"]:
    write(
        f"lists-v{version[0]}",
        {
            "tokens": tokens, "ids": [[2**40, -1]] * 30, "names": names, "messages": messages,
            "meta": [{"tags": n} for n in names], "map": pairs, "lists": [[[1], [2, 3]]] * 30,
        },
        schema=pa.schema(
            [
                ("tokens", pa.list_(pa.int32())),
                pa.field("ids", pa.list_(pa.field("element", pa.int64(), nullable=False)), nullable=False),
                ("names", pa.list_(pa.string())),
                ("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
                ("meta", pa.struct([("tags", pa.list_(pa.string()))])),
                ("map", pa.map_(pa.string(), pa.int64())),
                ("lists", pa.list_(pa.list_(pa.int32()))),
            ]
        ),
        expected={
            "tokens": tokens,
            "ids": [[2**40, -1]] * 30,
            "names": names,
            "messages.content": [None if m is None else [dig(one, "content") for one in m] for m in messages],
            "meta.tags": names,
            "map.key_value.key": [[key for key, _ in p] for p in pairs],
            "map.key_value.value": [[value for _, value in p] for p in pairs],
            "lists": {"error": "lists of lists"},
        },
        data_page_version=version, compression="snappy", data_page_size=512, write_batch_size=8, row_group_size=20,
        use_dictionary=["names.list.element"],
    )

# Long texts: copies from far back, literals of every length of length, more than one block of Zstandard. What must be read is
# written as pieces and how often each is repeated.
noise = "".join(chr(random.choice(range(33, 500))) for _ in range(1500))
start = noise[:60]
long = [
    [[start, 1]], [["x", 100_000]], [[noise, 1], ["y", 70_000], [noise, 1]], [[start + "!", 300]], None, [[noise, 3]],
]
rows = [None if pieces is None else "".join(text * count for text, count in pieces) for pieces in long]
for codec in ["snappy", "gzip", "zstd"]:
    write(f"long-{codec}", {"text": rows}, compression=codec, expected={"text": {"pieces": long}})

# A dictionary that grows too large is given up in the middle of a chunk.
unique = [f"{n:04d} {sentence(2)}" for n in range(200)]
write(
    "fallback", {"text": unique}, use_dictionary=True, dictionary_pagesize_limit=1000, data_page_size=400,
    write_batch_size=10,
)

# Checksums of pages.
for version in ["1.0", "2.0"]:
    write(
        f"checksums-v{version[0]}", {"text": texts(50)}, write_page_checksum=True, data_page_version=version,
        compression="snappy", use_dictionary=True,
    )

# Other types, those that are not read among them.
integers = {
    "u8": [0, 255, None], "u32": [0, 2**32 - 1, None], "u64": [0, 2**63 - 1, None], "i16": [-(2**15), 2**15 - 1, None],
}
write(
    "types",
    integers
    | {
        "f": [0.5, -1.25, None], "d": [0.1, 1e300, None], "bytes": [b"raw", b"", None], "flag": [True, False, None],
        "fixed": [b"abc", b"def", None], "split": [1.5, 2.5, None],
    },
    schema=pa.schema(
        [
            ("u8", pa.uint8()), ("u32", pa.uint32()), ("u64", pa.uint64()), ("i16", pa.int16()), ("f", pa.float32()),
            ("d", pa.float64()), ("bytes", pa.binary()), ("flag", pa.bool_()), ("fixed", pa.binary(3)),
            ("split", pa.float32()),
        ]
    ),
    expected=integers
    | {
        "f": [0.5, -1.25, None], "d": [0.1, 1e300, None], "bytes": ["raw", "", None],
        "flag": {"error": "true or false"}, "fixed": {"error": "3 bytes each"}, "split": {"error": "encoding 9"},
    },
    column_encoding={"split": "BYTE_STREAM_SPLIT"},
)
write(
    "large-unsigned", {"u64": [2**63]}, schema=pa.schema([("u64", pa.uint64())]),
    expected={"u64": {"error": "9223372036854775808"}},
)

# Text files that are compressed: two members of gzip, one with the name that gzip may store; frames of Zstandard with and
# without checksums, sizes and contents, and one to be passed over.
TEXT = FOLDER.parent / "Text"
TEXT.mkdir(exist_ok=True)
lines = [
    json.dumps({"id": n, "text": sentence(9), "meta": {"text": f"inner {n}"}}, ensure_ascii=n % 2 == 0) for n in range(40)
]
text = ("\n".join(lines) + "\n").encode()
(TEXT / "corpus.jsonl").write_bytes(text)
half = text.index(b"\n", len(text) // 2) + 11
members = [gzip.compress(text[:half], mtime=0), gzip.compress(text[half:], mtime=0)]
named = members[0][:3] + b"\x08" + members[0][4:10] + b"part.jsonl\0" + members[0][10:]
(TEXT / "corpus.jsonl.gz").write_bytes(named + members[1])
(TEXT / "zeros.gz").write_bytes(gzip.compress(bytes(8 << 20), mtime=0))
checked = zstandard.ZstdCompressor(level=19, write_checksum=True)
# Pieces that come again at a few distances, which are then written as the last, the second to last or the third to last
# distance; only the checksum says what must come out.
records = bytearray(random.choice(b"abcdefghijklmnopqrstuvwxyz") for _ in range(400))
while len(records) < 40_000:
    distance = random.choice([397, 400, 256, 256])
    records += records[-distance:][: random.randrange(6, 30)]
    records += random.choice([b"", b"X", b"YZ"])
with open(TEXT / "records.zst", "wb") as file:
    for level, part in [(19, records[:25_000]), (5, records[25_000:35_000]), (1, records[35_000:40_000])]:
        file.write(zstandard.ZstdCompressor(level=level, write_checksum=True).compress(bytes(part)))
streamed = zstandard.ZstdCompressor(level=1, write_checksum=True, write_content_size=False).compressobj()
frames = [
    checked.compress(text[:5]), checked.compress(text[5:half]), struct.pack("<II", 0x184D2A53, 5) + b"hello",
    checked.compress(b""), streamed.compress(text[half:-70]) + streamed.flush(),
    pa.compress(text[-70:], codec="zstd", asbytes=True),
]
(TEXT / "corpus.jsonl.zst").write_bytes(b"".join(frames))


# Seeds of the fuzzer: small files, as base64 in a Swift source.
def seed(columns, schema=None, **options):
    sink = pa.BufferOutputStream()
    defaults = {"compression": "none", "use_dictionary": False, "store_schema": False, "write_statistics": False}
    options = defaults | options
    pq.write_table(pa.table(columns, schema=schema), sink, **options)
    return sink.getvalue().to_pybytes()


few = ["bamboo", None, "", "中 😀", "bamboo", "grows fast, bamboo grows"] * 3
nested = pa.schema([("tokens", pa.list_(pa.int32())), ("meta", pa.struct([("text", pa.string())]))])
nested_rows = {
    "tokens": [[1, 2, None], None, [], [70000]] * 3, "meta": [{"text": "a"}, None, {"text": None}, {"text": "bcd"}] * 3,
}
encodings = {"text": "DELTA_BYTE_ARRAY", "length": "DELTA_LENGTH_BYTE_ARRAY", "n": "DELTA_BINARY_PACKED"}
seeds = {
    "plain": seed({"text": few, "n": list(range(18))}, data_page_size=64, row_group_size=10, write_batch_size=4),
    "dictionary": seed({"text": few, "n": [3, 4, None] * 6}, use_dictionary=True, data_page_version="2.0"),
    "deltas": seed({"text": few, "length": few, "n": list(range(18))}, column_encoding=encodings),
    "nested": seed(nested_rows, schema=nested, use_dictionary=["meta.text"]),
    "nestedVersion2": seed(nested_rows, schema=nested, data_page_version="2.0"),
    "snappy": seed({"text": few}, compression="snappy"),
    "gzip": seed({"text": few}, compression="gzip", data_page_version="2.0"),
    "zstandard": seed({"text": few * 9}, compression="zstd"),
}
zstandard_text = "\n".join(lines[:12]).encode()
compressed = {
    "gzipLines": gzip.compress(("\n".join(lines[:4]) + "\n").encode(), mtime=0),
    "zstandardLines": pa.compress(zstandard_text, codec="zstd", asbytes=True),
}
source = [
    "// Made by Scripts/make_parquet_fixtures.py.", "",
    "/// Small sound Parquet files and compressed lines, in base64.", "enum ParquetSeeds {",
]
for name, content in (seeds | compressed).items():
    source.append(f'  static let {name} = """')
    source += ["    " + line + "\\" for line in textwrap.wrap(base64.b64encode(content).decode(), 100)]
    source[-1] = source[-1][:-1]
    source += ['    """']
source.append("}")
SEEDS.write_text("\n".join(source) + "\n")
