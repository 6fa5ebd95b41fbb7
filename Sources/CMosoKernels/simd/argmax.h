// Which of many numbers is the largest.

static ptrdiff_t argmax(const real *x, size_t count) {
  real largest = largest_of(x, count);
  if (largest == -INFINITY) return -1;
  for (size_t i = 0; i < count; i++) {
    if (x[i] == largest) return (ptrdiff_t)i;
  }
  return -1;
}
