#!/usr/bin/env python3
"""Writes Tests/MosoTrainingTests/Fixtures/steps.json: losses, gradients and training curves of small models.

They are computed by PyTorch and the models of Hugging Face transformers, in doubles. Weights and tokens follow from formulas that
the tests repeat, so the file holds results only.

    python3 -m venv venv && venv/bin/pip install torch transformers && venv/bin/python Scripts/make_training_goldens.py
"""

import json
import math
import pathlib

import torch
import transformers

MODELS = {
    "llama": dict(
        model_type="llama", vocab_size=67, hidden_size=48, intermediate_size=80, num_hidden_layers=2,
        num_attention_heads=3, num_key_value_heads=1, max_position_embeddings=128, rms_norm_eps=1e-5,
        tie_word_embeddings=True),
    "gpt2": dict(
        model_type="gpt2", vocab_size=67, n_embd=48, n_inner=96, n_layer=2, n_head=3, n_positions=128,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0),
    "qwen3": dict(
        model_type="qwen3", vocab_size=67, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, head_dim=32, max_position_embeddings=128, rms_norm_eps=1e-6,
        tie_word_embeddings=False),
}
SEQUENCES, LENGTH, STEPS, WARMUP = 4, 40, 50, 5


class Numbers:
    """Repeatable numbers in 0..<1, one stream for each name: a 64-bit linear congruential generator after FNV-1a."""

    def __init__(self, name):
        self.state = 0xCBF29CE484222325
        for byte in name.encode():
            self.state = (self.state ^ byte) * 0x100000001B3 % 2**64

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 40) / 2**24

    def list(self, count):
        return [self.next() for _ in range(count)]


def fill(model):
    """Weights that are exact in floats: matrices within a bound that keeps activations near one, gains around one."""
    for name, parameter in model.named_parameters():
        numbers = torch.tensor(Numbers(name).list(parameter.numel()), dtype=torch.float64).reshape(parameter.shape)
        numbers = numbers - 0.5
        if parameter.dim() == 1:
            numbers = numbers * 0.25 + (1 if name.endswith("weight") else 0)
        else:
            numbers = numbers * 0.25
        parameter.data = numbers


def batch(step, vocabulary):
    """Sequences that count upwards, each in steps of its own: something can be learned."""
    rows = []
    for sequence in range(SEQUENCES):
        start, by = 7 * step + 13 * sequence, 1 + (step + sequence) % 3
        rows.append([(start + by * place) % vocabulary for place in range(LENGTH + 1)])
    return torch.tensor(rows)


def loss_of(model, tokens):
    logits = model(tokens[:, :-1]).logits
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def is_table(name):
    return "embed_tokens" in name or "wte" in name or "wpe" in name


def optimizers(model, method):
    """AdamW, or Muon for the matrices of layers and AdamW for the rest; what is a matrix decays, tables of rows do not."""
    named = list(model.named_parameters())
    matrices = [p for n, p in named if p.dim() == 2 and not is_table(n) and "lm_head" not in n]
    heads = [p for n, p in named if "lm_head" in n]
    rest = [p for n, p in named if p.dim() == 1 or is_table(n)]
    adam = dict(lr=3e-3, betas=(0.9, 0.95), eps=1e-8)
    if method == "adamw":
        return [torch.optim.AdamW([dict(params=matrices + heads, weight_decay=0.1), dict(params=rest, weight_decay=0)], **adam)]
    return [
        torch.optim.Muon(
            matrices, lr=3e-3, weight_decay=0.1, momentum=0.95, nesterov=True, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW([dict(params=heads, weight_decay=0.1), dict(params=rest, weight_decay=0)], **adam),
    ]


def schedule(optimizer):
    rise = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / WARMUP, 1, WARMUP - 1)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS - WARMUP, eta_min=3e-4)
    return torch.optim.lr_scheduler.SequentialLR(optimizer, [rise, fall], [WARMUP])


def curve(configuration, method):
    model = make(configuration)
    steppers = optimizers(model, method)
    schedules = [schedule(optimizer) for optimizer in steppers]
    losses, norms, rates = [], [], []
    for step in range(STEPS):
        loss = loss_of(model, batch(step, 67))
        for optimizer in steppers:
            optimizer.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)))
        rates.append(steppers[-1].param_groups[0]["lr"])
        for optimizer, change in zip(steppers, schedules):
            optimizer.step()
            change.step()
        losses.append(float(loss))
    return dict(losses=losses, norms=norms, rates=rates)


def make(configuration):
    fields = dict(configuration)
    config = transformers.AutoConfig.for_model(fields.pop("model_type"), **fields)
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config).double().eval()
    fill(model)
    return model


def gradients(configuration):
    model = make(configuration)
    loss = loss_of(model, batch(0, 67))
    loss.backward()
    found = {}
    for name, parameter in model.named_parameters():
        direction = torch.tensor(Numbers("direction of " + name).list(parameter.numel()), dtype=torch.float64) - 0.5
        gradient = parameter.grad.flatten()
        found[name] = dict(norm=float(gradient.norm()), along=float(gradient @ direction))
    return dict(loss=float(loss), gradients=found)


def main():
    torch.manual_seed(0)
    result = {"made_with": f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}"}
    for name, configuration in MODELS.items():
        result[name] = gradients(configuration)
        for method in ["adamw", "muon"]:
            result[name][method] = curve(configuration, method)
            assert all(map(math.isfinite, result[name][method]["losses"]))
            print(name, method, result[name][method]["losses"][0], result[name][method]["losses"][-1])
    path = pathlib.Path(__file__).parent.parent / "Tests/MosoTrainingTests/Fixtures/steps.json"
    path.write_text(json.dumps(result, indent=1) + "\n")


main()
