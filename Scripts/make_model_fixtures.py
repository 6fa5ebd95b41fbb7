#!/usr/bin/env python3
"""Makes the tiny random models that the tests compare Moso with.

For every architecture: a `config.json` written the way real repositories write theirs (see
model_fixture_configurations.py), a `model.safetensors` with random f32 weights, and what Hugging Face
transformers computes from these two files. `expected.json` has the token ids and the rotary frequencies,
`expected.safetensors` the logits of every position (`logits.P` of prompt P, [tokens, vocabulary]) and the
residual stream of the first prompt (`hidden.0` is the embedding, `hidden.K` what layer K-1 leaves behind, the
last one after the final norm).

    python3 -m venv /tmp/fixtures && /tmp/fixtures/bin/pip install -r Scripts/model_fixtures_requirements.txt
    /tmp/fixtures/bin/python Scripts/make_model_fixtures.py            # all of them
    /tmp/fixtures/bin/python Scripts/make_model_fixtures.py qwen3 gpt2  # some of them

Every weight is drawn from a generator seeded by the model's and the weight's name, so a second run
writes the same bytes, and adding a model changes no other. Norm gains and biases are random too: a
forgotten bias or a norm without Gemma's "+ 1" moves the logits.
"""

import hashlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
from model_fixture_configurations import CONFIGURATIONS
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

FOLDER = Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "Models"

# The smallest gap that a router may leave between the last expert it takes and the first it leaves:
# rounding must never be able to swap two experts.
SMALLEST_ROUTER_GAP = 2e-3

# Drawn until no two experts come too close to a tie (see SMALLEST_ROUTER_GAP).
SEEDS = {"qwen3_moe": 2, "qwen3_moe_raw": 1}

PROMPT_LENGTHS = {"phi3_longrope": (12, 32)}


def generator(*names: object) -> numpy.random.Generator:
    """Random numbers that depend on `names` alone."""
    digest = hashlib.sha256("/".join(str(name) for name in names).encode()).digest()
    return numpy.random.Generator(numpy.random.Philox(key=int.from_bytes(digest[:16], "little")))


def random_weight(model: str, name: str, shape: torch.Size, centre: float) -> torch.Tensor:
    """A weight large enough to be seen: norms and biases spread by 0.3, matrices by 1/√inputs."""
    if len(shape) == 1:
        spread = 0.3
    elif "embed" in name or "wte" in name or "wpe" in name:
        spread = 0.6
    else:
        # A one-dimensional convolution stores [inputs, outputs], everything else [..., outputs, inputs].
        inputs = shape[0] if ".c_" in name else shape[-1]
        spread = inputs**-0.5 * (1.6 if "gate.weight" in name else 1.0)
    values = generator("weight", model, SEEDS.get(model, 0), name).standard_normal(tuple(shape)) * spread + centre
    return torch.from_numpy(values.astype(numpy.float32))


def prompts(model: str, vocabulary: int) -> list[list[int]]:
    lengths = PROMPT_LENGTHS.get(model, (24, 32))
    return [generator("prompt", model, length).integers(3, vocabulary, length).tolist() for length in lengths]


def write_weights(name: str, folder: Path) -> None:
    config = AutoConfig.from_pretrained(folder)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", dtype=torch.float32).eval()
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            module = model.get_submodule(key.rpartition(".")[0])
            is_norm = "Norm" in type(module).__name__ and key.endswith("weight")
            centre = 1.0 if is_norm and "Gemma" not in type(module).__name__ else 0.0
            parameter.copy_(random_weight(name, key, parameter.shape, centre))
    with tempfile.TemporaryDirectory() as temporary:
        model.save_pretrained(temporary)
        shutil.copyfile(Path(temporary) / "model.safetensors", folder / "model.safetensors")


def rotary_tables(model: torch.nn.Module) -> list[dict]:
    """Radians per position of each pair, and the factor on the rotated values: all layers', then windowed layers' own."""
    rotary = getattr(model.base_model, "rotary_emb", None)
    if rotary is None:
        return []
    if hasattr(rotary, "full_attention_inv_freq"):
        prefixes = ["full_attention_", "sliding_attention_"]
    else:
        prefixes = [""]
    tables = []
    for prefix in prefixes:
        amplitude = getattr(rotary, f"{prefix}attention_scaling")
        table = {"amplitude": amplitude, "frequencies": getattr(rotary, f"{prefix}inv_freq").tolist()}
        if rotary.rope_type == "longrope":
            original = model.config.rope_parameters["original_max_position_embeddings"]
            rotary(torch.zeros(1), torch.tensor([[original]]))
            table["longFrequencies"] = rotary.inv_freq.tolist()
            rotary(torch.zeros(1), torch.tensor([[0]]))
        tables.append(table)
    return tables


def smallest_router_gap(model: torch.nn.Module, router_logits: list[torch.Tensor]) -> float:
    taken = model.config.num_experts_per_tok
    gaps = [row.sort(descending=True).values for logits in router_logits for row in logits]
    return min((row[taken - 1] - row[taken]).item() for row in gaps)


def write_expectations(name: str, folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    if hasattr(model, "set_experts_implementation"):
        model.set_experts_implementation("eager")
    routed: list[torch.Tensor] = []
    for module in model.modules():
        if "Router" in type(module).__name__:
            module.register_forward_hook(lambda _module, _input, output: routed.append(output[0]))

    tensors: dict[str, torch.Tensor] = {}
    entries = []
    rotaries = rotary_tables(model)
    for index, tokens in enumerate(prompts(name, model.config.vocab_size)):
        with torch.no_grad():
            output = model(torch.tensor([tokens]), use_cache=False, output_hidden_states=True)
        tensors[f"logits.{index}"] = output.logits[0].contiguous()
        entries.append({"tokens": tokens, "logits": f"logits.{index}"})
        if index == 0:
            for layer, hidden in enumerate(output.hidden_states):
                tensors[f"hidden.{layer}"] = hidden[0].contiguous()
    if routed:
        gap = smallest_router_gap(model, routed)
        if gap < SMALLEST_ROUTER_GAP:
            raise SystemExit(f"{name}: two experts are only {gap:.1e} apart; change a seed")
    largest = max(float(tensor.abs().max()) for key, tensor in tensors.items() if key.startswith("logits"))
    if not numpy.isfinite(largest):
        raise SystemExit(f"{name}: the logits are not finite")

    save_file(tensors, folder / "expected.safetensors")
    expected = {"transformers": transformers.__version__, "torch": torch.__version__, "rotaries": rotaries, "prompts": entries}
    lines = json.dumps(expected, indent=1)
    (folder / "expected.json").write_text(compact_lists(lines) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{name:16} {size / 1024:7.0f} KiB   largest logit {largest:5.1f}")


def compact_lists(text: str) -> str:
    """Puts every list of plain numbers on one line."""
    return re.sub(r"\[[-+.e\d\s,]+\]", lambda match: "[" + " ".join(match[0][1:-1].split()) + "]", text)


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    names = sys.argv[1:] or list(CONFIGURATIONS)
    for name in names:
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        configuration = CONFIGURATIONS[name] | {"torch_dtype": "float32"}
        (folder / "config.json").write_text(json.dumps(configuration, indent=2) + "\n")
        write_weights(name, folder)
        write_expectations(name, folder)


if __name__ == "__main__":
    main()
