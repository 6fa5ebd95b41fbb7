"""Writes a language model of random weights as a GGUF file.

Speed does not depend on what a model has learnt, so a file of the right shape is as good as a real one for measuring,
and it needs no download. The vocabulary is made up too, but it is a valid byte-level BPE: every merge joins two earlier
tokens.
"""

import dataclasses
import pathlib
import random

import gguf
import numpy

NORMAL, CONTROL, UNUSED = 1, 3, 5


@dataclasses.dataclass(frozen=True)
class Shape:
    """The sizes of a llama or qwen2 decoder, named as in Hugging Face's `config.json`."""

    architecture: str
    hidden: int
    layers: int
    heads: int
    key_value_heads: int
    feed_forward: int
    vocabulary: int
    pre_tokenizer: str
    tied: bool = True
    context: int = 32768
    rope_base: float = 1e6
    norm_epsilon: float = 1e-6

    @property
    def head_width(self) -> int:
        return self.hidden // self.heads

    @property
    def key_value_width(self) -> int:
        return self.head_width * self.key_value_heads


QWEN2_HALF_BILLION = Shape("qwen2", 896, 24, 14, 2, 4864, 151936, "qwen2")


def byte_alphabet() -> list[str]:
    """The 256 printable characters that stand for bytes in GPT-2's vocabulary, in order of the byte."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    spare = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(spare)) for byte in range(256)]


def made_up_vocabulary(size: int, seed: int) -> tuple[list[str], list[int], list[str]]:
    """Tokens, their types and the merges: bytes, then joined pairs, then chat's control tokens, then unused rows."""
    control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    unused = min(290, size // 8)
    regular = size - unused - len(control)
    tokens = byte_alphabet()
    known, merges, choose = set(tokens), [], random.Random(seed)
    while len(tokens) < regular:
        # Mostly short left sides, as in a trained vocabulary, so that pieces stay about a word long.
        left, right = (tokens[int(len(tokens) * choose.random() ** 3)] for _ in range(2))
        if len(left + right) <= 16 and left + right not in known:
            known.add(left + right)
            tokens.append(left + right)
            merges.append(f"{left} {right}")
    types = [NORMAL] * regular + [CONTROL] * len(control) + [UNUSED] * unused
    tokens += control + [f"[PAD{regular + len(control) + index}]" for index in range(unused)]
    return tokens, types, merges


def add_metadata(writer: gguf.GGUFWriter, shape: Shape, seed: int) -> None:
    writer.add_name("random")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    tokens, types, merges = made_up_vocabulary(shape.vocabulary, seed)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(shape.pre_tokenizer)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index("<|endoftext|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_pad_token_id(tokens.index("<|endoftext|>"))
    writer.add_add_bos_token(False)


def tensors(shape: Shape, seed: int):
    """Name and values of every tensor: f16 matrices of variance 1 / columns, f32 vectors, as converters write them."""
    generator = numpy.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> numpy.ndarray:
        values = generator.standard_normal((rows, columns), dtype=numpy.float32)
        values *= columns**-0.5
        return values.astype(numpy.float16)

    def vector(count: int, mean: float) -> numpy.ndarray:
        return (mean + 0.1 * generator.standard_normal(count)).astype(numpy.float32)

    yield "token_embd.weight", matrix(shape.vocabulary, shape.hidden)
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", vector(shape.hidden, 1)
        widths = {"q": shape.hidden, "k": shape.key_value_width, "v": shape.key_value_width}
        for name, width in widths.items():
            yield f"{block}attn_{name}.weight", matrix(width, shape.hidden)
            if shape.architecture == "qwen2":
                yield f"{block}attn_{name}.bias", vector(width, 0)
        yield block + "attn_output.weight", matrix(shape.hidden, shape.hidden)
        yield block + "ffn_norm.weight", vector(shape.hidden, 1)
        yield block + "ffn_gate.weight", matrix(shape.feed_forward, shape.hidden)
        yield block + "ffn_up.weight", matrix(shape.feed_forward, shape.hidden)
        yield block + "ffn_down.weight", matrix(shape.hidden, shape.feed_forward)
    yield "output_norm.weight", vector(shape.hidden, 1)
    if not shape.tied:
        yield "output.weight", matrix(shape.vocabulary, shape.hidden)


def write(path: pathlib.Path, shape: Shape, seed: int = 20260101) -> None:
    """Writes the model at `path`; the same shape and seed give the same file."""
    writer = gguf.GGUFWriter(path, shape.architecture)
    add_metadata(writer, shape, seed)
    for name, values in tensors(shape, seed):
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
