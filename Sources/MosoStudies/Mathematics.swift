#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The natural logarithm of `x`.
func logarithm(_ x: Double) -> Double { log(x) }

/// `e` to the power of `x`.
func exponential(_ x: Double) -> Double { exp(x) }

/// `base` to the power of `exponent`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
