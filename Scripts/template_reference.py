"""The reference that Moso's chat templates are compared with: Jinja2 set up as Hugging Face's apply_chat_template sets
it up (transformers, utils/chat_template_utils.py), with a clock that stands still.

Needs: pip install jinja2==3.1.6
"""

import copy
import functools
import json
import re
from datetime import datetime

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2024, 7, 26, 13, 5, 9)


class Generation(jinja2.ext.Extension):
    """`{% generation %}` marks what the model wrote; rendered as text it changes nothing."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def environment():
    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    class Namespace(jinja2.utils.Namespace):
        def __init__(*args, **kwargs):
            self, args = args[0], args[1:]
            attributes = dict(*args, **kwargs)
            if any(isinstance(name, str) and name.startswith("_") for name in attributes):
                raise jinja2.exceptions.SecurityError("no names with underscores")
            jinja2.utils.Namespace.__init__(self, attributes)

        def __setitem__(self, name, value):
            if isinstance(name, str) and name.startswith("_"):
                raise jinja2.exceptions.SecurityError("no names with underscores")
            jinja2.utils.Namespace.__setitem__(self, name, value)

    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: NOW.strftime(format)
    env.globals["namespace"] = Namespace
    return env


ENVIRONMENT = environment()


@functools.lru_cache(maxsize=256)
def compiled(template):
    return ENVIRONMENT.from_string(template)


def render(template, context):
    """What the template gives, or None when it is an error."""
    try:
        return compiled(template).render(**copy.deepcopy(context))
    except Exception:  # whatever Python calls it, the template does not work
        return None


ROLES = ["system", "developer", "user", "assistant", "tool", "model", "ipython"]

# Private-use characters stand for the characters of inputs when it is found out where each character came from.
FIRST_MARK = 0xF0000


def marked_render(template, context, trusted_keys):
    """The rendering as [text, from the template] pieces, found by rendering once more with every character of every
    input replaced by a private-use one. Only right for templates that do not look into their inputs."""
    table = {}

    def mark(text):
        for character in text:
            table.setdefault(character, chr(FIRST_MARK + len(table)))
        return "".join(table[character] for character in text)

    def walk(value, key=None):
        if isinstance(value, str):
            return value if key in trusted_keys or (key == "role" and value in ROLES) else mark(value)
        if isinstance(value, list):
            return [walk(item, key) for item in value]
        if isinstance(value, dict):
            return {name: walk(item, name) for name, item in value.items()}
        return value

    def marked_json(*args, **options):
        # A text made of inputs and punctuation counts as input altogether.
        text = ENVIRONMENT.filters["tojson"](*args, **options)
        if '"' not in text:
            return text
        back = {mark: character for character, mark in table.items()}
        return mark("".join(back.get(character, character) for character in text))

    plain = compiled(template).render(**context)
    marking = environment()
    marking.filters["tojson"] = marked_json
    marked = marking.from_string(template).render(**walk(context))
    back = {mark: character for character, mark in table.items()}
    assert "".join(back.get(c, c) for c in marked) == plain, "the template looks into its inputs"
    assert "{'" not in plain, "the template prints a dictionary, whose keys are not marked here"
    pieces = []
    for character in marked:
        ours = character not in back
        if pieces and pieces[-1][1] == ours:
            pieces[-1][0] += back.get(character, character)
        else:
            pieces.append([back.get(character, character), ours])
    return pieces


def is_reproducible(text):
    """Whether the text holds no memory address and no number beyond 64 bits."""
    return not re.search(r" at 0x|built-in method|bound method|<function|<class|<jinja2|generator|\d{19}|\dj\)", text)
