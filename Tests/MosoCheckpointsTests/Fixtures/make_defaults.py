#!/usr/bin/env python3
"""Writes what transformers assumes of a model whose `config.json` gives nothing but its type, as `defaults.json`.

    /tmp/fixtures/bin/python Tests/MosoCheckpointsTests/Fixtures/make_defaults.py

(the environment is that of Scripts/make_model_fixtures.py)
"""

import json
from pathlib import Path

from transformers import AutoConfig

FAMILIES = "llama mistral mixtral smollm3 qwen2 qwen3 qwen3_moe gemma gemma2 gemma3_text phi3 gpt2".split()


def first(config, *names):
    return next((getattr(config, name) for name in names if getattr(config, name, None) is not None), None)


def describe(family: str) -> dict:
    config = AutoConfig.for_model(family)
    layers = config.num_hidden_layers
    types = getattr(config, "layer_types", None)
    window = getattr(config, "sliding_window", None)
    if types is None:
        types = ["full_attention" if window is None else "sliding_attention"] * layers
    rotates = getattr(config, "no_rope_layers", None) or [0 if family == "gpt2" else 1] * layers
    rope = getattr(config, "rope_parameters", None) or {}
    rope = [rope["full_attention"], rope["sliding_attention"]] if "full_attention" in rope else [rope] if rope else []
    head_size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return {
        "model_type": family,
        "vocabulary": config.vocab_size,
        "context": config.max_position_embeddings,
        "width": config.hidden_size,
        "windows": [window if kind == "sliding_attention" else None for kind in types],
        "rotates": rotates[:layers],
        "epsilon": first(config, "rms_norm_eps", "layer_norm_epsilon"),
        "heads": config.num_attention_heads,
        "keyValueHeads": first(config, "num_key_value_heads", "num_attention_heads"),
        "headSize": head_size,
        "scale": (getattr(config, "query_pre_attn_scalar", None) or head_size) ** -0.5,
        # Gemma 3's attention never looks at its soft cap.
        "scoreSoftcap": None if family == "gemma3_text" else getattr(config, "attn_logit_softcapping", None),
        "logitSoftcap": getattr(config, "final_logit_softcapping", None),
        "rotaryBases": [parameters["rope_theta"] for parameters in rope],
        "activation": first(config, "hidden_activation", "hidden_act", "activation_function"),
        "feedForward": first(config, "moe_intermediate_size", "intermediate_size", "n_inner") or 4 * config.hidden_size,
        "experts": first(config, "num_local_experts", "num_experts"),
        "usedExperts": getattr(config, "num_experts_per_tok", None),
        "normalizesExperts": getattr(config, "norm_topk_prob", None),
        "tied": config.tie_word_embeddings,
    }


def main() -> None:
    rows = ",\n".join(json.dumps(describe(family)) for family in FAMILIES)
    (Path(__file__).parent / "defaults.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
