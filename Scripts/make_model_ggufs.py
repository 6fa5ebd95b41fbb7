#!/usr/bin/env python3
"""Converts the tiny models of `make_model_fixtures.py` to f32 GGUF files with llama.cpp's own converter.

The converter decides names, metadata, row orders and offsets, so the files are an independent witness for
Moso's GGUF tables. It comes with the source distribution of llama-cpp-python 0.3.36 on PyPI (SHA-256 832db069...1c2e);
unpack it, build nothing, and name the llama.cpp folder inside:

    tar xzf llama_cpp_python-0.3.36.tar.gz
    /tmp/fixtures/bin/python Scripts/make_model_ggufs.py llama_cpp_python-0.3.36/vendor/llama.cpp [MODEL ...]

The converter insists on a tokenizer; each model gets a tiny one that spells its vocabulary out. Models that test
something a GGUF file has no place for are left out (see LEFT_OUT).
"""

import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "Models"

# Families whose converter reads a SentencePiece model; the others read a byte-level BPE `tokenizer.json`.
SENTENCEPIECE = {"llama", "mistral", "mixtral", "gemma", "gemma2", "gemma3_text", "phi3"}

# What the converter would find by hashing the encoding of a test text with the real tokenizer.
PRETOKENIZERS = {"smollm3": "smaug-bpe", "qwen2": "qwen2", "qwen3": "qwen2", "qwen3_moe": "qwen2", "gpt2": "gpt-2"}

LEFT_OUT = {
    "mistral_window": "the converter writes no window for the llama family",
    "qwen2_window": "the converter writes no window for qwen2",
    "gemma2_scalar": "a query scale of its own is told only by the size of the 27B model",
    "qwen3_moe_raw": "GGUF readers take renormalised routing weights for granted",
}


def write_sentencepiece(folder: Path, vocabulary: int, family: str) -> None:
    from sentencepiece import sentencepiece_model_pb2

    is_gemma = family.startswith("gemma")
    model = sentencepiece_model_pb2.ModelProto()
    model.trainer_spec.model_type = 2  # byte-pair encoding
    model.trainer_spec.vocab_size = vocabulary
    model.trainer_spec.unk_id, model.trainer_spec.bos_id, model.trainer_spec.eos_id = (3, 2, 1) if is_gemma else (0, 1, 2)
    model.trainer_spec.pad_id = 0 if is_gemma else -1
    model.normalizer_spec.name = "identity"
    special = [("<pad>", 3), ("<eos>", 3), ("<bos>", 3), ("<unk>", 2)] if is_gemma else [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
    if family == "phi3":  # llama.cpp looks this one up by name
        special.append(("<|endoftext|>", 3))
    for text, kind in special + [(text, 1) for text in ordinary_pieces(vocabulary - len(special), "\u2581")]:
        model.pieces.add(piece=text, score=-float(len(model.pieces)), type=kind)
    (folder / "tokenizer.model").write_bytes(model.SerializeToString())


def write_byte_level(folder: Path, vocabulary: int) -> None:
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    pieces = special + ordinary_pieces(vocabulary - len(special), "\u0120")
    merges = [["t", "h"], ["i", "n"]]
    tokenizer = {
        "version": "1.0",
        "added_tokens": [
            {"id": index, "content": text, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for index, text in enumerate(special)
        ],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "vocab": {text: index for index, text in enumerate(pieces)}, "merges": merges},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    roles = {"bos_token": special[1], "eos_token": special[2], "unk_token": special[0], "pad_token": special[0]}
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"} | roles))


def ordinary_pieces(count: int, space: str) -> list[str]:
    """A space mark, printable characters, two merged pairs, then names made up to fill the vocabulary."""
    printable = [chr(code) for code in range(33, 127) if chr(code) not in '"<>\\']
    pieces = [space, "th", "in"] + sorted(printable, key=lambda letter: (not letter.isalpha(), letter))
    pieces += [f"{space}{letter}" for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGH"]
    return pieces[:count]


def convert(name: str, converter) -> None:
    import torch

    conversion, gguf = converter
    source = FOLDER / name
    configuration = json.loads((source / "config.json").read_text())
    family = configuration["model_type"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / name
        folder.mkdir()
        shutil.copyfile(source / "config.json", folder / "config.json")
        shutil.copyfile(source / "model.safetensors", folder / "model.safetensors")
        if family in SENTENCEPIECE:
            write_sentencepiece(folder, configuration["vocab_size"], family)
        else:
            write_byte_level(folder, configuration["vocab_size"])
            conversion.TextModel.get_vocab_base_pre = lambda _self, _tokenizer: PRETOKENIZERS[family]
        hyperparameters = conversion.ModelBase.load_hparams(folder, False)
        model_class = conversion.get_model_class(configuration["architectures"][0])
        with torch.inference_mode():
            model = model_class(
                folder, gguf.LlamaFileType.ALL_F32, source / "model.gguf", eager=True, hparams=hyperparameters, model_name=name
            )
            model.write()
    print(f"{name:16} {(source / 'model.gguf').stat().st_size / 1024:7.0f} KiB")


def main() -> None:
    if len(sys.argv) < 2 or not (Path(sys.argv[1]) / "conversion").is_dir():
        raise SystemExit(__doc__)
    root = Path(sys.argv[1])
    sys.path[:0] = [str(root), str(root / "gguf-py")]
    logging.basicConfig(level=logging.WARNING)
    import conversion
    import gguf
    from conversion import base

    conversion.TextModel = base.TextModel
    names = sys.argv[2:] or sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
    for name in names:
        if name in LEFT_OUT:
            print(f"{name:16} left out: {LEFT_OUT[name]}")
        else:
            convert(name, (conversion, gguf))


if __name__ == "__main__":
    main()
