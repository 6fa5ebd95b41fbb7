"""Times training steps of a model shaped like Llama or GPT-2 in PyTorch, as one would write it there.

    python torch_step.py CONFIG LENGTH SEQUENCES STEPS f32|bf16 THREADS
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return F.rms_norm(x, (x.size(-1),), self.weight, self.epsilon)


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, hidden = c["hidden_size"], c["intermediate_size"]
        self.heads, self.key_heads = c["num_attention_heads"], c.get("num_key_value_heads", c["num_attention_heads"])
        self.size = width // self.heads
        self.attention_norm, self.feed_forward_norm = Norm(width, 1e-5), Norm(width, 1e-5)
        self.query = nn.Linear(width, self.heads * self.size, bias=False)
        self.key = nn.Linear(width, self.key_heads * self.size, bias=False)
        self.value = nn.Linear(width, self.key_heads * self.size, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def rotate(self, x, cosines, sines):
        a, b = x.chunk(2, dim=-1)
        return torch.cat((a * cosines - b * sines, b * cosines + a * sines), dim=-1)

    def forward(self, x, cosines, sines):
        batch, length, width = x.shape
        y = self.attention_norm(x)
        query = self.query(y).view(batch, length, self.heads, self.size).transpose(1, 2)
        key = self.key(y).view(batch, length, self.key_heads, self.size).transpose(1, 2)
        value = self.value(y).view(batch, length, self.key_heads, self.size).transpose(1, 2)
        query, key = self.rotate(query, cosines, sines), self.rotate(key, cosines, sines)
        y = F.scaled_dot_product_attention(
            query, key, value.to(query.dtype), is_causal=True, enable_gqa=self.heads != self.key_heads)
        x = x + self.output(y.transpose(1, 2).reshape(batch, length, width))
        y = self.feed_forward_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class GPT2Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, hidden = c["n_embd"], c["n_inner"]
        self.heads = c["n_head"]
        self.attention_norm, self.feed_forward_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.projections, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        batch, length, width = x.shape
        query, key, value = (
            y.view(batch, length, self.heads, -1).transpose(1, 2)
            for y in self.projections(self.attention_norm(x)).split(width, dim=2))
        y = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.feed_forward_norm(x)), approximate="tanh"))


class GPT2(nn.Module):
    def __init__(self, c, length):
        super().__init__()
        self.embedding = nn.Embedding(c["vocab_size"], c["n_embd"])
        self.positions = nn.Embedding(c["n_positions"], c["n_embd"])
        self.layers = nn.ModuleList(GPT2Layer(c) for _ in range(c["n_layer"]))
        self.norm = nn.LayerNorm(c["n_embd"])
        self.head = nn.Linear(c["n_embd"], c["vocab_size"], bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, tokens, targets):
        x = self.embedding(tokens) + self.positions.weight[: tokens.size(1)]
        for layer in self.layers:
            x = layer(x)
        return F.cross_entropy(self.head(self.norm(x)).flatten(0, 1).float(), targets.flatten())


class Llama(nn.Module):
    def __init__(self, c, length):
        super().__init__()
        self.embedding = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = Norm(c["hidden_size"], 1e-5)
        self.head = nn.Linear(c["hidden_size"], c["vocab_size"], bias=False)
        if c.get("tie_word_embeddings"):
            self.head.weight = self.embedding.weight
        size = c["hidden_size"] // c["num_attention_heads"]
        angles = torch.outer(torch.arange(length).float(), 10000.0 ** (-torch.arange(0, size, 2).float() / size))
        self.register_buffer("cosines", angles.cos())
        self.register_buffer("sines", angles.sin())

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, self.cosines, self.sines)
        return F.cross_entropy(self.head(self.norm(x)).flatten(0, 1).float(), targets.flatten())


def main():
    configuration, length, count, steps = json.loads(sys.argv[1]), *map(int, sys.argv[2:5])
    mixed = sys.argv[5] == "bf16"
    torch.set_num_threads(int(sys.argv[6]))
    torch.manual_seed(1)
    model = (GPT2 if configuration["model_type"] == "gpt2" else Llama)(configuration, length)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.02)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    tokens = torch.randint(configuration["vocab_size"], (count, length + 1))
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mixed):
            loss = model(tokens[:, :-1], tokens[:, 1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        times.append(time.perf_counter() - start)
    times = sorted(times[1:])
    print(json.dumps({
        "parameters": sum(p.numel() for p in model.parameters()), "loss": loss.item(),
        "median_s": times[len(times) // 2],
    }))


main()
