/// Templates in the style of families that the tests of templates have none of.
enum Families {
  /// Mistral from tokenizer v11 on: names and arguments apart, and thoughts in parts of their own.
  static let mistralNamed = """
    {{- bos_token }}
    {%- if messages[0].role == 'system' %}
      {{- '[SYSTEM_PROMPT]' + messages[0].content + '[/SYSTEM_PROMPT]' }}{%- set rest = messages[1:] %}
    {%- else %}{%- set rest = messages %}{%- endif %}
    {%- if tools %}{{- '[AVAILABLE_TOOLS]' + (tools|tojson) + '[/AVAILABLE_TOOLS]' }}{%- endif %}
    {%- for message in rest %}
      {%- if message.role == 'user' %}{{- '[INST]' + message.content + '[/INST]' }}
      {%- elif message.role == 'assistant' %}
        {{- message.content or '' }}
        {%- for call in message.tool_calls or [] %}
          {%- if call.id|length != 9 %}{{- raise_exception('Ids have nine characters.') }}{%- endif %}
          {{- '[TOOL_CALLS]' + call.function.name + '[ARGS]' + (call.function.arguments|tojson) }}
        {%- endfor %}
        {{- eos_token }}
      {%- elif message.role == 'tool' %}{{- '[TOOL_RESULTS]' + message.content + '[/TOOL_RESULTS]' }}
      {%- else %}{{- raise_exception('Only user, assistant and tool after the first message.') }}
      {%- endif %}
    {%- endfor %}
    """

  /// DeepSeek V3.1: a switch for thoughts, and arguments as text without a fence.
  static let deepSeek31 = """
    {%- set ns = namespace(rules='') %}
    {%- for message in messages if message.role == 'system' %}{%- set ns.rules = ns.rules + message.content %}{%- endfor %}
    {%- if tools %}{%- for tool in tools %}{%- set ns.rules = ns.rules + '\\n### ' + tool.function.name + ' ' + (tool.function.parameters|tojson) %}{%- endfor %}{%- endif %}
    {{- bos_token + ns.rules }}
    {%- for message in messages %}
      {%- if message.role == 'user' %}{{- '<｜User｜>' + message.content }}
      {%- elif message.role == 'assistant' %}
        {{- '<｜Assistant｜></think>' + (message.content or '') }}
        {%- if message.tool_calls %}
          {{- '<｜tool▁calls▁begin｜>' }}
          {%- for call in message.tool_calls %}
            {{- '<｜tool▁call▁begin｜>' + call.function.name + '<｜tool▁sep｜>' + call.function.arguments + '<｜tool▁call▁end｜>' }}
          {%- endfor %}
          {{- '<｜tool▁calls▁end｜>' }}
        {%- endif %}
        {{- '<｜end▁of▁sentence｜>' }}
      {%- elif message.role == 'tool' %}{{- '<｜tool▁output▁begin｜>' + message.content + '<｜tool▁output▁end｜>' }}
      {%- endif %}
    {%- endfor %}
    {%- if add_generation_prompt %}
      {{- '<｜Assistant｜>' + ('<think>' if thinking else '</think>') }}
    {%- endif %}
    """

  /// Llama 3.2: one call a message, whose text follows a marker.
  static let llama32 = """
    {{- bos_token }}
    {%- for message in messages %}
      {%- if message.tool_calls %}
        {%- if message.tool_calls|length != 1 %}{{- raise_exception('One call.') }}{%- endif %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n<|python_tag|>' }}
        {{- '{"name": "' + message.tool_calls[0].function.name + '", "parameters": ' }}
        {{- (message.tool_calls[0].function.arguments|tojson) + '}<|eom_id|>' }}
      {%- else %}
        {%- set role = 'ipython' if message.role == 'tool' else message.role %}
        {{- '<|start_header_id|>' + role + '<|end_header_id|>\\n\\n' + message.content + '<|eot_id|>' }}
      {%- endif %}
      {%- if loop.first and tools %}{{- tools|tojson }}{%- endif %}
    {%- endfor %}
    {%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}
    """

  /// Qwen 3 Coder: arguments are elements of their own.
  static let qwenCoder = """
    {%- if messages[0].role == 'system' %}{%- set rules = messages[0].content %}{%- set rest = messages[1:] %}
    {%- else %}{%- set rules = '' %}{%- set rest = messages %}{%- endif %}
    {{- '<|im_start|>system\\n' + rules }}
    {%- for tool in tools or [] %}{{- '\\n<function><name>' + tool.function.name + '</name></function>' }}{%- endfor %}
    {{- '<|im_end|>\\n' }}
    {%- for message in rest %}
      {%- if message.role == 'assistant' %}
        {{- '<|im_start|>assistant\\n' + (message.content or '') }}
        {%- for call in message.tool_calls or [] %}
          {{- '\\n<tool_call>\\n<function=' + call.function.name + '>\\n' }}
          {%- for key, value in call.function.arguments|items %}
            {{- '<parameter=' + key + '>\\n' + (value if value is string else value|tojson) + '\\n</parameter>\\n' }}
          {%- endfor %}
          {{- '</function>\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
      {%- elif message.role == 'tool' %}
        {{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
      {%- else %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
      {%- endif %}
    {%- endfor %}
    {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
    """

  /// GLM 4.5: names and values of arguments are elements of their own.
  static let glm = """
    [gMASK]<sop>
    {%- if tools %}{{- '<|system|>\\n<tools>' + (tools|tojson) + '</tools>' }}{%- endif %}
    {%- for message in messages %}
      {%- if message.role == 'assistant' %}
        {{- '<|assistant|>\\n' + (message.content or '') }}
        {%- for call in message.tool_calls or [] %}
          {{- '\\n<tool_call>' + call.function.name + '\\n' }}
          {%- for key, value in call.function.arguments.items() %}
            {{- '<arg_key>' + key + '</arg_key>\\n<arg_value>' }}
            {{- (value if value is string else value|tojson) + '</arg_value>\\n' }}
          {%- endfor %}
          {{- '</tool_call>' }}
        {%- endfor %}
      {%- elif message.role == 'tool' %}{{- '<|observation|>\\n<tool_response>' + message.content + '</tool_response>' }}
      {%- else %}{{- '<|' + message.role + '|>\\n' + message.content }}
      {%- endif %}
    {%- endfor %}
    {%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}
    """
}
