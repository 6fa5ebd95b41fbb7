#!/usr/bin/env python3
"""Writes Tests/MosoWorldsTests/Retina/RetinaGoldens.swift: recordings of simulated retinas, and each token's surprisal.

This is the simulator once more, written from its description: it finds what a receptive field sees by summing over
space instead of by a closed form, and moves the hidden scene by its whole transition matrix where that is small enough.

    python3 -m venv venv && venv/bin/pip install numpy && venv/bin/python Scripts/make_retina_goldens.py
"""

import math
import pathlib

import numpy as np

MASK = 2**64 - 1
PHASES = (12, 32)
JUMP, STEPS = 1 / 32, (3 / 32, 25 / 32, 3 / 32)
RECOVERY = (0.1, 0.8)
# Seed of the patch, rows, columns, scenes, bins; seed of the recordings, number of the recording.
CASES = [(5, 2, 2, 5, 8, 0, 0), (9, 3, 1, 40, 16, 2, 11), (1, 4, 3, 500, 64, 0, 0)]


class Generator:
    """SplitMix64, with streams."""

    def __init__(self, seed, stream):
        self.state = seed
        self.state = self.word() ^ (stream * 0xD1342543DE82EF95 & MASK)

    def word(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & MASK
        return mixed ^ mixed >> 31

    def unit(self):
        return (self.word() >> 11) / 2**53

    def jitter(self):
        return 2 * self.unit() - 1


def mosaic(seed, rows, columns):
    generator = Generator(seed, 0)
    cells = []
    for row in range(rows):
        for column in range(columns):
            x, y = column + 0.5 * (row % 2), row * 0.866
            for polarity, right, up in ((1, 0, 0), (-1, 0.5, 0.289)):
                jitters = [generator.jitter() for _ in range(5)]
                cells.append(dict(
                    x=x + right + 0.15 * jitters[0], y=y + up + 0.15 * jitters[1], polarity=polarity,
                    radius=0.45 * (1 + 0.2 * jitters[2]), gain=1 + 0.2 * jitters[3], threshold=0.8 + 0.3 * jitters[4]))
    return cells


def scene(seed, rank):
    generator = Generator(seed, MASK ^ rank)
    phases = PHASES[0] + int(generator.unit() * (PHASES[1] - PHASES[0] + 1))
    contrast = 1 + generator.unit()
    direction = 2 * math.pi * generator.unit()
    forward = np.array([math.cos(direction), math.sin(direction)])
    sideways = np.array([-forward[1], forward[0]])
    step = 2 * math.pi / (3 + 4 * generator.unit())
    kind = int(4 * generator.unit())
    waves = []  # of vector, cycles, amplitude, angle
    if kind in (0, 1):
        width, light = 0.5, 1
        if kind == 0:
            width = 0.12 + 0.23 * generator.unit()
            light = 1 if generator.unit() < 0.5 else -1
        waves = [(n * step * forward, n, light * math.sin(math.pi * n * width) / n, 0) for n in range(1, 7)]
    elif kind == 2:
        n = 1 + int(2 * generator.unit())
        waves = [(n * step * forward, n, 1, 0)]
    else:
        for _ in range(6):
            n = 1 + int(3 * generator.unit())
            across = math.pi * generator.jitter()
            waves.append((n * step * forward + across * sideways, n, 1, 2 * math.pi * generator.unit()))
    return phases, contrast, waves


def seen(vector, radius):
    """What a Gaussian of `radius` sees of a wave with its crest at the middle; only the way along the wave matters."""
    step = radius / 16
    way = np.arange(-12 * 16, 12 * 16 + 1) * step
    return (np.exp(-(way / radius) ** 2 / 2) * np.cos(way * np.linalg.norm(vector))).sum() * step / (
        radius * math.sqrt(2 * math.pi))


def chances(cells, phases, contrast, waves):
    """How readily each cell spikes in each phase."""
    light = np.zeros((len(cells), phases))
    for index, cell in enumerate(cells):
        for vector, cycles, amplitude, angle in waves:
            centre, surround = seen(vector, cell["radius"]), seen(vector, 2.5 * cell["radius"])
            angles = vector @ [cell["x"], cell["y"]] + angle - 2 * math.pi * cycles * np.arange(phases) / phases
            light[index] += cell["polarity"] * amplitude * (centre - 0.75 * surround) * np.cos(angles)
    drive = np.zeros_like(light)
    for lag in range(10):
        bins = lag + 0.5
        kernel = bins * math.exp(1 - bins) - 0.8 * (bins / 3) * math.exp(1 - bins / 3)
        drive += kernel * np.roll(light, lag, axis=1)
    drive *= contrast / math.sqrt((drive ** 2).mean())
    gain = np.array([[cell["gain"]] for cell in cells])
    threshold = np.array([[cell["threshold"]] for cell in cells])
    return 0.01 + 0.94 / (1 + np.exp(-10 * (gain * drive - threshold)))


class Patch:
    def __init__(self, seed, rows, columns, scenes, bins):
        self.rows, self.bits, self.bins = rows, 2 * columns, bins
        cells = mosaic(seed, rows, columns)
        drawn = [scene(seed, rank) for rank in range(scenes)]
        self.phases = [phases for phases, _, _ in drawn]
        self.tables = [chances(cells, *each) for each in drawn]
        weights = [1 / (rank + 1) for rank in range(scenes)]
        self.shares = [weight / sum(weights) for weight in weights]

    def recovery(self, silence):
        return RECOVERY[silence] if silence < len(RECOVERY) else 1

    def record(self, seed, number):
        generator = Generator(seed, number + 1)

        def land():
            place, scene = generator.unit(), 0
            while scene < len(self.shares) - 1 and sum(self.shares[:scene + 1]) <= place:
                scene += 1
            return scene, int(generator.unit() * self.phases[scene])

        scene, phase = land()
        silence = [99] * (self.rows * self.bits)
        tokens = []
        for bin in range(self.bins):
            if bin > 0:
                place = generator.unit()
                if place < JUMP:
                    scene, phase = land()
                else:
                    step = 0 if place < JUMP + STEPS[0] else 1 if place < JUMP + STEPS[0] + STEPS[1] else 2
                    phase = (phase + step) % self.phases[scene]
            for row in range(self.rows):
                word = 0
                for bit in range(self.bits):
                    cell = row * self.bits + bit
                    spikes = generator.unit() < self.tables[scene][cell, phase] * self.recovery(silence[cell])
                    silence[cell] = 0 if spikes else silence[cell] + 1
                    word += spikes << bit
                tokens.append(word)
        return tokens

    def surprisals(self, tokens):
        table = np.concatenate(self.tables, axis=1)
        landing = np.concatenate([np.full(p, share / p) for share, p in zip(self.shares, self.phases)])
        starts = np.cumsum([0] + self.phases)
        if len(landing) < 2_000:
            matrix = np.tile(JUMP * landing, (len(landing), 1))
            for start, phases in zip(starts, self.phases):
                for phase in range(phases):
                    for step, chance in enumerate(STEPS):
                        matrix[start + phase, start + (phase + step) % phases] += chance
            move = lambda belief: belief @ matrix
        else:
            sources = [
                np.concatenate([start + (np.arange(p) - step) % p for start, p in zip(starts, self.phases)])
                for step in range(3)]
            move = lambda belief: JUMP * landing + sum(c * belief[s] for c, s in zip(STEPS, sources))
        belief, silence, surprisals = landing, [99] * (self.rows * self.bits), []
        for place, word in enumerate(tokens):
            row = place % self.rows
            if place > 0 and row == 0:
                belief = move(belief)
            for bit in range(self.bits):
                cell = row * self.bits + bit
                chance = table[cell] * self.recovery(silence[cell])
                spikes = word >> bit & 1
                belief = belief * (chance if spikes else 1 - chance)
                silence[cell] = 0 if spikes else silence[cell] + 1
            surprisals.append(-math.log(belief.sum()))
            belief = belief / belief.sum()
        return surprisals


def listed(items):
    lines, line = [], "     "
    for item in items:
        if len(line) + len(item) + 2 > 118:
            lines.append(line)
            line = "     "
        line += f" {item},"
    return "\n".join(lines + [line])


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    text = "// Made by Scripts/make_retina_goldens.py.\n\n@testable import MosoWorlds\n\nextension RetinaGolden {\n"
    for name, case in zip(("small", "narrow", "whole"), CASES):
        patch = Patch(*case[:5])
        tokens = patch.record(*case[5:])
        surprisals = patch.surprisals(tokens)
        seed, rows, columns, scenes, bins, recordings, number = case
        text += (
            f"  static let {name} = RetinaGolden(\n"
            f"    patch: RetinaPatch(seed: {seed}, rows: {rows}, columns: {columns}, scenes: {scenes}, bins: {bins}), "
            f"seed: {recordings}, number: {number},\n"
            f"    tokens: [\n{listed(map(str, tokens))}\n    ],\n"
            f"    surprisals: [\n{listed(f'{surprisal:.13f}' for surprisal in surprisals)}\n    ])\n\n")
    path = root / "Tests/MosoWorldsTests/Retina/RetinaGoldens.swift"
    path.write_text(text.rstrip() + "\n}\n")


main()
