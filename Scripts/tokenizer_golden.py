#!/usr/bin/env python3
"""Compares the tokenizers of this package with Hugging Face `tokenizers` and with SentencePiece, token for token.

    pip install tokenizers sentencepiece gguf
    swift build -c release --product TokenizerTool
    python3 Scripts/tokenizer_golden.py compare --tool .build/release/TokenizerTool --size 5e6
    python3 Scripts/tokenizer_golden.py fixtures     # makes Tests/MosoTokenizersTests/Fixtures
    python3 Scripts/tokenizer_golden.py training     # makes trained.json there

One vocabulary serves all byte-level pre-tokenizers. It is trained without any pre-tokenizer, so that its merges reach across
every place where a text could be cut: a cut in the wrong place changes the tokens.
"""

import argparse
import collections
import io
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tokenizer_texts import every_character, texts

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/MosoTokenizersTests/Fixtures")

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SPACES
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SPACES
QWEN35 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + SPACES
GPT4 = (r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
FRONT = r"[^\r\n\p{L}\p{N}]?"


def cased(suffix, numbers):
    return (f"{FRONT}{UPPER}*{LOWER}+{suffix}|{FRONT}{UPPER}+{LOWER}*{suffix}|{numbers}"
            r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SPACES)


DEEPSEEK3 = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
             r"""| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""")


def byte_level(use_regex, prefix=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": use_regex}


def split(expression, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": {"Regex": expression}, "behavior": behavior, "invert": invert}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": list(steps)}


NFC = {"type": "NFC"}

# What published tokenizer.json files of each family say: the parts that decide where text is cut.
BYTE_LEVEL = {
    "gpt-2": {"pre_tokenizer": byte_level(True)},
    "gpt-2-prefix": {"pre_tokenizer": byte_level(True, prefix=True)},
    "llama-bpe": {"pre_tokenizer": sequence(split(LLAMA3), byte_level(False)), "ignore_merges": True},
    "llama-removed": {"pre_tokenizer": sequence(split(LLAMA3, "Removed", True), byte_level(False))},
    "gpt-4": {"pre_tokenizer": sequence(split(GPT4), byte_level(False))},
    "qwen2": {"pre_tokenizer": sequence(split(QWEN2), byte_level(False)), "normalizer": NFC},
    "qwen35": {"pre_tokenizer": sequence(split(QWEN35), byte_level(False)), "normalizer": NFC},
    "deepseek-r1-qwen": {"pre_tokenizer": sequence(split(QWEN2), byte_level(False))},
    "smollm": {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": True}, byte_level(True))},
    "digit-runs": {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": False}, byte_level(True))},
    "deepseek-v3": {"pre_tokenizer": sequence(split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK3),
                                              byte_level(False))},
    "gpt-4o": {"pre_tokenizer": sequence(split(cased(CONTRACTIONS + "?", r"\p{N}{1,3}")), byte_level(False))},
    "tekken": {"pre_tokenizer": sequence(split(cased("", r"\p{N}")), byte_level(False)), "ignore_merges": True},
}

# The names that GGUF files have for them.
GGUF_NAMES = ["gpt-2", "llama-bpe", "qwen2", "qwen35", "deepseek-r1-qwen", "smollm", "deepseek-v3", "gpt-4o", "tekken"]

ADDED = [
    {"content": "<|im_start|>", "special": True}, {"content": "<|im_end|>", "special": True, "rstrip": True},
    {"content": "<mask>", "special": True, "lstrip": True}, {"content": "<both>", "special": True, "lstrip": True, "rstrip": True},
    {"content": "word", "special": False, "single_word": True}, {"content": "wordy", "special": False},
    {"content": "<|im", "special": True}, {"content": "  ", "special": False}, {"content": "naïve", "special": False, "normalized": True},
    {"content": "caf\u0065\u0301", "special": False, "normalized": True}, {"content": "\n\n\n", "special": False},
]


# ---------------------------------------------------------------------------------------------------------- vocabularies


def byte_level_model(size=1600):
    """Byte-level merges trained on mixed text that is cut only at every 40th character."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    lines = [t.decode("utf-8", "replace") for t in texts(1_000_000, seed=5)]
    tokenizer.train_from_iterator([line[i:i + 40] for line in lines for i in range(0, len(line), 40)], trainer)
    return json.loads(tokenizer.to_str())["model"]


def assemble(model, parts, added=()):
    """The tokenizer.json of a model and what stands around it, as Hugging Face writes it."""
    from tokenizers import AddedToken, Tokenizer

    document = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": parts.get("normalizer"), "pre_tokenizer": parts["pre_tokenizer"], "post_processor": None,
        "decoder": parts.get("decoder", byte_level(True)),
        "model": dict(model, ignore_merges=parts.get("ignore_merges", False)),
    }
    if not added:
        return document
    tokenizer = Tokenizer.from_str(json.dumps(document))
    for token in added:
        token = {"normalized": False, "special": False, **token}
        one = AddedToken(**token)
        tokenizer.add_special_tokens([one]) if token["special"] else tokenizer.add_tokens([one])
    return json.loads(tokenizer.to_str())


def train_sentencepiece(prefix=True):
    """A SentencePiece BPE model with byte fallback; returns its serialised form."""
    import sentencepiece

    lines = [line.replace("\x00", "") for t in texts(1_000_000, seed=6)
             for line in t.decode("utf-8", "ignore").splitlines() if line.strip()]
    # Only the commonest characters get a piece: the others show what happens to those that have none.
    common = {c for c, _ in collections.Counter("".join(lines)).most_common(250)}
    lines = ["".join(c for c in line if c in common) for line in lines]
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, vocab_size=1500, model_type="bpe", byte_fallback=True,
        character_coverage=1.0, normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=prefix, split_digits=True, allow_whitespace_only_pieces=True, minloglevel=2, num_threads=1,
        max_sentence_length=100000, user_defined_symbols=["<table>", "\t\t"])
    return out.getvalue()


def pieces_of(serialised):
    import sentencepiece

    sp = sentencepiece.SentencePieceProcessor(model_proto=serialised)
    pieces = []
    for i in range(sp.vocab_size()):
        kind = 2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 6 if sp.is_byte(i) else 5 if sp.is_unused(i) else 1
        if sp.id_to_piece(i) in ("<table>", "\t\t"):
            kind = 4
        pieces.append((sp.id_to_piece(i), sp.get_score(i), kind))
    return sp, pieces


def sentencepiece_json(pieces, metaspace):
    """The tokenizer.json that Hugging Face's converter makes of such a model: every way to merge into a piece, by score."""
    vocab = {piece: i for i, (piece, _, _) in enumerate(pieces)}
    merges = []
    for piece, score, kind in pieces:
        if kind in (2, 3, 6):
            continue
        local = [(piece[:i], piece[i:], score) for i in range(1, len(piece)) if piece[:i] in vocab and piece[i:] in vocab]
        merges += sorted(local, key=lambda m: (vocab[m[0]], vocab[m[1]]))
    merges.sort(key=lambda m: (m[2], len(m[0]), len(m[1])), reverse=True)
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    decoder = {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    parts = {
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, replace]},
        "pre_tokenizer": None, "decoder": decoder,
    }
    if metaspace:
        parts["normalizer"] = None
        parts["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": metaspace, "split": metaspace != "first"}
        parts["decoder"] = dict(parts["pre_tokenizer"])
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
             "fuse_unk": True, "byte_fallback": True, "ignore_merges": False, "vocab": vocab,
             "merges": [f"{a} {b}" if " " not in a + b else [a, b] for a, b, _ in merges]}
    result = assemble(model, parts)
    result["added_tokens"] = [
        {"id": i, "content": piece, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": kind in (2, 3)} for i, (piece, _, kind) in enumerate(pieces) if kind in (2, 3, 4)]
    return result


def write_gguf(path, kind, tokens, types, scores=None, merges=None, pre=None):
    import gguf

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model(kind)
    if pre:
        writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    if scores is not None:
        writer.add_token_scores(scores)
    if merges is not None:
        writer.add_token_merges(merges)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


# ------------------------------------------------------------------------------------------------------------- comparing


class Comparison:
    def __init__(self, tool, folder, items):
        self.tool, self.folder, self.failures = tool, folder, 0
        self.items = items
        self.strings = [item.decode("utf-8", "replace") for item in items]
        self.input = os.path.join(folder, "texts.bin")
        with open(self.input, "wb") as file:
            for item in items:
                file.write(struct.pack("<I", len(item)) + item)

    def run(self, command, model, argument):
        output = os.path.join(self.folder, "output.bin")
        subprocess.run([self.tool, command, model, argument, output], check=True)
        with open(output, "rb") as file:
            return file.read()

    def ids(self, model, trusted=False):
        data = self.run("trusted-ids" if trusted else "ids", model, self.input)
        result, offset = [], 0
        while offset < len(data):
            (count,) = struct.unpack_from("<i", data, offset)
            result.append(list(struct.unpack_from(f"<{count}i", data, offset + 4)))
            offset += 4 + 4 * count
        return result

    def decoded(self, model, ids):
        path = os.path.join(self.folder, "ids.bin")
        with open(path, "wb") as file:
            for one in ids:
                file.write(struct.pack(f"<{len(one) + 1}i", len(one), *one))
        data = self.run("decode", model, path)
        result, offset = [], 0
        while offset < len(data):
            (count,) = struct.unpack_from("<i", data, offset)
            result.append(data[offset + 4:offset + 4 + count].decode())
            offset += 4 + count
        return result

    def report(self, name, ours, theirs, spell=str):
        different = [i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b]
        if len(ours) != len(theirs):
            different.append(len(theirs))
        tokens = sum(len(one) for one in theirs)
        print(f"{name:34} {len(theirs)} texts, {tokens} tokens, {len(different)} different", flush=True)
        self.failures += len(different)
        for i in different[:3]:
            a, b = ours[i], theirs[i]
            k = next((k for k in range(min(len(a), len(b))) if a[k] != b[k]), min(len(a), len(b)))
            print("   text", repr(self.strings[i][:90]), "differs at", k)
            print("   ours  ", [spell(t) for t in a[max(0, k - 3):k + 5]])
            print("   theirs", [spell(t) for t in b[max(0, k - 3):k + 5]])


def hf(tokenizer, strings):
    return [e.ids for e in tokenizer.encode_batch(strings, add_special_tokens=False)]


def compare(arguments):
    from tokenizers import Tokenizer

    items = list(every_character()) + list(texts(int(float(arguments.size))))
    print(f"{len(items)} texts, {sum(map(len, items))} bytes")
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(arguments.tool, folder, items)
        model = byte_level_model(arguments.vocabulary)
        path = os.path.join(folder, "tokenizer.json")
        names = [n for n in BYTE_LEVEL if not arguments.only or n in arguments.only]
        for name in names:
            document = assemble(model, BYTE_LEVEL[name])
            with open(path, "w") as file:
                json.dump(document, file)
            reference = Tokenizer.from_str(json.dumps(document))
            theirs = hf(reference, comparison.strings)
            comparison.report(f"{name} (tokenizer.json)", comparison.ids(path), theirs, reference.id_to_token)
            if name in GGUF_NAMES:
                file = os.path.join(folder, "model.gguf")
                tokens = sorted(model["vocab"], key=model["vocab"].get)
                write_gguf(file, "gpt2", tokens, [1] * len(tokens), pre=name,
                           merges=[m if isinstance(m, str) else " ".join(m) for m in model["merges"]])
                comparison.report(f"{name} (GGUF)", comparison.ids(file), theirs, reference.id_to_token)
            if name in ("smollm", "qwen2"):
                if name == "smollm":
                    comparison.report("decoded", comparison.decoded(path, theirs), comparison.strings, str)
                document = assemble(model, BYTE_LEVEL[name], ADDED)
                with open(path, "w") as file:
                    json.dump(document, file)
                reference = Tokenizer.from_str(json.dumps(document))
                with_added = hf(reference, comparison.strings)
                comparison.report(f"{name} with added tokens", comparison.ids(path, trusted=True), with_added, reference.id_to_token)
        if not arguments.only or "sentencepiece" in arguments.only:
            compare_sentencepiece(comparison, folder)
        if arguments.gguf:
            compare_gguf(comparison, arguments.gguf)
    sys.exit(1 if comparison.failures else 0)


def compare_sentencepiece(comparison, folder):
    from tokenizers import Tokenizer

    sp, pieces = pieces_of(train_sentencepiece())
    tokens, scores, types = zip(*pieces)
    file = os.path.join(folder, "model.gguf")
    write_gguf(file, "llama", list(tokens), list(types), scores=list(scores))
    theirs = [sp.encode(s) if s else [] for s in comparison.strings]
    comparison.report("SentencePiece (GGUF)", comparison.ids(file), theirs, sp.id_to_piece)
    path = os.path.join(folder, "tokenizer.json")
    for metaspace in (None, "always", "first", "never"):
        document = sentencepiece_json(pieces, metaspace)
        with open(path, "w") as file:
            json.dump(document, file)
        reference = Tokenizer.from_str(json.dumps(document))
        theirs = hf(reference, comparison.strings)
        comparison.report(f"SentencePiece (json, {metaspace or 'Prepend'})", comparison.ids(path, trusted=True), theirs, reference.id_to_token)


def compare_gguf(comparison, path):
    """A real byte-level model with SmolLM's way of cutting, against a tokenizer made of its own vocabulary and merges."""
    from gguf import GGUFReader
    from tokenizers import Tokenizer, models

    fields = GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    name = fields["tokenizer.ggml.pre"].contents()
    inner = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    document = json.loads(inner.to_str())
    document["pre_tokenizer"] = BYTE_LEVEL[name]["pre_tokenizer"]
    document["normalizer"] = BYTE_LEVEL[name].get("normalizer")
    reference = Tokenizer.from_str(json.dumps(document))
    comparison.report(os.path.basename(path), comparison.ids(path), hf(reference, comparison.strings), reference.id_to_token)


# -------------------------------------------------------------------------------------------------------------- fixtures


def fingerprint(ids):
    """FNV-1a over the little-endian bytes of the ids, 32 bits."""
    value = 0x811C9DC5
    for byte in struct.pack(f"<{len(ids)}i", *ids):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def fixtures(_):
    from tokenizers import Tokenizer

    os.makedirs(FIXTURES, exist_ok=True)
    items = list(every_character())[:1100:20] + list(texts(120_000))
    strings = [item.decode("utf-8", "replace") for item in items]
    with open(os.path.join(FIXTURES, "texts.bin"), "wb") as file:
        for item in items:
            file.write(struct.pack("<I", len(item)) + item)
    model = byte_level_model(1200)
    sp, pieces = pieces_of(train_sentencepiece())
    with_added = {name: assemble(model, BYTE_LEVEL[name], ADDED) for name in ("smollm", "qwen2")}
    document = {"model": model, "pipelines": BYTE_LEVEL, "added": with_added["smollm"]["added_tokens"],
                "sentencepiece": [[p, s, k] for p, s, k in pieces]}
    with open(os.path.join(FIXTURES, "vocabularies.json"), "w") as file:
        json.dump(document, file, ensure_ascii=True, separators=(",", ":"))
    golden = {}
    for name, parts in BYTE_LEVEL.items():
        golden[name] = hf(Tokenizer.from_str(json.dumps(assemble(model, parts))), strings)
    for name, document in with_added.items():
        golden[name + "+added"] = hf(Tokenizer.from_str(json.dumps(document)), strings)
    golden["sentencepiece"] = [sp.encode(s) if s else [] for s in strings]
    with open(os.path.join(FIXTURES, "golden.json"), "w") as file:
        json.dump({name: [fingerprint(ids) for ids in lists] for name, lists in golden.items()}, file, separators=(",", ":"))


def training(_):
    """What Hugging Face's trainer learns from the texts of the fixtures, for each way of cutting."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    strings = []
    with open(os.path.join(FIXTURES, "texts.bin"), "rb") as file:
        while head := file.read(4):
            strings.append(file.read(struct.unpack("<I", head)[0]).decode("utf-8", "replace"))
    names = {"gpt2": "gpt-2", "llama3": "llama-bpe", "qwen2": "qwen2", "qwen35": "qwen35", "smollm": "smollm",
             "deepseek-v3": "deepseek-v3", "gpt4o": "gpt-4o", "tekken": "tekken"}
    trained = {}
    for name, pipeline in names.items():
        parts = BYTE_LEVEL[pipeline]
        document = json.loads(Tokenizer(models.BPE()).to_str())
        document.update({"pre_tokenizer": parts["pre_tokenizer"], "normalizer": parts.get("normalizer")})
        tokenizer = Tokenizer.from_str(json.dumps(document))
        trainer = trainers.BpeTrainer(
            vocab_size=1200, min_frequency=2, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
            special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
        tokenizer.train_from_iterator(strings, trainer)
        model = json.loads(tokenizer.to_str())["model"]
        ids = [model["vocab"][piece] for merge in model["merges"] for piece in merge]
        trained[name] = {"size": len(model["vocab"]), "merges": fingerprint(ids), "first": model["merges"][:8]}
    with open(os.path.join(FIXTURES, "trained.json"), "w") as file:
        json.dump(trained, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("compare")
    command.add_argument("--tool", default=".build/release/TokenizerTool")
    command.add_argument("--size", default="5e6", help="bytes of text")
    command.add_argument("--vocabulary", type=int, default=4000, help="tokens of the byte-level vocabulary")
    command.add_argument("--gguf", help="a real model to compare too")
    command.add_argument("--only", nargs="*", help="names of pre-tokenizers, or sentencepiece")
    command.set_defaults(run=compare)
    command = commands.add_parser("fixtures")
    command.set_defaults(run=fixtures)
    command = commands.add_parser("training")
    command.set_defaults(run=training)
    arguments = parser.parse_args()
    arguments.run(arguments)
