"""Markdown: what texts become, whole and in pieces."""

import random
import re

from markdown_it import MarkdownIt

from browser import Failure, expect, expect_true

READ = """
const [text, length, done] = arguments;
import(new URL("page/markdown.js", document.baseURI)).then(({ MarkdownView }) => {
  const root = document.createElement("div");
  const view = new MarkdownView(root);
  for (let at = 0; at < text.length; at += length) {
    view.append(text.slice(at, at + length));
    if (length < text.length) view.draw();
  }
  view.finish();
  for (const one of root.querySelectorAll("figcaption button")) one.remove();
  for (const one of root.querySelectorAll("[tabindex]")) one.removeAttribute("tabindex");
  for (const one of root.querySelectorAll("a")) one.replaceWith(`<${one.getAttribute("href")}>${one.textContent}</>`);
  done(root.innerHTML);
}).catch((error) => done(`error: ${error.stack}`));
"""

# Brings what the page made and what a reference made into one form, in which they can be compared.
COMPARE = """
const [text, reference, done] = arguments;
const outline = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\\s+/g, " ");
  const name = { S: "DEL" }[node.nodeName] ?? node.nodeName;
  if (name === "FIGCAPTION") return "";
  if (name === "PRE") return `<PRE>${node.textContent.trimEnd()}</PRE>`;
  const inner = [...node.childNodes].map(outline).join("");
  // Whether the paragraphs of items have elements of their own is a question of style.
  if (name === "P" && node.parentNode.nodeName === "LI") return inner.trim();
  if (["BODY", "FIGURE", "SPAN", "DIV"].includes(name)) return inner;
  const address = name === "A" ? ` ${node.getAttribute("href")}` : "";
  return `<${name}${address}>${["EM", "STRONG", "DEL", "A", "CODE"].includes(name) ? inner : inner.trim()}</${name}>`;
};
const clean = (root) => outline(root).replace(/\\s*(<\\/?(?:LI|UL|OL|P|BR|BLOCKQUOTE|PRE|H1|HR|TABLE|T[A-Z]+)>)\\s*/g, "$1")
  .replaceAll("<TBODY></TBODY>", "");
import(new URL("page/markdown.js", document.baseURI)).then(({ MarkdownView }) => {
  const root = document.createElement("div");
  const view = new MarkdownView(root);
  view.append(text);
  view.finish();
  done([clean(root), clean(new DOMParser().parseFromString(reference, "text/html").body)]);
}).catch((error) => done([`error: ${error.stack}`, ""]));
"""

# Texts, and the elements that CommonMark, GitHub's tables and the page's own rules make of them.
EXAMPLES = [
    ("a *b* **c** `d` ~~e~~", "<p>a <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></p>"),
    ("***both*** **bold *in* it**", "<p><em><strong>both</strong></em> <strong>bold <em>in</em> it</strong></p>"),
    ("snake_case_name, 2 * 3 * 4", "<p>snake_case_name, 2 * 3 * 4</p>"),
    (r"\*no\* ``a`b``", "<p>*no* <code>a`b</code></p>"),
    ("one\ntwo", "<p>one<br>two</p>"),
    ("# One\n### Three ###\ntext\n---", "<h1>One</h1><h3>Three</h3><p>text</p><hr>"),
    ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    ("- a\n\n- b", '<ul data-loose=""><li><p>a</p></li><li><p>b</p></li></ul>'),
    (
        "3. a\n  - b\n4. c\n\nd",
        '<ol start="3"><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol><p>d</p>',
    ),
    ("12344. a\n\n12345.6 b", '<ol start="12344"><li><p>a</p></li></ol><p>12345.6 b</p>'),
    ("_a ~~b c* d~~ *e*", "<p>_a <del>b c* d</del> <em>e</em></p>"),
    ("&lt;b&gt; &#x41;&#66; &amp;lt; & &x; &#0;", "<p>&lt;b&gt; AB &amp;lt; &amp; &amp;x; \ufffd</p>"),
    ("in 2026\n2. not a list", "<p>in 2026<br>2. not a list</p>"),
    ("- [ ] open\n- [x] done", "<ul><li><p>☐ open</p></li><li><p>☑ done</p></li></ul>"),
    ("> a\n> - b\n\nc", "<blockquote><p>a</p><ul><li><p>b</p></li></ul></blockquote><p>c</p>"),
    (
        "| a | b \\| c |\n|:-:|--:|\n| 1 |\n\nd",
        '<div class="table"><table><thead><tr><th class="center">a</th><th class="right">b | c</th></tr></thead><tbody>'
        '<tr><td class="center">1</td><td class="right"></td></tr></tbody></table></div><p>d</p>',
    ),
    (
        "a\n| b |\n|---|\n| c |",
        '<p>a</p><div class="table"><table><thead><tr><th>b</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table></div>',
    ),
    (
        "- a\n| b |\n|---|\n| c |",
        '<ul><li><p>a</p></li></ul><div class="table"><table><thead><tr><th>b</th></tr></thead>'
        "<tbody><tr><td>c</td></tr></tbody></table></div>",
    ),
    ("> q\n2. e", '<blockquote><p>q</p></blockquote><ol start="2"><li><p>e</p></li></ol>'),
    ("a![b] ![c](https://e.com/d)", "<p>a![b] &lt;https://e.com/d&gt;c&lt;/&gt;</p>"),
    ("[t](https://e.com/a_(b)) <https://e.com>", "<p>&lt;https://e.com/a_(b)&gt;t&lt;/&gt; &lt;https://e.com/&gt;https://e.com&lt;/&gt;</p>"),
    ("see https://e.com/a_b_c.", "<p>see &lt;https://e.com/a_b_c&gt;https://e.com/a_b_c&lt;/&gt;.</p>"),
    ("[t](javascript:x) [u](/a) <b>", "<p>[t](javascript:x) [u](/a) &lt;b&gt;</p>"),
    (r"\(a_1 * b_1\) $$c*d*e$$", r'<p><span class="mathematics">\(a_1 * b_1\)</span> <span class="mathematics">$$c*d*e$$</span></p>'),
    ("**「あ」**は", "<p><strong>「あ」</strong>は</p>"),
    (
        "- a\n  ```txt\n  b\n\n    c\n  ```\n- d",
        '<ul><li><p>a</p><figure class="code"><figcaption><span class="language">txt</span></figcaption><pre aria-label="Code, txt">'
        '<code><span class="part">b\n\n  c\n</span></code></pre></figure></li><li><p>d</p></li></ul>',
    ),
    (
        "```py\nx = 'a' # no\n````\nafter",
        '<figure class="code"><figcaption><span class="language">py</span></figcaption><pre aria-label="Code, py"><code>'
        '<span class="part">x = <span class="code-string">\'a\'</span> <span class="code-comment"># no</span>\n</span></code></pre>'
        "</figure><p>after</p>",
    ),
]

PIECES = [
    "*", "**", "_", "`", "```\n", "```swift\n", "\n", "\n\n", "- ", "  ", "1. ", "> ", "a", "b c", "[", "](", "https://e.com", ")",
    "|", "|--|\n", "# ", "~~", "\\", "<", "$$", "\\(", "\\)", "'", '"""', "/*", "\t", "\r\n", "é", "😀", "(", "***", "---\n",
    "&lt;",
]  # fmt: skip


def read(page, text, length=None):
    found = page.driver.execute_async_script(READ, text, length or max(len(text), 1) + 1)
    if found.startswith("error"):
        raise Failure(f"{text!r}: {found}")
    return found


def test_examples(page):
    """Texts become the elements that their authors meant."""
    for text, expected in EXAMPLES:
        expect(read(page, text), expected, repr(text))


def test_reference(page):
    """Random texts become what markdown-it makes of them, but for what the page does otherwise on purpose."""
    reference = MarkdownIt("commonmark", {"breaks": True, "html": False}).enable(["strikethrough", "table"])
    reference.disable(["image", "reference", "html_inline", "html_block", "lheading", "code"])
    marks = ["*", "**", "_", "__", "`", "``", "a", "b c", " ", "[", "](mailto:a@e.com)", "~~", ")", "\\*", "x.", "é", "***"]
    marks += ["\n", "&lt;", "!", "("]
    lines = ["- a", "- b", "", "  c", "1. d", "2. e", "> q", "> - r", "```", "x", "# h", "   - n", "***", "~~~", "  > z", "1) w", "*t* u"]
    tables = ["", "", "| a | b |", "|---|:-:|", "| c |", "- i", "# h"]
    choice = random.Random(3)
    texts = ["a" + "".join(choice.choices(marks, k=choice.randint(3, 16))) + "z" for _ in range(1500)]
    # Not what begins a block, and no links without a text, which are shown as their address.
    texts = [one for one in texts if not re.search(r"\n *([*_-]{1,3} |\n|[*_]|```)|~~~", one)]
    texts = [one for one in texts if not re.search(r"\[[\s*_]*\]|!\[", one)]
    texts += ["\n".join(choice.choices(lines, k=choice.randint(2, 8))) for _ in range(600)]
    texts += ["\n".join(choice.choices(tables, k=choice.randint(2, 8))) for _ in range(300)]
    compared = 0
    for text in texts:
        # A table beside a list is not taken into it.
        if re.search(r"^- i\n+\|", text, re.MULTILINE):
            continue
        # The policy allows no style; how columns are aligned is in the examples.
        html = re.sub(' style="[^"]*"', "", reference.render(text))
        found, expected = page.driver.execute_async_script(COMPARE, text, html)
        expect(found, expected, repr(text))
        compared += 1
    expect_true(compared > 1500, f"only {compared} texts were compared")


def test_pieces(page):
    """A text that comes in pieces of any length becomes the same as the whole."""
    choice = random.Random(1)
    texts = [text for text, _ in EXAMPLES]
    texts += ["".join(choice.choices(PIECES, k=choice.randint(3, 60))) for _ in range(250)]
    texts.append("\n\n".join(texts))
    for text in texts:
        whole = read(page, text)
        for length in (1, 2, 7):
            expect(read(page, text, length), whole, f"{text!r} in pieces of {length}")


def test_text_is_kept(page):
    """Nothing but marks is left out: the words of any text are all there."""
    choice = random.Random(2)
    for _ in range(150):
        pieces = choice.choices(PIECES, k=40)
        words = [f"w{number}w" for number in range(39)]
        text = "".join(piece + word for piece, word in zip(pieces, words)).replace("```w", "``` w")
        found = read(page, text)
        # A fence's first word is its language; more of them are no part of the code, and cells may be too many for a table.
        missing = [word for word in words if word not in found]
        if missing and "```" not in text and "|--|" not in text:
            raise Failure(f"{text!r} lost {missing}: {found}")


def test_hostile_texts(page):
    """Texts made to take long are read all the same."""
    for text in [
        "*" * 100_000,
        "*a " * 40_000,
        "a* " * 40_000,
        "**a_ " * 30_000,
        "[" * 100_000,
        "[a](" * 30_000,
        "[a](" + "(" * 90_000,
        " ".join("`" * count for count in range(1, 440)),
        ">" * 100_000,
        "- " * 50_000,
        "<" * 100_000,
        "|" * 100_000 + "\n" + "|-" * 50_000 + "\n" + "|x" * 50_000,
        " " * 100_000 + "x",
        "# " + "#" * 100_000,
        "\n".join("  " * depth + "- x" for depth in range(400)),
        "http://" * 20_000,
        "*a_b**c`d[e " * 12_000,
        "$$" * 50_000 + "a",
        "- " + "* " * 50_000 + "x",
    ]:
        read(page, text)
