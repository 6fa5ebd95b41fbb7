#!/usr/bin/env python3
"""Makes the tiny random models that the tests compare Moso with.

For every architecture: a `config.json` written the way real repositories write theirs, a
`model.safetensors` with random f32 weights, and what Hugging Face transformers computes from these
two files: token ids and rotary frequencies in `expected.json`, and in `expected.safetensors` the logits of every position
(`logits.P` of prompt P, [tokens, vocabulary]) and the residual stream of the first prompt
(`hidden.0` is the embedding, `hidden.K` what layer K-1 leaves behind, the last one after the final norm).

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
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

FOLDER = Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "Models"

# The smallest gap that a router may leave between the last expert it takes and the first it leaves:
# rounding must never be able to swap two experts.
SMALLEST_ROUTER_GAP = 2e-3

LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_act": "silu",
    "vocab_size": 96,
    "bos_token_id": 1,
    "eos_token_id": 2,
}

MISTRAL = {
    "architectures": ["MistralForCausalLM"],
    "model_type": "mistral",
    "hidden_act": "silu",
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-5,
    "bos_token_id": 1,
    "eos_token_id": 2,
}

QWEN = {
    "hidden_act": "silu",
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-6,
    "bos_token_id": 1,
    "eos_token_id": 2,
}

PHI3 = {
    "architectures": ["Phi3ForCausalLM"],
    "model_type": "phi3",
    "hidden_act": "silu",
    "vocab_size": 96,
    "hidden_size": 48,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "num_key_value_heads": 1,
    "rms_norm_eps": 1e-5,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
    "attention_bias": False,
}

GEMMA = {
    "vocab_size": 128,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_attention_heads": 4,
    "head_dim": 16,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-6,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "bos_token_id": 2,
    "attention_bias": False,
}

# Each entry is the whole `config.json`, except for the shared parts above.
CONFIGURATIONS = {
    # Llama 2: one key/value head per head, its own output matrix, no `rope_theta` at all.
    "llama2": LLAMA
    | {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "max_position_embeddings": 256,
        "rms_norm_eps": 1e-5,
        "pretraining_tp": 1,
        "rope_scaling": None,
        "tie_word_embeddings": False,
    },
    # Llama 3.2: scaled rotary frequencies (all three bands occur), tied output, heads wider than hidden/heads.
    "llama3": LLAMA
    | {
        "hidden_size": 48,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "rope_theta": 500000.0,
        "rope_scaling": {
            "factor": 32.0,
            "high_freq_factor": 4.0,
            "low_freq_factor": 1.0,
            "original_max_position_embeddings": 64,
            "rope_type": "llama3",
        },
        "tie_word_embeddings": True,
        "attention_bias": False,
        "mlp_bias": False,
    },
    # Linear rotary scaling in its oldest spelling, with every bias that the Llama code knows.
    "llama_linear": LLAMA
    | {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "rope_scaling": {"type": "linear", "factor": 4.0},
        "attention_bias": True,
        "mlp_bias": True,
        "tie_word_embeddings": False,
    },
    "smollm2": LLAMA
    | {
        "hidden_size": 48,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "rope_theta": 100000,
        "rope_interleaved": False,
        "tie_word_embeddings": True,
        "pad_token_id": 2,
    },
    "tinyllama": LLAMA
    | {
        "hidden_size": 48,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 6,
        "num_key_value_heads": 1,
        "max_position_embeddings": 256,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False,
    },
    # Mistral 0.3 and later (no window) and 0.1 (a window, here much shorter than the prompts).
    "mistral": MISTRAL | {"rope_theta": 1000000.0, "sliding_window": None, "head_dim": 16, "tie_word_embeddings": False},
    "mistral_window": MISTRAL | {"rope_theta": 10000.0, "sliding_window": 8, "tie_word_embeddings": False},
    # Every fourth layer has no positions.
    "smollm3": {
        "architectures": ["SmolLM3ForCausalLM"],
        "model_type": "smollm3",
        "hidden_act": "silu",
        "vocab_size": 96,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 5,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "rms_norm_eps": 1e-6,
        "rope_theta": 5000000.0,
        "rope_scaling": None,
        "no_rope_layer_interval": 4,
        "no_rope_layers": [1, 1, 1, 0, 1],
        "layer_types": ["full_attention"] * 5,
        "use_sliding_window": False,
        "sliding_window": None,
        "attention_bias": False,
        "mlp_bias": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 2,
    },
    # The window is written down but switched off, as in the real files.
    "qwen2": QWEN
    | {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "rope_theta": 1000000.0,
        "sliding_window": 8,
        "max_window_layers": 1,
        "use_sliding_window": False,
        "tie_word_embeddings": True,
    },
    "qwen2_window": QWEN
    | {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "num_hidden_layers": 3,
        "rope_theta": 1000000.0,
        "sliding_window": 8,
        "max_window_layers": 1,
        "use_sliding_window": True,
        "tie_word_embeddings": False,
    },
    "qwen3": QWEN
    | {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "head_dim": 16,
        "rope_theta": 1000000,
        "rope_scaling": None,
        "sliding_window": None,
        "max_window_layers": 2,
        "use_sliding_window": False,
        "attention_bias": False,
        "tie_word_embeddings": False,
    },
    "qwen3_yarn": QWEN
    | {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "head_dim": 16,
        "rope_theta": 10000,
        "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64},
        "use_sliding_window": False,
        "tie_word_embeddings": True,
    },
    "gemma": GEMMA
    | {
        "architectures": ["GemmaForCausalLM"],
        "model_type": "gemma",
        "hidden_act": "gelu",
        "hidden_activation": None,
        "num_hidden_layers": 2,
        "num_key_value_heads": 1,
        "rope_theta": 10000.0,
    },
    # Soft caps low enough, and a window short enough, to be felt.
    "gemma2": GEMMA
    | {
        "architectures": ["Gemma2ForCausalLM"],
        "model_type": "gemma2",
        "hidden_act": "gelu_pytorch_tanh",
        "hidden_activation": "gelu_pytorch_tanh",
        "num_hidden_layers": 4,
        "num_key_value_heads": 2,
        "rope_theta": 10000.0,
        "query_pre_attn_scalar": 16,
        "sliding_window": 8,
        "attn_logit_softcapping": 4.0,
        "final_logit_softcapping": 6.0,
        "cache_implementation": "hybrid",
    },
    # The 27B models scale queries by hidden/heads and not by the width of a head.
    "gemma2_scalar": GEMMA
    | {
        "architectures": ["Gemma2ForCausalLM"],
        "model_type": "gemma2",
        "hidden_activation": "gelu_pytorch_tanh",
        "num_hidden_layers": 2,
        "num_key_value_heads": 2,
        "rope_theta": 10000.0,
        "query_pre_attn_scalar": 8,
        "sliding_window": 8,
    },
    # Seven layers: five local, one global (with scaled frequencies of its own base), and a local one again.
    "gemma3": GEMMA
    | {
        "architectures": ["Gemma3ForCausalLM"],
        "model_type": "gemma3_text",
        "hidden_activation": "gelu_pytorch_tanh",
        "num_hidden_layers": 7,
        "num_key_value_heads": 1,
        "rope_theta": 1000000.0,
        "rope_local_base_freq": 10000.0,
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
        "query_pre_attn_scalar": 16,
        "sliding_window": 8,
        "sliding_window_pattern": 6,
        "attn_logit_softcapping": None,
        "final_logit_softcapping": None,
    },
    # Phi-3-mini-4k: one matrix for queries, keys and values, one for gate and up, and a window.
    "phi3": PHI3
    | {
        "max_position_embeddings": 256,
        "original_max_position_embeddings": 256,
        "rope_theta": 10000.0,
        "rope_scaling": None,
        "sliding_window": 8,
        "tie_word_embeddings": False,
    },
    "phi3_partial": PHI3
    | {
        "max_position_embeddings": 256,
        "original_max_position_embeddings": 256,
        "partial_rotary_factor": 0.75,
        "rope_theta": 10000.0,
        "rope_scaling": None,
        "sliding_window": None,
        "tie_word_embeddings": True,
    },
    # Phi-4-mini: the first prompt fits the original context (short factors), the second does not (long factors).
    "phi3_longrope": PHI3
    | {
        "max_position_embeddings": 256,
        "original_max_position_embeddings": 16,
        "partial_rotary_factor": 0.75,
        "rope_theta": 10000.0,
        "rope_scaling": {
            "type": "longrope",
            "short_factor": [1.0, 1.05, 1.2, 1.4, 1.7, 2.1],
            "long_factor": [1.1, 1.6, 2.4, 4.3, 7.9, 15.5],
        },
        "sliding_window": 262144,
        "tie_word_embeddings": True,
    },
    "gpt2": {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "vocab_size": 96,
        "n_embd": 32,
        "n_layer": 2,
        "n_head": 4,
        "n_positions": 64,
        "n_ctx": 64,
        "layer_norm_epsilon": 1e-5,
        "bos_token_id": 1,
        "eos_token_id": 1,
    },
    "mixtral": {
        "architectures": ["MixtralForCausalLM"],
        "model_type": "mixtral",
        "hidden_act": "silu",
        "vocab_size": 96,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
        "max_position_embeddings": 256,
        "rms_norm_eps": 1e-5,
        "rope_theta": 1000000.0,
        "sliding_window": None,
        "tie_word_embeddings": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "qwen3_moe": QWEN
    | {
        "architectures": ["Qwen3MoeForCausalLM"],
        "model_type": "qwen3_moe",
        "head_dim": 16,
        "moe_intermediate_size": 24,
        "num_experts": 8,
        "num_experts_per_tok": 3,
        "norm_topk_prob": True,
        "decoder_sparse_step": 1,
        "mlp_only_layers": [],
        "rope_theta": 1000000.0,
        "rope_scaling": None,
        "sliding_window": None,
        "use_sliding_window": False,
        "attention_bias": False,
        "tie_word_embeddings": False,
    },
    # Routing weights that are not renormalised, and heads of hidden/heads because nothing else is said.
    "qwen3_moe_raw": QWEN
    | {
        "architectures": ["Qwen3MoeForCausalLM"],
        "model_type": "qwen3_moe",
        "moe_intermediate_size": 32,
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "norm_topk_prob": False,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
    },
}

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
