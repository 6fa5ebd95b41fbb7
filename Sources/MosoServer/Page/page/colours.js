// Colours for code, a line at a time: comments, strings, numbers, keywords and the names of types. It knows the shapes that
// languages share, not their grammars; what it does not know stays plain.

const longestLine = 2000;

function words(text) {
  return new Set(text.split(" "));
}

const c = {
  line: "//",
  block: ["/*", "*/"],
  quotes: "\"'",
  keywords: words(
    "auto break case char class const constexpr continue default delete do double else enum extern false float for if " +
      "include inline int long namespace new nullptr operator private protected public return short signed sizeof " +
      "static static_cast struct switch template this throw true try catch typedef typename union unsigned using " +
      "virtual void volatile while NULL define ifdef ifndef endif",
  ),
};

const languages = {
  c,
  java: {
    ...c,
    keywords: words(
      "abstract as async await base bool boolean break byte case catch char class const continue data default do double " +
        "else enum extends extension false final finally float for foreach fun get if implements import in instanceof " +
        "int interface internal is let long namespace new null object open out override package private protected " +
        "public readonly record ref return sealed set short static string super switch synchronized this throw throws " +
        "true try using val var void volatile when where while yield",
    ),
  },
  swift: {
    ...c,
    quotes: '"',
    long: ['"""'],
    keywords: words(
      "actor any as associatedtype async await break borrowing case catch class consuming continue convenience default " +
        "defer deinit didSet do else enum extension fallthrough false fileprivate final for func get guard if import in " +
        "indirect init inout internal is isolated lazy let mutating nil nonisolated open operator override package " +
        "private protocol public repeat rethrows return self Self set some static struct subscript super switch throw " +
        "throws true try typealias unowned unsafe var weak where while willSet",
    ),
  },
  python: {
    line: "#",
    quotes: "\"'",
    long: ['"""', "'''"],
    keywords: words(
      "and as assert async await break case class continue def del elif else except False finally for from global if " +
        "import in is lambda match None nonlocal not or pass raise return self True try while with yield",
    ),
  },
  javascript: {
    ...c,
    long: ["`"],
    keywords: words(
      "abstract any as async await boolean break case catch class const continue debugger declare default delete do else " +
        "enum export extends false finally for from function get if implements import in infer instanceof interface is " +
        "keyof let namespace never new null number of private protected public readonly return satisfies set static " +
        "string super switch this throw true try type typeof undefined unknown var void while with yield",
    ),
  },
  rust: {
    ...c,
    quotes: '"',
    keywords: words(
      "as async await bool break const continue crate dyn else enum extern f32 f64 false fn for i16 i32 i64 i8 if impl in " +
        "isize let loop match mod move mut pub ref return self Self static str struct super trait true type u16 u32 u64 " +
        "u8 unsafe use usize where while",
    ),
  },
  go: {
    ...c,
    long: ["`"],
    keywords: words(
      "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if " +
        "import int int64 interface iota make map nil package range return rune select string struct switch true type " +
        "uint var",
    ),
  },
  shell: {
    line: "#",
    quotes: "\"'",
    keywords: words(
      "case cd curl do done echo elif else esac exit export fi for function if in local read return set source sudo then " +
        "until while",
    ),
  },
  ruby: {
    line: "#",
    quotes: "\"'",
    keywords: words(
      "alias and begin break case class def do else elsif end ensure false for if in module next nil not or raise require " +
        "rescue return self super then true unless until when while yield",
    ),
  },
  sql: {
    line: "--",
    block: ["/*", "*/"],
    quotes: "'",
    ignoresCase: true,
    keywords: words(
      "add all alter and as asc between by case create cross default delete desc distinct drop else end exists foreign " +
        "from full group having if in index inner insert into is join key left like limit not null offset on or order " +
        "outer over partition primary references right select set table then union unique update values view when " +
        "where with",
    ),
  },
  data: { line: "#", quotes: "\"'", keywords: words("true false null yes no on off") },
  styles: { block: ["/*", "*/"], quotes: "\"'", keywords: words("important media import supports layer") },
};

const names = {
  swift: "swift",
  c: "c cpp c++ cc h hpp objc objective-c cuda metal",
  java: "java kotlin kt scala cs csharp c# dart groovy php",
  python: "python py python3",
  javascript: "javascript js jsx mjs typescript ts tsx",
  rust: "rust rs",
  go: "go golang",
  shell: "sh shell bash zsh fish console dockerfile makefile make",
  ruby: "ruby rb elixir perl r julia",
  sql: "sql sqlite postgresql mysql",
  data: "json jsonc yaml yml toml ini",
  styles: "css scss less",
};

const byName = new Map(
  Object.entries(names).flatMap(([language, list]) => list.split(" ").map((name) => [name, languages[language]])),
);

// The nodes of a line, and what the next line has to know: the ending it is waiting for (`state`), or null.
export function colouredLine(line, name, state) {
  const language = byName.get(name);
  if (!language || line.length > longestLine) return { nodes: [line], state };
  const nodes = [];
  let plain = "";
  let at = 0;
  const add = (kind, text) => {
    if (plain !== "") nodes.push(plain);
    plain = "";
    const made = document.createElement("span");
    made.className = `code-${kind}`;
    made.textContent = text;
    nodes.push(made);
    at += text.length;
  };
  // Up to an ending, or the whole rest, which then goes on in the next line.
  const until = (ending, kind, from) => {
    const found = line.indexOf(ending, from);
    add(kind, found < 0 ? line.slice(at) : line.slice(at, found + ending.length));
    return found < 0 ? { ending, kind } : null;
  };
  if (state !== null) state = until(state.ending, state.kind, 0);
  while (at < line.length) {
    const long = language.long?.find((quote) => line.startsWith(quote, at));
    if (language.line && line.startsWith(language.line, at) && startsComment(language, line, at)) {
      add("comment", line.slice(at));
    } else if (language.block && line.startsWith(language.block[0], at)) {
      state = until(language.block[1], "comment", at + 2);
    } else if (long) {
      state = until(long, "string", at + long.length);
    } else if (language.quotes.includes(line[at])) {
      add("string", quoted(line, at));
    } else {
      const word = /[\p{L}_$][\p{L}\p{N}_$]*|\d(?:[\w.]*\w)?|\s+|./uy;
      word.lastIndex = at;
      const text = word.exec(line)[0];
      const kind = kindOf(text, language);
      if (kind) {
        add(kind, text);
      } else {
        plain += text;
        at += text.length;
      }
    }
  }
  if (plain !== "") nodes.push(plain);
  return { nodes, state };
}

// In shells and data a `#` within a word is no comment.
function startsComment(language, line, at) {
  return language.line !== "#" || at === 0 || /\s/.test(line[at - 1]);
}

function quoted(line, start) {
  let at = start + 1;
  while (at < line.length && line[at] !== line[start]) at += line[at] === "\\" ? 2 : 1;
  return line.slice(start, at + 1);
}

function kindOf(text, language) {
  if (/^\d/.test(text)) return "number";
  if (language.keywords.has(language.ignoresCase ? text.toLowerCase() : text)) return "keyword";
  return language !== languages.shell && !language.ignoresCase && /^\p{Lu}\w*\p{Ll}/u.test(text) ? "type" : null;
}
