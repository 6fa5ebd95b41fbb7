#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The logarithm of `value` to base ten.
func decimalLogarithm(_ value: Double) -> Double { log10(value) }

/// Ten to the power of `exponent`, the nearest double; infinite or zero where there is none.
func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? (exponent < 0 ? 0 : .infinity) }

/// Ten to the power of `exponent`.
func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }
