import MosoFormats
import MosoTemplates
import MosoTokenizers

extension FuzzTarget {
  /// Chat templates: reading them, and rendering a conversation with tools.
  package static let template = FuzzTarget(
    "template", seeds: templateSeeds.map { FuzzSeed(Array($0.utf8), isText: true) }
  ) { (bytes: [UInt8]) throws(TemplateError) in
    let template = try ChatTemplate(source: String(decoding: bytes, as: UTF8.self))
    let now = LocalTime(year: 2024, month: 7, day: 26, hour: 13, minute: 5, second: 9)
    let segments = try template.render(context: templateContext, limits: templateLimits, now: now)
    let length = segments.reduce(0) { $0 + $1.text.utf8.count }
    precondition(length <= templateLimits.outputBytes, "a prompt longer than its limit")
  }

  /// Little enough for a file's time, and enough for every seed.
  private static let templateLimits = TemplateLimits(
    steps: 100_000, outputBytes: 1 << 18, textBytes: 1 << 18, workingBytes: 4 << 20, rangeCount: 10_000)

  private static let templateContext: JSONObject = [
    "messages": [
      ["role": "system", "content": "You are a \"bamboo\".\n"],
      ["role": "user", "content": "é中😀 <|im_end|> {{ 1 }}"],
      [
        "role": "assistant", "content": nil,
        "tool_calls": [["function": ["name": "weather", "arguments": ["city": "Paris", "days": 3]]]],
      ],
      ["role": "tool", "content": "{\"rain\": 0.5}"],
      ["role": "assistant", "content": "<think>hm</think> It rains."],
    ],
    "tools": [["type": "function", "function": ["name": "weather", "parameters": ["type": "object"]]]],
    "add_generation_prompt": true, "bos_token": "<s>", "eos_token": "</s>",
  ]

  private static let templateSeeds = [
    """
    {%- if tools %}{{- '<|im_start|>system\\n' }}{% for tool in tools %}{{ tool | tojson(indent=2) }}\\n{% endfor %}{% endif %}
    {%- for message in messages %}{% if loop.first and messages[0].role != 'system' %}{{ raise_exception('No system') }}{% endif %}
    {{- '<|im_start|>' + message.role + '\\n' ~ (message.content or '')|trim + '<|im_end|>\\n' }}{% endfor %}
    {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
    """,
    """
    {{ bos_token }}{% set ns = namespace(count=0, last=-1) %}{% macro show(m, wide=false) -%}
    {{ m['content'].split('</think>')[-1].lstrip('\\n') if m['content'] is string else '' }}{%- endmacro %}
    {% for m in messages[::-1] %}{% if m.tool_calls is defined and m.tool_calls %}{% set ns.count = ns.count + 1 %}
    {% for call in m.tool_calls %}{{ call.function.name }}({% for k, v in call.function.arguments|items %}{{ k }}={{ v|tojson }}
    {%- if not loop.last %}, {% endif %}{% endfor %}){% endfor %}{% else %}{{ show(m, wide=true) }}{% endif %}{% endfor %}{{ ns.count }}
    """,
    """
    {% set d = {'a': 1, 'b': [1, 2.5, none], ('x', 1): 'é'} %}{{ d|length }}{{ d.items()|list }}{{ d|dictsort(by='key') if 0 }}
    {{ [3, 1, 2]|sort|join(', ') }}{{ range(10)|select('even')|map('string')|list }}{{ 'a,b'.split(',')|last|upper|center(9) }}
    {{ '%05.2f|%s' % (3.14159, 'x') }}{{ '{:>4}{a}'.format(7, a='y') }}{{ strftime_now('%d %b %Y') }}{# comment #}
    {% filter upper %}{% raw %}{{ raw }}{% endraw %}{% endfilter %}{{ messages|map(attribute='role')|unique|join }}
    {% for x in [1, [2, [3]]] recursive %}{{ loop(x) if x is not number else x }}{% endfor %}{{ (1 + 2) ** 3 // 4 % 5 - 6 }}
    {% with q = messages|selectattr('role', 'equalto', 'user')|list %}{{ q[0].content|replace('é', 'e')|truncate(5) }}{% endwith %}
    """,
  ]
}
