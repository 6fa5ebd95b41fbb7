"""Texts that are hard to tokenize, the same ones every time: used by tokenizer_golden.py.

`texts(size)` yields byte strings, together at least `size` bytes, and `every_character()` more of them: prose in English,
Chinese and Arabic, code, numbers, many scripts, emoji, combining marks, every kind of white space, contractions in every case, and broken UTF-8.
"""

import random

WORDS = """the of and to in a is that it was for on are as with his they at be this from have or by one had not but what
all were when we there can an your which their said if do will each about how up out them then she many some so these
would other into has more her two like him see time could no make than first been its who now people my made over did
down only way find use may water long little very after words called just where most know get through back much before
go good new write our used me man too any day same right look think also around another came come work three word must
because does part even place well such here take why things help put years different away again off went old number
great tell men say small every found still between name should home big give air line set own under read last never us
left end along while might next sound below saw something thought both few those always looked show large often together
asked house don't can't won't it's I'm you're they've we'll she'd o'clock rock'n'roll James's Anna's mother-in-law
naïve café résumé Zürich Øresund façade jalapeño piñata Ærø smörgåsbord coöperate Łódź Dvořák""".split()

NAMES = "London Paris Tokyo Alice Bob Élodie Jürgen Siobhán NASA HTTP iPhone McDonald eBay LaTeX GitHub".split()

CHINESE = """我 你 他 她 我们 他们 大家 老师 学生 朋友 孩子 母亲 父亲 医生 司机 工人 今天 明天 昨天 早上 晚上 去年 现在 以后 春天 冬天 北京
上海 广州 台灣 中国 法国 日本 城市 农村 学校 医院 图书馆 公园 火车站 机场 商店 厨房 房间 街道 河流 山上 海边 天气 太阳 月亮 雨 雪 风 水 茶 米饭 面条
水果 苹果 西瓜 书 报纸 电影 音乐 电脑 手机 互联网 人工智能 语言模型 数据 问题 答案 方法 结果 历史 文化 经济 政治 社会 科学 技术 环境 健康 时间 生活
工作 学习 研究 发展 喜欢 看见 听说 知道 认为 觉得 希望 需要 可以 应该 能够 开始 继续 完成 帮助 告诉 回答 写 读 说 走 跑 吃 喝 买 卖 给 做 想 等 住
高兴 美丽 重要 困难 简单 便宜 漂亮 新 旧 大 小 多 少 很 非常 最 也 都 还 已经 正在 刚才 如果 因为 所以 但是 虽然 然后 或者 和 跟 在 从 到 对 把 被
的 的 的 的 了 了 着 过 吗 呢 吧 是 是 不 不 没有 有 这 那 这个 那些 每 一个 两本 三张 几天 第一次 許多 學習 電腦 說話 時間 國家 問題""".split()

ARABIC = """في من على إلى عن مع هذا هذه ذلك التي الذي كان كانت يكون ليس قد لقد ثم أو و لا ما لم لن إن أن كل بعض بعد قبل عند بين تحت فوق
اليوم غدا أمس الآن دائما أبدا أحيانا الصباح المساء السنة الشهر الأسبوع الوقت الكتاب المدرسة الجامعة البيت المدينة القرية الشارع البحر النهر الجبل
الصحراء الشمس القمر المطر الماء الخبز القهوة الشاي الطعام الرجل المرأة الولد البنت الطالب المعلّم الطبيب العالم الحكومة الاقتصاد السياسة الثقافة
التاريخ اللغة العربيّة الحاسوب الإنترنت الذكاء الاصطناعي النموذج البيانات السؤال الجواب المشكلة الحلّ الطريقة النتيجة يقول يكتب يقرأ يذهب يأتي يأكل
يشرب يعمل يعيش يريد يستطيع يعرف يفهم يحبّ ذهب كتب قرأ قال رأى وجد بدأ أصبح وصل عاد جديد قديم كبير صغير جميل مهمّ صعب سهل كثير قليل طويل قصير
القاهرة بغداد دمشق بيروت تونس المغرب السعوديّة باريس محمد فاطمة ليلى والكتاب بالمدينة للطالب فسيكتبونها وبالوالدين كَتَبَ مُعَلِّمٌ شُكْرًا هٰذَا
السَّلَامُ عَلَيْكُمْ إِنَّ اللّٰه ﷺ پدر گفت چرا می‌خواهم کتاب‌ها یک ہے میں کے لئے ٹھیک""".split()

SCRIPTS = {
    "Greek": (0x370, 0x3FF), "Cyrillic": (0x400, 0x52F), "Armenian": (0x530, 0x58F), "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF), "Syriac": (0x700, 0x74F), "Thaana": (0x780, 0x7BF), "NKo": (0x7C0, 0x7FF),
    "Devanagari": (0x900, 0x97F), "Bengali": (0x980, 0x9FF), "Tamil": (0xB80, 0xBFF), "Thai": (0xE00, 0xE7F),
    "Tibetan": (0xF00, 0xFFF), "Georgian": (0x10A0, 0x10FF), "Jamo": (0x1100, 0x11FF), "Ethiopic": (0x1200, 0x137F),
    "Khmer": (0x1780, 0x17FF), "Mongolian": (0x1800, 0x18AF), "Extended": (0x1E00, 0x1EFF), "GreekX": (0x1F00, 0x1FFF),
    "Punctuation": (0x2000, 0x206F), "Letterlike": (0x2100, 0x214F), "Numbers": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF), "Enclosed": (0x2460, 0x24FF), "Boxes": (0x2500, 0x257F), "CJKpunct": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F), "Katakana": (0x30A0, 0x30FF), "Han": (0x4E00, 0x9FFF), "Hangul": (0xAC00, 0xD7A3),
    "Compat": (0xF900, 0xFAFF), "ArabicForms": (0xFB50, 0xFDFF), "Halfwidth": (0xFF00, 0xFFEF),
    "Gothic": (0x10330, 0x1034F), "Deseret": (0x10400, 0x1044F), "Math": (0x1D400, 0x1D7FF),
    "Adlam": (0x1E900, 0x1E95F), "Emoji": (0x1F300, 0x1F64F), "Symbols": (0x1F900, 0x1F9FF), "HanB": (0x20000, 0x2A6DF),
    "Private": (0xE000, 0xE0FF), "Unassigned": (0x1C80, 0x1CBF), "Tags": (0xE0000, 0xE007F),
}

SPACES = [
    "\t", "\n", "\x0b", "\x0c", "\r", "\r\n", " ", "\x85", "\xa0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
    # These look like white space and are not.
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u180e", "\x1c", "\x1d", "\x1e", "\x1f", "\x00", "\x7f",
]

SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["...", "->", "=>", "//", "/*", "*/", "==", "!=", "&&", "||", "::",
    "—", "–", "…", "«", "»", "“", "”", "‘", "’", "€", "£", "¥", "§", "¶", "•", "™", "©", "±", "×", "÷", "√", "∞", "≠", "。",
    "，", "、", "！", "？", "「", "」", "（", "）", "～"]

CONTRACTIONS = [mark + tail for mark in "'’" for tail in
    ["s", "S", "ſ", "t", "T", "re", "RE", "Re", "rE", "ve", "VE", "vE", "m", "M", "ll", "LL", "lL", "d", "D", "r", "v", "l",
     "x", "ss", "ſt", "reſ", "K", "\u212a", "\ufb06"]]

EMOJI = ["😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇯🇵🇫🇷", "1️⃣", "#️⃣", "❤️", "☺", "🤷🏿‍♀️", "\U0001fae8", "✊", "🫱🏻‍🫲🏿"]

MARKS = [chr(c) for c in list(range(0x300, 0x370)) + [0x345, 0x591, 0x5B0, 0x64B, 0x651, 0x93C, 0x94D, 0xE31, 0xE48, 0x20DD,
    0x20E3, 0x302A, 0x3099, 0x309A, 0xFE0F, 0xFE20, 0x1D165, 0xE0100]]

CODE = [
    "def {a}({b}, *args, **kwargs):\n    return {b}.{a}(x for x in range({n}) if x != {n})\n",
    "for (int {a} = 0; {a} < {n}; ++{a}) {{\n\t\tsum += {b}[{a}] * 0x{n:x};\n\t}}\r\n",
    "<div class=\"{a}\" id='{b}'>\n  <p>{a} &amp; {b}&nbsp;</p>\n</div>\n",
    "SELECT {a}, COUNT(*) FROM {b} WHERE {a}_id >= {n} GROUP BY 1;\n",
    "#include <{a}.h>\n#define {b}_MAX ({n}U << 3)\n",
    "let {a}: [{b}] = try await {b}.map {{ $0.{a} ?? {n} }}  // {a}\n",
    "{{\"{a}\": [{n}, -{n}.5e-3, null], \"{b}\": {{\"{a}\": true}}}}\n",
    "$ grep -rn '{a}' ./{b}/*.txt | awk '{{print $1}}' > /dev/null 2>&1\n",
    "\\begin{{equation}}\n  \\alpha_{{{n}}} = \\frac{{{a}}}{{{b}^2}} + \\sum_{{i=1}}^{{{n}}} x_i\n\\end{{equation}}\n",
    "https://www.{a}.org/{b}/index.html?q={n}&lang=en#top {a}@{b}.com {n}.{n}.0.1:8080\n",
]


def sentence(r):
    words = [r.choice(WORDS if r.random() < 0.93 else NAMES) for _ in range(r.randint(3, 22))]
    text = " ".join(words)
    text = text[0].upper() + text[1:] + r.choice([".", ".", ".", "!", "?", ";", ":", "...", ".”", ",'"])
    case = r.random()
    if case < 0.03:
        text = text.upper()
    elif case < 0.05:
        text = text.title()
    elif case < 0.07:
        text = "".join(c.upper() if r.random() < 0.4 else c for c in text)
    return text


def chinese(r):
    """Phrases as they are written: without spaces, with full-width marks, sometimes with Latin words and numbers in them."""
    out = []
    for _ in range(r.randint(1, 5)):
        words = [r.choice(CHINESE) for _ in range(r.randint(2, 14))]
        chance = r.random()
        if chance < 0.08:
            words.insert(r.randrange(len(words)), r.choice(NAMES + WORDS))
        elif chance < 0.2:
            words.insert(r.randrange(len(words)), r.choice([f"{r.randint(1, 2030)}", "３０％", f"{r.randint(1, 99)}.5", "一百二十"]))
        elif chance < 0.28:
            words.insert(r.randrange(len(words)), r.choice(["“好”", "《红楼梦》", "（见下文）", "「是」", "——", "……"]))
        out.append("".join(words) + r.choice("，，，。。。！？；：、") + r.choice(["", "", "", "", "\n", " ", "\u3000"]))
    return "".join(out)


def arabic(r):
    """Phrases from right to left, with the marks, vowels and digits that belong to them."""
    out = []
    for _ in range(r.randint(1, 4)):
        words = [r.choice(ARABIC) for _ in range(r.randint(2, 12))]
        chance = r.random()
        if chance < 0.08:
            words.insert(r.randrange(len(words)), r.choice(NAMES))
        elif chance < 0.2:
            words.insert(r.randrange(len(words)), "".join(chr(0x660 + int(d)) for d in str(r.randint(1, 2030))))
        elif chance < 0.28:
            words.insert(r.randrange(len(words)), r.choice(["«نعم»", "(انظر)", "ـــ", "كـتاب", f"{r.randint(1, 2030)}٪", "١٫٥"]))
        out.append(" ".join(words) + r.choice(["،", "،", ".", ".", "؟", "!", "؛", ":"]))
    return r.choice([" ", " ", "\n"]).join(out)


def script(r):
    name = r.choice(list(SCRIPTS))
    low, high = SCRIPTS[name]
    words = []
    for _ in range(r.randint(1, 12)):
        word = [chr(r.randint(low, high)) for _ in range(r.randint(1, 9))]
        words.append("".join(word))
    return r.choice([" ", "", " ", "\u3000", "、"]).join(words)


def number(r):
    kind = r.randint(0, 5)
    if kind == 0:
        return str(r.randint(0, 10 ** r.randint(1, 14)))
    if kind == 1:
        return f"{r.randint(0, 10 ** 9):,}.{r.randint(0, 99)}"
    if kind == 2:
        return f"{r.randint(1, 31)}/{r.randint(1, 12)}/{r.randint(1900, 2100)} {r.randint(0, 23)}:{r.randint(0, 59):02}"
    if kind == 3:
        return "".join(chr(r.choice([0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE]) + r.randint(0, 9)) for _ in range(r.randint(1, 7)))
    if kind == 4:
        return "".join(r.choice("½¼²³①⑳ⅫⅣ㊿\u3007\u5341\U0001f10b\u09f4\U00011de3\U00016ff4") for _ in range(r.randint(1, 4)))
    return f"{r.choice('$€+-#')}{r.randint(0, 999)}{r.choice(['%', 'k', 'th', 'px', 'e5', ''])}"


def spaces(r):
    return "".join(r.choice(SPACES) for _ in range(r.randint(1, 6))) if r.random() < 0.5 else r.choice(SPACES) * r.randint(1, 9)


def marked(r):
    letters = "abcdefghAEIOUyznqöéÅǖΑωабий한가ᄀ\u1161\u11a8漢aåñ"
    return "".join(r.choice(letters) + "".join(r.choice(MARKS) for _ in range(r.choice([0, 0, 1, 1, 2, 4])))
                   for _ in range(r.randint(1, 8)))


def any_characters(r):
    out = []
    for _ in range(r.randint(1, 12)):
        code = r.choice([r.randint(0, 0x7F), r.randint(0, 0x24FF), r.randint(0, 0xFFFF), r.randint(0, 0x1FFFF), r.randint(0, 0x10FFFF)])
        out.append("\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code))
    return "".join(out)


def broken(r):
    data = bytearray((sentence(r)[:20] + script(r) + r.choice(EMOJI)).encode())
    for _ in range(r.randint(1, 6)):
        position = r.randrange(max(len(data), 1))
        action = r.randint(0, 3)
        if action == 0:
            data[position : position + 1] = bytes([r.randint(0, 255)])
        elif action == 1:
            del data[position : position + 1]
        elif action == 2:
            data.insert(position, r.choice([0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF]))
        else:
            data = data[: position + 1]
    return bytes(data)


PIECES = [
    (30, sentence), (6, lambda r: r.choice(WORDS) + r.choice(CONTRACTIONS) + r.choice(["", " ", r.choice(WORDS)])),
    (6, lambda r: r.choice(CODE).format(a=r.choice(WORDS), b=r.choice(WORDS + NAMES), n=r.randint(0, 99999))),
    (14, chinese), (14, arabic), (8, script), (5, number), (6, spaces), (4, lambda r: "".join(r.choice(SIGNS) for _ in range(r.randint(1, 5)))),
    (4, lambda r: r.choice(EMOJI) * r.randint(1, 3)), (5, marked), (3, any_characters),
    (3, lambda r: "".join(r.choice(["A", "b", "Ǆ", "ǅ", "ʰ", "ª", "中", "\u0301", "ß", "İ", "1"]) for _ in range(r.randint(1, 9)))),
    (1, lambda r: r.choice("ab \n\t-=_#世é") * r.randint(1, 200)),
]


def text(r):
    out = []
    for _ in range(r.choice([1, 1, 2, 3, 5, 8, 13])):
        if r.random() < 0.03:
            out.append(broken(r))
            continue
        piece = r.choices([f for _, f in PIECES], [w for w, _ in PIECES])[0](r)
        out.append(piece.encode("utf-8", "surrogatepass"))
        if r.random() < 0.5:
            out.append(r.choice([b" ", b" ", b"\n", b"\n\n", b"  "]))
    return b"".join(out)


def every_character():
    """Texts that together hold every code point after a letter, before one, after a space and in a contraction."""
    for start in range(0, 0x110000, 64):
        block = "".join(f"x{chr(c)}y' {chr(c)}'{chr(c)}1" for c in range(start, start + 64) if not 0xD800 <= c <= 0xDFFF)
        # Beyond the planes in use, a sample will do.
        if start < 0x20000 or start % 0x4000 == 0:
            yield block.encode()


def texts(size, seed=1):
    """Byte strings, some of them not UTF-8, of at least `size` bytes together."""
    r = random.Random(seed)
    total = 0
    while total < size:
        piece = text(r)
        total += len(piece)
        yield piece
