"""Writes Tests/MosoTemplatesTests/Fixtures/snippets.json: small templates with what the reference makes of them.

Needs: pip install jinja2==3.1.6.  Run: python3 Scripts/make_template_fixtures.py

With a path, a seed and two counts it writes other random cases, for `MOSO_TEMPLATE_CASES=path swift test`:
python3 Scripts/make_template_fixtures.py /tmp/cases.json 7 20000 40000
"""

import json
import random
import sys
from pathlib import Path

from template_reference import is_reproducible, render

FOLDER = Path(__file__).parent.parent / "Tests" / "MosoTemplatesTests" / "Fixtures"

CONTEXT = {
    "yes": True,
    "no": False,
    "nothing": None,
    "zero": 0,
    "seven": 7,
    "minus": -3,
    "half": 2.5,
    "whole": 4.0,
    "empty": "",
    "word": "panda",
    "phrase": "  The quick brown  fox\n",
    "unicode": "Größe ΣΑΣ 竹 🐼 é",
    "quotes": "it's \"so\" \\ \t",
    "number": "42",
    "decimal": " 3.50 ",
    "list": [3, 1, 2],
    "words": ["pear", "Apple", "fig", "apple"],
    "nested": [[1, 2], [3, [4, "five"]], []],
    "nobody": [],
    "person": {"name": "Ana", "age": 41, "items": ["x", "y"], "city": {"name": "Porto"}},
    "people": [
        {"name": "Ana", "age": 41, "city": {"name": "Porto"}},
        {"name": "bo", "age": 7, "city": {"name": "Oslo"}},
        {"name": "Cy", "age": 41},
    ],
    "void": {},
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi <b>there</b>"},
        {"role": "assistant", "content": "Hello\n"},
    ],
}

VALUES = list(CONTEXT) + ["missing", "(1, 'a')", "range(4)", "person.items()", "'%s'", "{1: 'a', none: 2}", "1e100"]


def literals():
    return [
        "0", "7", "-7", "007", "1_000", "0x1F", "0o17", "0b101", "1.5", "1e3", "1E-7", "1.5e+10", "1_0.5", "1.", ".5",
        "123456789012345680.0", "1e16", "1e15", "0.1 + 0.2", "1e-5", "0.0001", "5e-324", "1.7976931348623157e308",
        "'a\\nb'", "'a\\tb\\\\c'", "'\\x41\\u00e9\\U0001F43C'", "'\\d\\''", '"it\'s"', "'a' 'b' \"c\"", "'\\0\\101x'",
        "'line\\\nbreak'", "true", "True", "false", "none", "None", "[]", "[1, 2,]", "()", "(1,)", "(1, 2)", "1, 2",
        "{}", "{'a': 1, 'b': [1, {'c': none}],}", "{1: 'x', 1.0: 'y', true: 'z'}", "[1, [2, (3, 4)], {'k': 'v'}]",
        "['it\\'s', 'say \"hi\"', 'both \\' and \"', 'nl\\n', '\\x00\\x7f\\u200b\\u00a0é竹']", "[1.0, -0.0, 1e20, true, none]",
        "missing", "missing.attribute", "none.attribute", "none['x']", "[missing]", "{'a': missing}", "('a')", "{'a'}",
        "[,]", "{1}", "", "1 2", "a.b.", "a..b", "'open", "(1", "[1", "}}", "@", "a ? b", "1 = 1", "a && b", "!a",
        "not", "foo(", "foo(a=1, 2)", "foo(**a, *b)", "x|", "x is", "1 is is", "a.1.2", "list.0", "list.7", "nested.1.1.0",
    ]


def operators():
    numbers = ["7", "-7", "3", "-3", "0", "2.5", "-2.5", "true", "1e308", "0.0"]
    for op in ["+", "-", "*", "/", "//", "%", "**"]:
        for a in numbers:
            for b in numbers:
                yield f"{a} {op} {b}"
    for op in ["+", "*", "%", "~", "==", "<", "in", "and", "or"]:
        for a in ["'ab'", "2", "[1]", "(1,)", "none", "missing", "{'a': 1}", "''", "'a%s'"]:
            for b in ["'a'", "2", "[1]", "(1,)", "none", "missing", "{'a': 1}"]:
                yield f"{a} {op} {b}"
    for op in ["==", "!=", "<", "<=", ">", ">="]:
        for a, b in [("1", "1.0"), ("true", "1"), ("'a'", "'b'"), ("'B'", "'a'"), ("[1, 2]", "[1, 3]"), ("[1]", "[1, 0]"),
                     ("(1, 'a')", "(1, 'b')"), ("[1]", "(1,)"), ("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"), ("'é'", "'e\\u0301'"),
                     ("'竹'", "'🐼'"), ("range(3)", "range(3)"), ("1", "'1'")]:
            yield f"{a} {op} {b}"
    yield from [
        "1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-2 ** 2", "- 2 ** 2", "2 ** -1", "2 ** 0.5", "(-8) ** 0.5", "10 / 4", "10 // 4", "-10 // 4",
        "10 % -4", "-10 % 4", "7.5 // 2", "-7.5 % 2", "1 - 2 - 3", "100 / 10 / 2", "1 ~ 2 ~ none", "1 + 2 ~ 3 + 4",
        "'a' ~ 1 + 2", "'x' * 3", "3 * 'x'", "'x' * -1", "[1] * 2", "2 * [1, 2]", "(1,) * 2", "'a' + 'b' ~ 'c'", "not true", "not not ''",
        "not 1 == 2", "1 < 2 < 3", "1 < 3 < 2", "3 > 2 > 1 == 1", "1 == 1 in [true]", "1 in [1] in [[1]]", "'b' in 'abc'", "'' in ''", "'x' not in 'abc'", "not 'x' in 'abc'",
        "1 in 'abc'", "'name' in person", "'x' in missing", "2 in range(3)", "[1] in [[1], 2]", "none in [none]", "missing in [missing]", "missing == missing2",
        "missing == none", "missing != 1", "1 and 2", "0 and 2", "'' or 'x'", "none or missing or 0", "1 or missing.x", "0 and missing.x",
        "yes and no or yes", "true or false and false", "1 if yes else 2", "1 if no else 2", "1 if no", "(1 if no) is defined",
        "1 if no else 2 if yes else 3", "'a' if no else 'b' if no else 'c'", "(1 if yes else 2) + 1", "1 + 1 if yes else 5", "[1 if yes else 2, 3]",
        "-3|abs", "-(3)|abs", "- seven|abs", "+seven", "-half", "--3", "-'a'", "+none", "-true", "not none|default", "2 * seven|string", "1 + list|length",
        "list|length + 1", "'a' ~ list|join", "missing + 1", "missing < 1", "1 - missing", "missing()", "missing.x()", "missing[0]", "missing ~ 'x'", "-missing",
        "'%d apples and %s' % (3, 'pears')", "'%5.2f|%-6s|%06d|%+d|%x|%X|%o|%e|%g|%c|%%' % (3.14159, 'ab', 42, 7, 255, 255, 8, 12345.678, 0.00001, 'z')", "'%s' % 'x'",
        "'%s' % [1, 2]", "'%(a)s-%(b)d' % {'a': 'x', 'b': 2}", "'%r' % 'x'", "'%d' % 3.9", "'%d' % 'x'", "'%s %s' % 'x'", "'%s' % ('x', 'y')", "'x' % ()", "'%' % 1",
        "'%.3s|%10.3s|%-5s|' % ('abcdef', 'abcdef', 'ab')", "'%5d|%-5d|%05d|% d' % (42, 42, -42, 42)", "'%g %g %g %g' % (1e10, 1e-10, 100000.0, 1234567.0)", "'%.0f %.0f %.0f' % (0.5, 1.5, 2.5)",
        "'%.10f' % 0.1", "'%.20f' % 0.1", "'%f' % 1e20", "'%e' % 0", "'%i' % 5", "'%#x %#o' % (255, 8)", "'%5.1f%%' % 99.55", "5 % 3 % 2",
    ]


def subscripts():
    yield from [
        "word[0]", "word[-1]", "word[9]", "word['x']", "list[0]", "list[-1]", "list[3]", "list[-4]", "list['a']", "list[1.0]", "list[true]", "person['name']", "person.name",
        "person['none']", "person.none", "person.items", "person['items']", "person.city.name", "person['city']['name']", "person.city.zip", "person.x.y", "person[0]", "person[[1]]",
        "{1: 'a'}[1]", "{1: 'a'}[true]", "{1: 'a'}[1.0]", "{(1, 2): 'a'}[(1, 2)]", "{(1, 2): 'a'}[1, 2]", "nested[1][1][1]", "nested[1].1.0", "people[0].city['name']", "unicode[6]", "unicode[10:]", "unicode[-1]", "unicode[::-1]",
        "messages[0].role", "messages[0]['role']", "messages[-1].content", "messages[5]", "messages[5].role", "messages[1:][0].role", "messages[:-1]|length", "range(5)[2]", "range(10)[2:8:2]|list", "seven[0]", "seven.x", "none[0]",
        "true.x", "half.x", "person.items()[0]", "'abc'.upper", "list.append(1)", "person.update({})", "list.copy()", "person.copy()", "person.pop('name')", "list.sort()", "list.count(1)", "list.index(2)", "list.index(9)",
    ]
    bounds = ["", "0", "1", "2", "-1", "-2", "5", "-9", "none"]
    for target in ["word", "list", "(1, 2, 3)"]:
        for a in bounds:
            for b in bounds:
                yield f"{target}[{a}:{b}]"
    for target in ["word", "list"]:
        for a in ["", "0", "-1", "4", "9"]:
            for b in ["", "0", "-1", "2", "-9"]:
                for c in ["-1", "2", "-2", "9"]:
                    yield f"{target}[{a}:{b}:{c}]"
    yield from ["word[::0]", "word['a':]", "person[1:]", "missing[1:]", "unicode[6:9]", "unicode[::2]", "seven[:1]", "word[1:2:3:4]"]


def filters():
    plain = ["abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "forceescape", "int", "items", "items|list", "join", "last", "length", "list", "lower",
             "max", "min", "reject|list", "reverse|list", "round", "safe", "select|list", "sort", "string", "sum", "title", "tojson", "trim", "unique|list", "upper", "wordcount", "map('upper')|list"]
    for name in plain:
        for value in VALUES:
            yield f"{value}|{name}"
    yield from [
        "words|join(', ')", "words|join(', ', attribute='x')", "people|join(' ', attribute='name')", "people|join(attribute='city.name')", "list|join('-')", "[1, none, 'x', missing]|join(',')", "'abc'|join('.')", "list|join(1)", "5|join",
        "word|replace('a', 'o')", "word|replace('a', 'o', 1)", "word|replace('', '-')", "word|replace('', '-', 2)", "seven|replace(7, 8)", "word|replace('x')", "word|replace('pan', '', count=1)", "'aaaa'|replace('aa', 'b')",
        "missing|default('x')", "none|default('x')", "none|default('x', true)", "''|default('x', boolean=true)", "0|d(5, true)", "missing.x|default('y')", "messages[9].x|default('y')", "people[2].city|default('nowhere')", "word|default",
        "half|round", "2.567|round(2)", "2.5|round", "3.5|round", "-2.5|round", "0.125|round(2)", "2.675|round(2)", "1e22|round(2)", "1234.5|round(-2)", "7|round(-1)", "7|round(2)", "15|round(-1)", "25|round(-1)", "2.1|round(0, 'ceil')", "2.9|round(method='floor')",
        "2.123|round(2, 'ceil')", "-2.123|round(1, 'floor')", "2.5|round(0, 'other')", "42.55|round|int", "true|round", "7|round(method='ceil')", "1.005|round(2)", "5e-324|round(3)", "123.456|round(400)", "123.456|round(-400)",
        "'42'|int", "' 42 '|int", "'4_2'|int", "'42.9'|int", "'x'|int", "'x'|int(5)", "'x'|int(default='no')", "'ff'|int(base=16)", "'0xff'|int(0, 16)", "'0b11'|int(base=2)", "'z'|int(0, 36)", "'1e3'|int", "-2.9|int", "'inf'|int", "none|int(3)", "[]|int",
        "'0x1f'|int(base=0)", "'+5'|int", "'-5'|int", "'- 5'|int", "'5-'|int", "'_5'|int", "''|int(1)", "'1.5e2'|float", "'.5'|float", "'5.'|float", "'nan'|float", "'-inf'|float", "'Infinity'|float", "'0x10'|float", "'1_0.5'|float", "none|float(1.5)", "'x'|float('y')", "''|float",
        "person|tojson", "person|tojson(indent=2)", "person|tojson(indent=0)", "nested|tojson(indent=1)", "[]|tojson(indent=2)", "{}|tojson(indent=2)", "{'a': {}, 'b': []}|tojson(indent=4)", "person|tojson(indent='\\t')", "person|tojson(sort_keys=true)", "person|tojson(separators=(',', ':'))",
        "person|tojson(indent=2, separators=(',', ': '))", "unicode|tojson", "unicode|tojson(ensure_ascii=true)", "unicode|tojson(true)", "quotes|tojson", "'\\x00\\x1f\\x7f\\u2028</script>&'|tojson", "'\\x00\\x7f\\U0001F43C'|tojson(ensure_ascii=true)", "{1: 2, none: 3, true: 4, 1.5: 5}|tojson", "{(1,): 2}|tojson", "(1, (2,))|tojson",
        "[1.0, 1e20, 1e-7, 0.1]|tojson", "['inf'|float, '-inf'|float, 'nan'|float]|tojson", "missing|tojson", "[missing]|tojson", "range(3)|tojson", "range(3)|list|tojson", "person.items()|tojson", "words|map('upper')|tojson", "{'b': 1, 'a': 2, 'B': 3}|tojson(sort_keys=true)", "none|tojson", "person|tojson(indent=-1)", "{'a': [1, 2]}|tojson(none, 2)", "person|tojson(indent=true)",
        "words|sort", "words|sort(case_sensitive=true)", "words|sort(reverse=true)", "words|sort(true)", "list|sort|join", "people|sort(attribute='age')|map(attribute='name')|join", "people|sort(attribute='age,name')|map(attribute='name')|join", "people|sort(attribute='age', reverse=true)|map(attribute='name')|join", "[1, 'a']|sort", "'hello'|sort|join", "person|sort|join(',')", "[[2, 1], [1, 5]]|sort", "[[2, 1], [1, 5]]|sort(attribute=1)",
        "words|unique|list", "words|unique(true)|list", "people|unique(attribute='age')|map(attribute='name')|list", "[1, 1.0, true, '1']|unique|list", "[[1]]|unique|list", "words|min", "words|max", "words|max(true)", "people|max(attribute='age')", "[]|min", "[]|max is defined", "[1, 'a']|min", "people|sum('age')", "people|sum(attribute='age', start=100)", "[[1], [2]]|sum(start=[])", "['a']|sum", "['a']|sum(start='')",
        "person|dictsort", "{'b': 1, 'A': 2, 'c': 0}|dictsort", "{'b': 1, 'A': 2, 'c': 0}|dictsort(true)", "{'b': 1, 'A': 2, 'c': 0}|dictsort(by='value')", "{'b': 1, 'A': 2, 'c': 0}|dictsort(reverse=true)", "{'b': 1}|dictsort(by='x')", "{'b': 1, 2: 3}|dictsort", "list|dictsort", "people|map(attribute='name')|list", "people|map(attribute='city.name')|list", "people|map(attribute='city.name', default='?')|list", "people|map(attribute='city')|map(attribute='name', default='?')|list",
        "words|map('upper')|join(' ')", "words|map('replace', 'a', 'A')|list", "words|map('length')|sum", "words|map|list", "words|map('nosuch')|list", "list|map('string')|list", "nested|map('first')|list", "[[1, 2]]|map(attribute=0)|list", "[[1, 2]]|map(attribute='1')|list", "nested|map('join', '-')|list", "words|map('map', 'upper')|map('join')|list", "list|map('round', 1)|list",
        "list|select('odd')|list", "list|select('gt', 1)|list", "list|select('>', 1)|list", "list|reject('even')|list", "[0, 1, '', 'a', none]|select|list", "[0, 1, '', 'a', none]|reject|list", "words|select('in', ['fig', 'kiwi'])|list", "people|selectattr('age', 'equalto', 41)|map(attribute='name')|list", "people|selectattr('city')|list|length", "people|selectattr('city', 'defined')|list|length", "people|rejectattr('city', 'defined')|map(attribute='name')|list", "people|selectattr('city.name', 'eq', 'Oslo')|map(attribute='age')|list", "people|rejectattr('age', '==', 41)|list|length", "people|selectattr('name', 'string')|list|length", "people|selectattr|list", "list|select('nosuch')|list", "messages|selectattr('role', 'equalto', 'user')|list", "messages|selectattr('role', 'in', ['user', 'assistant'])|map(attribute='content')|join('|')", "messages|rejectattr('role', 'equalto', 'system')|list|length", "messages|selectattr('role', 'ne', 'user')|first", "(messages|selectattr('role', 'equalto', 'tool'))|length", "'y' if messages|selectattr('role', 'equalto', 'tool') else 'n'", "(messages|map(attribute='role'))[0]", "messages|map(attribute='role')|first", "messages|map(attribute='role')|last",
        "phrase|trim", "phrase|trim()", "'xxaxx'|trim('x')", "'abcba'|trim('ab')", "'\\u00a0\\u2003x\\u3000'|trim", "'\\u200bx'|trim", "phrase|title", "'hello-world (foo) [bar] a\\'b <c> {d}'|title", "'hELLO wORLD'|capitalize", "'ǆ ß ﬁ'|upper", "'ǆx ßy ﬁz'|capitalize", "'ǆx ßy ﬁz'|title", "'ΑΣ ΑΣΑ Σ İ'|lower", "'a  b_c d-e 1'|wordcount", "'<a href=\"x\">\\'&'|e", "'<'|safe", "'<'|escape|upper",
        "'a\\nb\\n\\nc'|indent", "'a\\nb'|indent(2)", "'a\\nb\\n\\nc'|indent(2, true)", "'a\\n\\nb'|indent(2, blank=true)", "'a\\nb'|indent('> ')", "'a\\nb'|indent(first=true)", "''|indent(first=true)", "'a\\nb\\n'|indent(2)", "'a\\r\\nb\\x0bc\\x1cd\\u2028e'|indent(1)", "5|indent", "'abc'|center(9)", "'abc'|center(8)|e", "'ab'|center(5) ~ '|'", "'ab'|center(1)", "'abc'|center|length",
        "'foo bar baz qux'|truncate(9)", "'foo bar baz qux'|truncate(9, true)", "'foo bar baz qux'|truncate(11)", "'foo bar baz qux'|truncate(11, false, '…')", "'foo bar baz qux'|truncate(10, leeway=0)", "'foobarbazqux'|truncate(6, leeway=0)", "'abc'|truncate(2)", "'%s-%d'|format('a', 3)", "'%(x)s'|format(x=5)", "'%s'|format", "'%.2f'|format(2.345)", "'%s %s'|format(1)", "'%s'|format(1, 2)",
        "range(7)|batch(3)|list", "range(7)|batch(3, 'x')|list", "range(6)|batch(3, 'x')|list", "range(7)|slice(3)|list", "range(7)|slice(3, 'x')|list", "[]|batch(2)|list", "[]|slice(2)|list", "range(10)|slice(20)|list|length", "'abc'|reverse", "list|reverse|list", "person|list", "'abc'|list", "unicode|reverse", "unicode|length", "unicode|list|length", "unicode|upper", "unicode|first", "unicode|last",
        "words|first", "words|last", "[]|first", "[]|first is defined", "[]|last", "''|first", "person|first", "person|last", "missing|first", "5|first", "person|length", "missing|length", "none|length", "words|map('upper')|first", "words|map('upper')|last", "words|map('upper')|length", "person|items|list", "missing|items|list", "list|items|list", "person|attr('name')", "word|attr('upper')()", "words|nosuch", "words|nosuch if no else 1",
        "'a'|e ~ '<'", "words|tojson|safe", "word|upper|lower|title", "[1, 2]|string ~ 'x'", "list|list is sameas list", "5|string|length", "none|string", "none|upper", "missing|upper", "[1]|upper", "true|lower", "1.50|string", "list|join|int + 1", "-5|abs ** 2", "word|length is odd",
    ]


def tests():
    names = ["boolean", "callable", "defined", "escaped", "even", "false", "float", "integer", "iterable", "lower", "mapping", "none", "number", "odd", "sequence", "string", "true", "undefined", "upper", "not defined", "not none", "nosuch"]
    for name in names:
        for value in VALUES + ["range", "namespace()", "'abc'.upper", "words|map('upper')", "'ABC'", "'aB'", "'12'"]:
            yield f"{value} is {name}"
    yield from [
        "7 is divisibleby 7", "7 is divisibleby(3)", "7 is divisibleby 0", "7 is odd and 8 is even", "none is sameas none", "1 is sameas true", "true is sameas true", "word is eq 'panda'", "word is equalto('panda')", "word is ne 'x'", "3 is gt 2", "3 is lt 2", "3 is ge 3", "3 is le 2", "3 is greaterthan 2", "3 is lessthan 2",
        "2 is in [1, 2]", "2 is in([1, 2])", "2 is not in [1, 2]", "'a' is in 'abc'", "'x' is in missing", "missing is defined or yes", "missing is not defined and yes", "not missing is defined", "person.name is defined", "person.x is defined", "person.x.y is defined", "messages[0].content is string", "(word is string) and not (word is mapping)",
        "word is string == true", "word is string if yes else 1", "1 is string or 2", "'upper' is filter", "'nosuch' is filter", "'odd' is test", "1 is equal 1", "word is string is true", "[1] is iterable and [1] is not string and [1] is not mapping", "messages is sequence", "word is sequence", "person is sequence", "1 is number", "1.5 is integer", "1.5 is float", "true is integer", "true is number", "1 is boolean",
    ]


def methods():
    yield from [
        "word.upper()", "word.lower()", "phrase.strip()", "phrase.lstrip()", "phrase.rstrip()", "'xxaxx'.strip('x')", "'abcxyz'.lstrip('cba')", "'abcxyz'.rstrip('zyx')", "'a'.strip(none)", "phrase.split()", "phrase.split(none, 1)", "phrase.split(none, 2)", "phrase.rsplit(none, 1)", "phrase.rsplit(none, 2)", "'a,b,,c'.split(',')", "'a,b,,c'.split(',', 1)", "'a,b,,c'.rsplit(',', 1)", "'a,b'.split(',', maxsplit=1)", "'a,b'.split(sep=',')", "'abc'.split('')",
        "''.split()", "''.split(',')", "'  '.split()", "'a b'.split(' ')[0]", "'aXbXc'.split('X')[-1]", "'<think>x</think>y'.split('</think>')[-1].lstrip('\\n')", "'aaa'.split('aa')", "'aaa'.rsplit('aa')", "'a\\nb\\r\\nc\\x0bd\\n'.splitlines()", "'a\\nb\\r\\nc\\n'.splitlines(true)", "''.splitlines()", "'\\n'.splitlines()", "'a\\u2028b\\x85c'.splitlines()", "word.startswith('pa')", "word.startswith(('x', 'p'))", "word.startswith('n', 2)", "word.startswith('pa', 0, 1)", "word.startswith('', 9)", "word.startswith(5)", "word.endswith('da')", "word.endswith(('x', 'a'))", "word.endswith('n', 0, 3)", "word.endswith('')",
        "word.replace('a', 'o')", "word.replace('a', 'o', 1)", "word.replace('', '.')", "word.replace('a', 5)", "word.find('n')", "word.find('x')", "word.find('a', 2)", "word.find('a', -2)", "word.find('')", "word.find('', 9)", "word.rfind('a')", "word.rfind('')", "word.index('n')", "word.index('x')", "word.rindex('a')", "word.count('a')", "word.count('')", "word.count('a', 2)", "'aaaa'.count('aa')", "unicode.find('竹')", "unicode.rfind('é')", "unicode.count('Σ')",
        "', '.join(words)", "''.join(list)", "','.join('abc')", "','.join(person)", "','.join(words|map('upper'))", "','.join([])", "','.join(missing)", "word.title()", "\"they're bill's\".title()", "'hello wORLD 3rd'.title()", "'ǆx ßy'.title()", "phrase.capitalize()", "'éCOLE'.capitalize()", "'AbC'.swapcase()", "'ßx'.swapcase()", "'ΑΣ'.lower()", "'ΑΣ.'.lower()", "'Σ'.lower()", "'AΣB'.lower()", "'İ'.lower()|length", "'ŉ'.upper()",
        "'{} and {}'.format(1, 'x')", "'{1} {0}'.format('a', 'b')", "'{a} {b[0]} {c.name}'.format(a=1, b=[5], c=person)", "'{{}} {}'.format(1)", "'{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd')", "'{:05d}|{:+d}|{:,}|{:x}|{:#x}|{:b}|{:o}'.format(42, 7, 1234567, 255, 255, 5, 8)", "'{:.2f}|{:8.3f}|{:e}|{:g}|{:%}|{:.1%}'.format(3.14159, 2.5, 12345.678, 0.0001, 0.25, 0.125)", "'{!r} {!s}'.format('x', 'y')", "'{:.3}'.format('abcdef')", "'{:5}|{:5}'.format(3, 'x')", "'{} {}'.format(1)", "'{'.format(1)", "'}'.format(1)", "'{x}'.format(1)", "'{:d}'.format('x')", "'{:s}'.format(5)", "'{:.3}'.format(3.14159)", "'{:10.4}'.format(1234567.0)", "'{:_}'.format(1234567)", "'{:,.2f}'.format(1234567.891)", "'{:<08}'.format(5)", "'{:=+6}'.format(5)", "'{}'.format(none)", "'{}'.format([1, 'a'])", "'{:>5}'.format(none)", "'{}'.format(true)", "'{:5}'.format(true)", "'{:n}'.format(5)",
        "'5'.zfill(3)", "'-5'.zfill(4)", "'+5'.zfill(4)", "'abc'.zfill(2)", "'a'.center(4) ~ '|'", "'ab'.center(5, '*')", "'a'.ljust(3, '.')", "'a'.rjust(3, '.')", "'a'.rjust(3, '..')", "'a\\tb\\n\\tc'.expandtabs(4)", "'a\\tb'.expandtabs()", "'a-b-c'.partition('-')", "'abc'.partition('-')", "'a-b-c'.rpartition('-')", "'abc'.rpartition('-')", "'abc'.partition('')", "'prefix-x'.removeprefix('prefix-')", "'x-suffix'.removesuffix('-suffix')", "'x'.removeprefix('')",
        "'abc'.isalpha()", "'ab1'.isalpha()", "''.isalpha()", "'123'.isdigit()", "'²'.isdigit()", "'²'.isdecimal()", "'½'.isnumeric()", "'½'.isdigit()", "'一'.isnumeric()", "'ab1'.isalnum()", "'ab_'.isalnum()", "' \\t'.isspace()", "''.isspace()", "'abc'.islower()", "'aBc'.islower()", "'a1'.islower()", "'1'.islower()", "'ABC'.isupper()", "'Abc Def'.istitle()", "'Abc def'.istitle()", "'abc'.isascii()", "unicode.isascii()", "'é'.isalpha()", "'竹'.isalpha()", "'٣'.isdecimal()",
        "person.get('name')", "person.get('x')", "person.get('x', 'y')", "person.get('x', none) is none", "person.get([1])", "person.keys()", "person.values()", "person.items()", "person.keys()|list", "person.values()|list|length", "void.items()", "void.keys()", "person.get()", "messages[0].get('content')", "messages[0].get('tool_calls') is none", "person.nosuch()", "word.nosuch()", "list.nosuch()", "person.name.upper()", "person['name'].upper()", "word.upper().lower().title()", "(word ~ 'x').upper()", "'a'.upper('b')", "words.index('fig')", "[1, 1, 2].count(1)", "(1, 2).index(2)", "range(5).count(3)", "person.items()|list|first",
        "range(3)", "range(1, 4)|list", "range(5, 0, -2)|list", "range(0)|list", "range(-3)|list", "range(3, 3)", "range(1, 10, 3)", "range(1.5)", "range()", "range(1, 2, 0)", "range(100001)|length", "range(100000)|length", "dict(a=1, b=2)", "dict({'a': 1}, b=2)", "dict([('a', 1)])", "dict()", "namespace(a=1).a", "namespace({'a': 1}).a", "namespace(a=1).b", "namespace(a=1)", "namespace(a=1)['a']", "namespace() == namespace()", "joiner()() ~ 'x'", "cycler(1, 2).next()", "cycler()", "range(3) == range(3)", "raise_exception('no')", "strftime_now('%Y-%m-%d')", "strftime_now('%d %b %Y')", "strftime_now('%B %d, %Y %H:%M:%S %p %I %j %a %A %y %w %u %U %W %% %-d %-m %e %F %T %D')", "loop", "loop.index", "caller()", "varargs",
        "word(1)", "5()", "none()", "person()", "foo(1, 2)", "range(*[1, 3])|list", "range(*[1, 3])|sum", "dict(**{'a': 1})", "dict(*[{'a': 1}], **{'b': 2})", "word.replace(*['a', 'b'])", "'{a}'.format(**{'a': 1})", "word.split(bad=1)", "word.upper(*[])",
    ]


STATEMENTS = [
    "{% for x in list %}{{ x }}{% endfor %}",
    "{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for x in list %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %}",
    "{% for x in list %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{% endfor %}",
    "{% for x in list %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }}{% endfor %}",
    "{% for x in list %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}",
    "{% for x in list %}{{ loop }}{% endfor %}",
    "{% for x in list %}{{ loop|length }}{% endfor %}",
    "{% for x in nobody %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in list if x > 1 %}{{ loop.index }}:{{ x }} {% else %}none{% endfor %}",
    "{% for x in list if x > 9 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in list if loop.index > 1 %}{{ x }}{% endfor %}",
    "{% for x in list if x is odd and x > 1 %}{{ x }}{% endfor %}",
    "{% for k, v in person.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in person|items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in person %}{{ k }};{% endfor %}",
    "{% for k, v in person %}{{ k }}{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}",
    "{% for (a, b) in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}",
    "{% for c in word %}{{ c }}.{% endfor %}",
    "{% for c in unicode %}{{ c }}.{% endfor %}",
    "{% for x in missing %}{{ x }}{% else %}e{% endfor %}",
    "{% for x in none %}{{ x }}{% endfor %}",
    "{% for x in 5 %}{{ x }}{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "{% for x in range(3) %}{% for y in range(2) %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}",
    "{% for x in range(3) %}{% set outer = loop %}{% for y in range(2) %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for x in range(9) %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in range(5) %}{% if x is even %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in range(3) %}{% for y in range(3) %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
    "{% for x in range(3) %}{% break %}{% else %}e{% endfor %}",
    "{% break %}",
    "{% continue %}",
    "{% for x in list %}{% endfor %}{{ x }}",
    "{% set x = 1 %}{% for x in list %}{{ x }}{% endfor %}{{ x }}",
    "{% set x = 1 %}{% for y in list %}{{ x }}{% set x = y %}{{ x }}{% endfor %}{{ x }}",
    "{% for x in list %}{% set y = x %}{% endfor %}{{ y }}",
    "{% set ns = namespace(n=0, found=false) %}{% for x in list %}{% set ns.n = ns.n + x %}{% if x == 1 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.n }}{{ ns.found }}",
    "{% set ns = namespace() %}{% set ns.a = 1 %}{% set ns.b = ns.a + 1 %}{{ ns.a }}{{ ns.b }}{{ ns.c is defined }}",
    "{% set ns = namespace(x=[]) %}{% for i in range(3) %}{% set ns.x = ns.x + [i] %}{% endfor %}{{ ns.x }}",
    "{% set person.name = 'x' %}",
    "{% set nosuch.name = 'x' %}",
    "{% set a.b.c = 1 %}",
    "{% set ns = namespace(_x=1) %}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set a, b = [1, 2] %}{{ b }}{{ a }}",
    "{% set a, b = 'xy' %}{{ a }}{{ b }}",
    "{% set a, b = 1 %}",
    "{% set a, b = [1] %}",
    "{% set a = b = 1 %}",
    "{% set ns = namespace() %}{% set ns.a, b = 1, 2 %}{{ ns.a }}{{ b }}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set x %}a{{ 1 + 1 }}b{% endset %}{{ x }}|{{ x|length }}",
    "{% set x | upper %}abc{% endset %}{{ x }}",
    "{% set x | upper | replace('B', '-') %}abc{% endset %}{{ x }}",
    "{% set x %}{% for i in list %}{{ i }},{% endfor %}{% endset %}{{ x }}",
    "{% set x %}{% set y = 5 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}",
    "{% set ns = namespace() %}{% set ns.t %}hi{% endset %}{{ ns.t }}",
    "{% set true = 1 %}",
    "{% set 1 = 1 %}",
    "{% set x = %}",
    "{% set x %}",
    "{% set messages = messages[1:] %}{{ messages|length }}{{ messages[0].role }}",
    "{% if yes %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% if no %}{% set x = 1 %}{% endif %}{{ x is defined }}",
    "{% if no %}{% set word = 1 %}{% endif %}{{ word }}",
    "{% if no %}a{% elif nothing %}b{% elif seven %}c{% else %}d{% endif %}",
    "{% if no %}a{% elif nothing %}b{% else %}d{% endif %}",
    "{% if list and not nobody and word == 'panda' %}ok{% endif %}",
    "{% if missing %}a{% else %}b{% endif %}",
    "{% if missing.x %}a{% endif %}",
    "{% if yes: %}a{% endif %}",
    "{% if yes %}a",
    "{% if %}a{% endif %}",
    "{% if yes %}a{% endfor %}",
    "{% endif %}",
    "{% else %}",
    "{% for %}{% endfor %}",
    "{% for x in list %}",
    "{% for x list %}{% endfor %}",
    "{% nosuch %}",
    "{% %}",
    "{{ }}",
    "{{ 1",
    "{{ 1 }",
    "{% if yes %",
    "{# open",
    "{% raw %}{{ x }}",
    "{% include 'x' %}",
    "{% do list %}",
    "{% macro hi(name) %}Hello {{ name }}!{% endmacro %}{{ hi('Ana') }}",
    "{% macro hi(name, greeting='Hi') %}{{ greeting }} {{ name }}{% endmacro %}{{ hi('Ana') }};{{ hi('Bo', 'Yo') }};{{ hi(greeting='Oi', name='Cy') }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}",
    "{% macro m(a) %}[{{ a }}{{ a is defined }}]{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}",
    "{% macro m() %}{{ varargs|length }}{% endmacro %}{{ m() }}{{ m(1, 2) }}",
    "{% macro m() %}{{ kwargs.a }}{% endmacro %}{{ m(a=1) }}",
    "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}body{% endcall %}",
    "{% macro m(x) %}<{{ caller(x, 2) }}>{% endmacro %}{% call(a, b) m(1) %}{{ a }}+{{ b }}{% endcall %}",
    "{% macro m() %}{% if caller %}yes{% else %}no{% endif %}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}",
    "{% macro m() %}x{% endmacro %}{% call m() %}body{% endcall %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}x{% endmacro %}{{ m }}|{{ m.name }}",
    "{% macro m(a, b) %}x{% endmacro %}{{ m.arguments }}",
    "{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(4) }}",
    "{% macro m() %}{{ word }}{% endmacro %}{% set word = 'later' %}{{ m() }}",
    "{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}",
    "{% set x = 1 %}{% macro m() %}{% set x = 2 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}",
    "{% macro m() %}{{ loop }}{% endmacro %}{% for i in list %}{{ m() }}{% endfor %}",
    "{% for i in list %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{{ m() }}{% macro m() %}x{% endmacro %}",
    "{% macro m() %}  a  {% endmacro %}[{{ m()|trim }}]",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{% macro m(a %}{% endmacro %}",
    "{% call word %}x{% endcall %}",
    "{% macro m(x) %}{% for y in x %}{% if y is string %}{{ y }}{% else %}{{ m(y) }}{% endif %}{% endfor %}{% endmacro %}{{ m(['a', ['b', ['c']]]) }}",
    "{% macro render(n) %}{% for k, v in n.items() recursive %}{{ k }}{% if v is mapping %}({{ loop(v.items()) }}){% endif %}{% endfor %}{% endmacro %}{{ render({'a': {'b': {'c': 1}}, 'd': 2}) }}",
    "{% for x in nested recursive %}{% if x is iterable and x is not string %}[{{ loop(x) }}]{% else %}{{ x }}@{{ loop.depth }}{% endif %}{% endfor %}",
    "{% for x in nested %}{{ loop(x) }}{% endfor %}",
    "{% for x in [[], [1]] recursive %}{% if x is iterable %}{{ loop(x) }}{% else %}{{ x }}{% endif %}{% else %}E{% endfor %}",
    "{% filter upper %}abc {{ word }}{% endfilter %}",
    "{% filter upper|replace('A', '-') %}abc{% endfilter %}",
    "{% filter indent(2) %}a\nb{% endfilter %}",
    "{% filter nosuch %}a{% endfilter %}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}",
    "{% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x is defined }}",
    "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% generation %}a{{ word }}{% endgeneration %}b",
    "{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x is defined }}",
    "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{{ loop.index }}{% endgeneration %}{% endif %}{% endfor %}",
    "{% for m in messages %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
    "{% print word %}",
    "{% print 1, 2 %}",
    "{% raw %}{{ word }} {% if %} {# no #}{% endraw %}",
    "{%- raw -%}  {{ x }}  {%- endraw -%}  y",
    "{{ '{{' }}{{ '%}' }}{{ \"}}\" }}",
    "{{ {'a': {'b': 1}}.a.b }}",
    "{{ {'a': {'b': 1}} }}",
    "{{ [1, {'a': (1)}] }}}",
    "{{- word -}}",
    "{{ cycler.x }}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% set _ = c.reset() %}{{ c.current }}",
    "{% set j = joiner('; ') %}{% for x in list %}{{ j() }}{{ x }}{% endfor %}",
    "{% set g = words|map('upper') %}{{ g|list }}{{ g|list }}",
    "{% set g = words|map('upper') %}{{ g|first }}{{ g|first }}{{ g|list }}",
    "{% set f = word.upper %}{{ f() }}",
    "{% set f = range %}{{ f(3)|list }}",
    "{% for f in ['upper', 'lower'] %}{{ [word]|map(f)|first }}{% endfor %}",
    "{% set first_user = namespace(value=true) %}{% for m in messages %}{% if m['role'] == 'user' and first_user.value %}{% set first_user.value = false %}[first]{% endif %}{{ m['content'] }}{% endfor %}",
    "{% for m in messages[::-1] %}{% set index = (messages|length - 1) - loop.index0 %}{{ index }}{{ m.role }} {% endfor %}",
    "{% for m in messages|reverse %}{{ loop.index }}{{ m.role }}{{ loop.last }} {% endfor %}",
    "{{ messages[0]['content'] if messages[0]['role'] == 'system' else '' }}",
    "{{ bos_token }}{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{{ add_generation_prompt }}",
    "{% set loop_messages = messages[1:] if messages[0].role == 'system' else messages %}{{ loop_messages|map(attribute='role')|join(',') }}",
    "{% if (messages[1]['role'] == 'user') != (1 % 2 == 0) %}alternates{% endif %}",
    "{{ (person.items()|list)[0][1] }}",
    "{{ person.city|tojson if person.city is mapping else person.city }}",
    "{%set x=1%}{{x}}",
    "{%-set x=1-%}{{-x-}}",
    "{{+1}}",
    "{{-1}}",
    "{{ -1 }}",
    "a\r\nb\rc\n",
    "a\n\n",
    "\n",
    "{{ 'a\r\nb' }}",
    "{{ missing }}",
    "{{ none }}{{ true }}{{ 1.0 }}{{ [none, true, 1.0, 'x'] }}",
    "{{ raise_exception('no') }}",
    "{% if no %}{{ raise_exception('no') }}{% endif %}ok",
    "{{ 1 if raise_exception is defined }}",
]

SPACE_PIECES = [
    " ", "  ", "\n", "\n\n", "\t", "a", "b c", "{{ 1 }}", "{{- 2 }}", "{{ 3 -}}", "{{- 4 -}}", "{{+ 5 }}", "{# x #}", "{#- x #}", "{# x -#}", "{#+ x +#}",
    "{% set q = 1 %}", "{%- set q = 1 %}", "{% set q = 1 -%}", "{%- set q = 1 -%}", "{%+ set q = 1 %}", "{% set q = 1 +%}", "{%+ set q = 1 +%}",
    "{% raw %}", "{%- raw %}", "{% raw -%}", "{%+ raw %}",
]
RAW_ENDS = ["{% endraw %}", "{%- endraw %}", "{% endraw -%}", "{%- endraw -%}", "{%+ endraw +%}", "  {% endraw %}", "\n  {% endraw %}\n"]
BLOCKS = [("if yes", "endif"), ("for i in [1, 2]", "endfor"), ("set z", "endset"), ("macro m()", "endmacro"), ("filter upper", "endfilter"), ("generation", "endgeneration")]


def spaces(generator, count):
    """Templates that are mostly white space and tags."""
    for _ in range(count):
        template = ""
        stack = []
        for _ in range(generator.randint(2, 9)):
            choice = generator.random()
            if choice < 0.2:
                opening, closing = generator.choice(BLOCKS)
                template += generator.choice(["{% ", "{%- ", "{%+ "]) + opening + generator.choice([" %}", " -%}", " +%}"])
                stack.append(closing)
            elif choice < 0.35 and stack:
                template += generator.choice(["{% ", "{%- ", "{%+ "]) + stack.pop() + generator.choice([" %}", " -%}", " +%}"])
            else:
                piece = generator.choice(SPACE_PIECES)
                template += piece
                if "raw" in piece:
                    template += generator.choice([" ", "\n", "x", "\n  ", " \n{{ y }}"]) + generator.choice(RAW_ENDS)
        while stack:
            template += generator.choice(["{% ", "{%- "]) + stack.pop() + generator.choice([" %}", " -%}"])
        yield template + generator.choice(["", "\n", "\n\n", " "])


ATOMS = ["1", "2", "0", "-3", "2.5", "'ab'", "''", "'A b'", "true", "false", "none", "missing", "seven", "half", "word", "unicode", "list", "words", "person", "people", "nobody", "void", "nested", "[1, 'x']", "(1, 2)", "{'a': 1}"]
RANDOM_FILTERS = ["upper", "lower", "title", "length", "list", "first", "last", "string", "int", "float", "join('-')", "tojson", "default('d')", "abs", "sort", "reverse|list", "trim", "unique|list", "sum", "round(1)", "items|list", "replace('a', 'b')", "map('string')|list", "select|list", "tojson(indent=1)", "max", "min", "capitalize", "indent(1)", "batch(2)|list"]
RANDOM_TESTS = ["defined", "none", "string", "mapping", "iterable", "number", "odd", "sequence", "true", "not defined", "in [1, 2]", "in 'abc'", "eq 1", "divisibleby 2"]
RANDOM_SUFFIXES = [".name", "[0]", "[-1]", "['name']", "[1:]", "[::-1]", ".upper()", ".items()", ".get('a')", ".split()", ".strip()", ".a", ".x.y", "[:2]"]


def expression(generator, depth):
    if depth == 0 or generator.random() < 0.2:
        return generator.choice(ATOMS)
    kind = generator.random()
    inner = lambda: expression(generator, depth - 1)
    if kind < 0.3:
        operator = generator.choice(["+", "-", "*", "/", "//", "%", "~", "~", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or"])
        return f"{inner()} {operator} {inner()}"
    if kind < 0.5:
        return f"{inner()}|{generator.choice(RANDOM_FILTERS)}"
    if kind < 0.62:
        # Jinja computes the suffixes of constants by other rules.
        return f"{generator.choice(ATOMS[12:25])}{generator.choice(RANDOM_SUFFIXES)}"
    if kind < 0.7:
        return f"{inner()} is {generator.choice(RANDOM_TESTS)}"
    if kind < 0.76:
        return f"{inner()} if {inner()} else {inner()}"
    if kind < 0.82:
        return f"not {inner()}"
    if kind < 0.9:
        return f"({inner()})"
    if kind < 0.95:
        return f"[{inner()}, {inner()}]"
    return "{'k': " + inner() + "}"


def cases(seed, spaces_count, expressions_count):
    generator = random.Random(seed)
    expressions = [*literals(), *operators(), *subscripts(), *filters(), *tests(), *methods()]
    templates = ["{{ " + text + " }}" for text in expressions] + STATEMENTS
    templates += spaces(generator, spaces_count)
    templates += ["{{ " + expression(generator, 3) + " }}" for _ in range(expressions_count)]
    return templates


def results(templates):
    seen = set()
    for template in templates:
        if template in seen:
            continue
        seen.add(template)
        expected = render(template, CONTEXT)
        if expected is None or is_reproducible(expected):
            yield [template, expected]


def write(path, rows):
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    context = json.dumps(CONTEXT, ensure_ascii=False)
    path.write_text('{"context": ' + context + ',\n"cases": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(len(rows), "cases in", path)


if __name__ == "__main__":
    if len(sys.argv) == 5:
        seed, spaces_count, expressions_count = map(int, sys.argv[2:])
        write(Path(sys.argv[1]), list(results(cases(seed, spaces_count, expressions_count))))
    else:
        FOLDER.mkdir(parents=True, exist_ok=True)
        write(FOLDER / "snippets.json", list(results(cases(1, 400, 600))))
