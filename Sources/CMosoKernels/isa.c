// Which instruction set's kernels run is decided once, when the program starts.

#include "mk_isa.h"

#include "dispatch.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

static const mk_kernels *available[4];
static size_t available_count;
#if defined(__x86_64__)
static mk_kernels kernels_with_amx;
#endif
// Atomic, as a test may switch it while others run; whichever set they get, the results are the same.
static const mk_kernels *_Atomic kernels;

static void add_available(const mk_kernels *table) { available[available_count++] = table; }

__attribute__((constructor)) static void find_available(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni")) {
    if (mk_may_use_amx()) {
      kernels_with_amx = mk_kernels_amx();
      add_available(&kernels_with_amx);
    }
    add_available(&mk_kernels_avx512);
  }
  if (avx2) add_available(&mk_kernels_avx2);
#elif defined(__aarch64__) && defined(__linux__)
  if (getauxval(AT_HWCAP) & (1 << 20)) add_available(&mk_kernels_neon);
#elif defined(__aarch64__)
  add_available(&mk_kernels_neon);
#endif
  add_available(&mk_kernels_portable);
  kernels = available[0];
}

const char *mk_isa_name(void) { return kernels->name; }
bool mk_isa_has_matrix_instructions(void) { return kernels->spin_matrix; }
size_t mk_isa_count(void) { return available_count; }
void mk_isa_select(size_t index) { kernels = available[index]; }

const mk_training *mk_training_kernels(mk_precision precision) {
  switch (precision) {
    case MK_SINGLE: return kernels->training;
    case MK_DOUBLE: return &mk_training_f64;
    case MK_MIXED: return kernels->mixed_training;
  }
}

void mk_unpack_row(const mk_matrix *matrix, size_t row, float *values) { kernels->unpack_row(matrix, row, values); }

void mk_prepare(uint32_t type, const float *inputs, size_t stride, size_t inner, size_t columns, size_t first,
                size_t last, void *prepared) {
  kernels->prepare(type, inputs, stride, inner, columns, first, last, prepared);
}

void mk_rounding_remainder(const float *inputs, size_t inner, float *remainder) {
  kernels->rounding_remainder(inputs, inner, remainder);
}

void mk_multiply(const mk_matrix *matrix, const void *prepared, size_t columns, mk_part part, const float *bias,
                 const float *residual, float *outputs, size_t stride, void *scratch) {
  kernels->multiply(matrix, prepared, columns, part, bias, residual, outputs, stride, scratch);
}

void mk_normalize_rms(const float *inputs, const float *gain, float epsilon, size_t count, float *outputs) {
  kernels->normalize_rms(inputs, gain, epsilon, count, outputs);
}

void mk_normalize_layer(const float *inputs, const float *gain, const float *bias, float epsilon, size_t count,
                        float *outputs) {
  kernels->normalize_layer(inputs, gain, bias, epsilon, count, outputs);
}

void mk_activate(uint32_t function, const float *inputs, size_t count, float *outputs) {
  kernels->activate(function, inputs, count, outputs);
}

void mk_gate(uint32_t function, const float *gate, const float *up, size_t count, float *outputs) {
  kernels->gate(function, gate, up, count, outputs);
}

void mk_add(const float *x, const float *y, size_t count, float *outputs) { kernels->add(x, y, count, outputs); }

void mk_multiply_elements(const float *x, const float *y, size_t count, float *outputs) {
  kernels->multiply_elements(x, y, count, outputs);
}

void mk_add_scaled(const float *x, float factor, size_t count, float *outputs) {
  kernels->add_scaled(x, factor, count, outputs);
}

void mk_scale(float factor, size_t count, float *values) { kernels->scale(factor, count, values); }
void mk_softcap(float cap, size_t count, float *values) { kernels->softcap(cap, count, values); }
float mk_softmax(size_t count, float *values) { return kernels->softmax(count, values); }
ptrdiff_t mk_argmax(const float *values, size_t count) { return kernels->argmax(values, count); }

void mk_rotate(float *row, size_t heads, size_t head_size, size_t pairs, const float *cosines, const float *sines,
               bool adjacent) {
  kernels->rotate(row, heads, head_size, pairs, cosines, sines, adjacent);
}

size_t mk_cache_page_bytes(uint32_t type, size_t head_size) { return kernels->cache_page_bytes(type, head_size); }

void mk_cache_write(const mk_attention *attention, mk_pages pages, size_t position, const float *key,
                    const float *value) {
  kernels->cache_write(attention, pages, position, key, value);
}

size_t mk_attention_tile(const mk_attention *attention) { return kernels->attention_tile(attention); }
size_t mk_attention_scratch(const mk_attention *attention) { return kernels->attention_scratch(attention); }
size_t mk_attention_partial(const mk_attention *attention) { return kernels->attention_partial(attention); }

void mk_attend(const mk_attention *attention, mk_pages pages, size_t head, size_t position, size_t tokens,
               const float *queries, float *outputs, float *scratch) {
  kernels->attend(attention, pages, head, position, tokens, queries, outputs, scratch);
}

void mk_attend_span(const mk_attention *attention, mk_pages pages, size_t head, size_t position, size_t span,
                    const float *query, float *partial, float *scratch) {
  kernels->attend_span(attention, pages, head, position, span, query, partial, scratch);
}

void mk_attend_merge(const mk_attention *attention, size_t head, size_t spans, const float *partials, float *output,
                     float *scratch) {
  kernels->attend_merge(attention, head, spans, partials, output, scratch);
}

uint32_t mk_read_memory(const void *memory, size_t bytes) { return kernels->read_memory(memory, bytes); }
float mk_spin_multiply_add(size_t rounds) { return kernels->spin_multiply_add(rounds); }
void mk_spin_matrix(size_t rounds) {
  if (kernels->spin_matrix) kernels->spin_matrix(rounds);
}
int32_t mk_spin_dot(size_t rounds) { return kernels->spin_dot(rounds); }
