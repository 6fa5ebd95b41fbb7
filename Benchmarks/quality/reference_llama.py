"""A llama decoder in f32 NumPy that reads a GGUF file and multiplies every quantised weight out first.

It shares no code with Moso or llama.cpp: the arithmetic is the textbook's, and the `gguf` package undoes the
quantisation.
"""

import pathlib

import gguf
import numpy


class Llama:
    """Weights by GGUF tensor name, all f32, and the sizes from the file's metadata."""

    def __init__(self, path: pathlib.Path):
        reader = gguf.GGUFReader(path)

        def number(key: str):
            return reader.fields["llama." + key].contents()

        architecture = reader.fields["general.architecture"].contents()
        if architecture != "llama":
            raise SystemExit(f"{path.name} is a {architecture} model; the reference computes llama only.")
        self.layers = number("block_count")
        self.heads = number("attention.head_count")
        self.key_value_heads = number("attention.head_count_kv")
        self.epsilon = number("attention.layer_norm_rms_epsilon")
        self.rope_base = number("rope.freq_base")
        self.weights = {
            tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
            for tensor in reader.tensors
        }
        self.output = self.weights.get("output.weight", self.weights["token_embd.weight"])

    def logits(self, tokens: list[int]) -> numpy.ndarray:
        """Logits after every token of one sequence: (positions, vocabulary)."""
        state = self.weights["token_embd.weight"][tokens]
        for layer in range(self.layers):
            weight = {name: self.weights[f"blk.{layer}.{name}.weight"] for name in LAYER}
            state = state + self.attention(self.norm(state, weight["attn_norm"]), weight)
            hidden = self.norm(state, weight["ffn_norm"])
            gate = hidden @ weight["ffn_gate"].T
            state = state + (gate / (1 + numpy.exp(-gate)) * (hidden @ weight["ffn_up"].T)) @ weight["ffn_down"].T
        return self.norm(state, self.weights["output_norm.weight"]) @ self.output.T

    def norm(self, values: numpy.ndarray, weight: numpy.ndarray) -> numpy.ndarray:
        return values / numpy.sqrt(numpy.mean(values**2, axis=-1, keepdims=True) + self.epsilon) * weight

    def attention(self, hidden: numpy.ndarray, weight: dict[str, numpy.ndarray]) -> numpy.ndarray:
        count = len(hidden)

        def split(name: str, heads: int) -> numpy.ndarray:  # (heads, positions, head width)
            return (hidden @ weight[name].T).reshape(count, heads, -1).swapaxes(0, 1)

        query = self.rotate(split("attn_q", self.heads))
        key = self.rotate(split("attn_k", self.key_value_heads))
        value = split("attn_v", self.key_value_heads)
        shared = self.heads // self.key_value_heads
        key, value = (numpy.repeat(each, shared, axis=0) for each in (key, value))
        scores = query @ key.swapaxes(1, 2) / numpy.float32(query.shape[-1] ** 0.5)
        scores[:, numpy.triu(numpy.ones((count, count), bool), 1)] = -numpy.inf
        scores = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return mixed.swapaxes(0, 1).reshape(count, -1) @ weight["attn_output"].T

    def rotate(self, values: numpy.ndarray) -> numpy.ndarray:
        """Rotary positions over neighbouring pairs, the order in which GGUF stores llama's query and key rows."""
        _, count, width = values.shape
        angle = numpy.arange(count)[:, None] * self.rope_base ** (-numpy.arange(0, width, 2) / width)
        cosine, sine = numpy.cos(angle).astype(numpy.float32), numpy.sin(angle).astype(numpy.float32)
        even, odd = values[..., 0::2], values[..., 1::2]
        turned = numpy.empty_like(values)
        turned[..., 0::2] = even * cosine - odd * sine
        turned[..., 1::2] = even * sine + odd * cosine
        return turned


LAYER = "attn_norm attn_q attn_k attn_v attn_output ffn_norm ffn_gate ffn_up ffn_down".split()
