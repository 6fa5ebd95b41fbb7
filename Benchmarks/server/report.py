"""Turns the rounds of a comparison into one table, and says what would make it doubtful."""

import dataclasses
import sys
from statistics import median

import masks
import measures
import servers

THEIRS, OURS = servers.LlamaCpp.name, servers.Moso.name
COST_GOAL = 0.03
MASK_GOAL = 0.05
IDLE_GOAL = 40e6


@dataclasses.dataclass(frozen=True)
class Row:
    """A figure that both servers have, and the ratio of Moso's to llama.cpp's that is asked for."""

    part: str
    title: str
    key: str
    goal: float
    more_is_better: bool = True
    scale: float = 1
    digits: int = 0


ROWS = [
    Row("streams", "16 streams, 100 words, 64 tokens each: tokens/s of all", "tokens_per_second", 5),
    Row("streams", "the same: gap between texts, 99th percentile, ms", "gap_p99_seconds", 0.5, False, 1e3),
    Row("streams", "the same: time to the first text, 95th percentile, s", "first_text_p95_seconds", 0.4, False, 1, 2),
    Row("single", "1 stream, 100 words, 128 tokens: tokens/s", "tokens_per_second", 1.8),
    Row("prefix", "4 streams after the same 700 words, 32 tokens each: tokens/s of all", "tokens_per_second", 8),
]

MASKS = [
    ("held", "1 stream, 256 tokens held to a schema of 20 fields: ms a token, and free"),
    ("new", "the same with a schema that is new to the server"),
]


def figure(values: list[float], digits: int = 0) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def print_table(rounds: list[dict], parts: list[str]) -> None:
    """Every figure that was asked for, with what was asked, what was reached, and whether that is enough."""
    rows = [_ratio(row, rounds) for row in ROWS if row.part in parts]
    rows += [_cost(rounds)] if "cost" in parts else []
    rows += [_masks(rounds, *which) for which in MASKS] if "schema" in parts else []
    rows += [_idle(rounds)] if "idle" in parts else []
    header = [f"median (least–most), rounds: {len(rounds)}", "llama.cpp", "Moso", "asked", "reached", "met"]
    print()
    for cells in [header, ["---"] * len(header), *rows]:
        print("| " + " | ".join(cells) + " |")
    sys.stdout.flush()


def _ratio(row: Row, rounds: list[dict]) -> list[str]:
    theirs, ours = ([one[side][row.part][row.key] * row.scale for one in rounds] for side in [THEIRS, OURS])
    ratio = median(ours) / median(theirs)
    met = ratio >= row.goal if row.more_is_better else ratio <= row.goal
    asked = f"{'≥' if row.more_is_better else '≤'} {row.goal:g}×"
    return [row.title, figure(theirs, row.digits), figure(ours, row.digits), asked, f"**{ratio:.2f}×**", _met(met)]


def _cost(rounds: list[dict]) -> list[str]:
    pairs = [pair for one in rounds for pair in one[OURS]["cost"]]
    served, direct = ([pair[way]["token_seconds"] * 1e3 for pair in pairs] for way in ["served", "direct"])
    title = "1 stream, 256 tokens: ms a token, and without a server"
    share = measures.cost_share(pairs)
    measured = f"{figure(served, 2)}; {figure(direct, 2)}"
    return [title, "", measured, f"≤ {COST_GOAL:+.0%}", f"**{share:+.1%}**", _met(share <= COST_GOAL)]


def _masks(rounds: list[dict], way: str, title: str) -> list[str]:
    pairs = [pair for one in rounds for pair in one[OURS]["schema"]]
    held, free = ([pair[one]["token_seconds"] * 1e3 for pair in pairs] for one in [way, "free"])
    share = masks.share(pairs, way)
    measured = f"{figure(held, 2)}; {figure(free, 2)}"
    return [title, "", measured, f"≤ {MASK_GOAL:+.0%}", f"**{share:+.1%}**", _met(share <= MASK_GOAL)]


def _idle(rounds: list[dict]) -> list[str]:
    grown = [one[OURS]["idle"]["with_bytes"] - one[OURS]["idle"]["before_bytes"] for one in rounds]
    title = f"{measures.IDLE_CONNECTIONS:,} idle connections: MB of memory"
    megabytes = [value / 1e6 for value in grown]
    met = _met(median(grown) <= IDLE_GOAL)
    return [title, "", figure(megabytes, 1), f"≤ {IDLE_GOAL / 1e6:.0f}", f"**{median(megabytes):.1f}**", met]


def _met(met: bool) -> str:
    return "yes" if met else "NO"


def doubts(rounds: list[dict], parts: list[str]) -> list[str]:
    """Sentences about what the two sides differed in beside speed, and about what measuring itself took."""
    found = []
    shared = [part for part in parts if part in measures.OF_BOTH]
    measured = {side: [one[side][part] for one in rounds for part in shared] for side in [THEIRS, OURS]}
    for side, figures in measured.items() if shared else []:
        if short := sum(one["short_answers"] for one in figures):
            found.append(f"{side} ended {short} answers before their last token; only tokens that came are counted.")
        busiest = max(one["client_seconds"] / one["seconds"] for one in figures)
        found.append(f"Sending requests and noting times took at most {busiest:.1%} of one core beside {side}.")
    read = {side: sum(one["prompt_tokens"] for one in figures) for side, figures in measured.items()}
    if read[THEIRS] != read[OURS]:
        found.append(f"{THEIRS} counts {read[THEIRS]} tokens in the prompts and {OURS} {read[OURS]}.")
    pairs = [pair for one in rounds for pair in one[OURS].get("cost", [])]
    if uneven := sum(pair["served"]["prompt_tokens"] != pair["direct"]["prompt_tokens"] for pair in pairs):
        found.append(f"In {uneven} of {len(pairs)} pairs of `cost` the two prompts had different numbers of tokens.")
    return found
