#!/usr/bin/env python3
"""Writes the golden values that MosoReports' number formats are compared with.

Python's decimal module is the independent implementation: it rounds the shortest digits that tell a double from all others
(what repr prints), halves away from zero.

    python3 Scripts/make_number_format_fixture.py
"""

import decimal
import pathlib
import random
import struct

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "Tests/MosoReportsTests/Fixtures/numbers.txt"
SUFFIXES = {0: "", 3: "k", 6: "M", 9: "B", 12: "T"}

decimal.getcontext().prec = 400
decimal.getcontext().rounding = decimal.ROUND_HALF_UP


def rounded(value, digits):
    """The number with at most `digits` significant digits, and the power of ten of the first."""
    number = decimal.Decimal(repr(value))
    if number == 0:
        return decimal.Decimal(0), 0
    for _ in range(2):  # rounding up may add a digit: 9.99 becomes 10.0
        number = number.quantize(decimal.Decimal(1).scaleb(number.adjusted() - digits + 1))
    return number, number.adjusted()


def trimmed(number):
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scientific(value, digits):
    number, exponent = rounded(value, digits)
    if number == 0:
        return "0"
    return f"{trimmed(number.scaleb(-exponent))}e{exponent}"


def compact(value, digits):
    number, exponent = rounded(value, digits)
    if number == 0:
        return "0"
    if exponent < -4 or exponent >= 15:
        return scientific(value, digits)
    power = max(0, exponent // 3 * 3)
    return trimmed(number.scaleb(-power)) + SUFFIXES[power]


def significant(value, digits):
    number, exponent = rounded(value, digits)
    if number == 0:
        return f"{decimal.Decimal(0):.{digits - 1}f}"
    if exponent < -4 or exponent >= 15:
        return f"{number.scaleb(-exponent):.{digits - 1}f}e{exponent}"
    return f"{number:,.{max(0, digits - 1 - exponent)}f}"


def main():
    random.seed(20)
    values = [0.0, 1.0, -1.0, 0.15, 0.25, 2.5, 9.995, 99.95, 999.5, 999.95, 1000.0, 1e6, 3e15, 0.001, 9.9996e14, 1e15]
    values += [9.9995e-5, 1e-4, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 123456789.0, 0.3, 1e22, 1e23]
    values += [random.choice((-1, 1)) * random.uniform(1, 10) * 10.0 ** random.randint(-8, 18) for _ in range(300)]
    values += [round(random.uniform(0, 1000), random.randint(0, 4)) for _ in range(100)]
    while len(values) < 500:
        value = struct.unpack("<d", random.randbytes(8))[0]
        if value - value == 0:
            values.append(value)
    lines = []
    for value in values:
        digits = random.choice((1, 2, 3, 3, 3, 4, 6))
        fields = [repr(value), digits, compact(value, digits), significant(value, digits), scientific(value, digits)]
        lines.append("\t".join(map(str, fields)))
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
