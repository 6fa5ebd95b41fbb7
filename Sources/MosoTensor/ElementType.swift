/// How the elements of a tensor are stored, with the type numbers of the GGUF format.
///
/// Quantised types store blocks: `elementsPerBlock` values share `bytesPerBlock` bytes. Values within a block are
/// always consecutive along the tensor's innermost dimension.
public enum ElementType: UInt32, Sendable, Hashable, CaseIterable {
  /// IEEE floats of 32 bits.
  case f32 = 0
  /// IEEE floats of 16 bits, halves.
  case f16 = 1
  /// Codes of 4 bits in blocks of 32 with a scale.
  case q4_0 = 2
  /// Codes of 4 bits in blocks of 32 with a scale and a minimum.
  case q4_1 = 3
  /// Codes of 5 bits in blocks of 32 with a scale.
  case q5_0 = 6
  /// Codes of 5 bits in blocks of 32 with a scale and a minimum.
  case q5_1 = 7
  /// Codes of 8 bits in blocks of 32 with a scale.
  case q8_0 = 8
  /// Codes of 2 bits in blocks of 256, with a scale and a minimum of 4 bits for every 16.
  case q2K = 10
  /// Codes of 3 bits in blocks of 256, with a scale of 6 bits for every 16.
  case q3K = 11
  /// Codes of 4 bits in blocks of 256, with a scale and a minimum of 6 bits for every 32.
  case q4K = 12
  /// Codes of 5 bits in blocks of 256, with a scale and a minimum of 6 bits for every 32.
  case q5K = 13
  /// Codes of 6 bits in blocks of 256, with a scale of 8 bits for every 16.
  case q6K = 14
  /// Codes of 4 bits for 16 unevenly spaced values, in blocks of 32 with a scale.
  case iq4NL = 20
  /// Codes of 4 bits for 16 unevenly spaced values, in blocks of 256 with a scale of 6 bits for every 32.
  case iq4XS = 23
  /// Floats of 16 bits with the exponent of 32-bit ones: their upper half.
  case bf16 = 30
  /// Floats of 4 bits in blocks of 32 with a power of two as their scale.
  case mxfp4 = 39
}

extension ElementType {
  /// How many values one block holds; 1 for the unquantised types.
  public var elementsPerBlock: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .iq4NL, .mxfp4: 32
    case .q2K, .q3K, .q4K, .q5K, .q6K, .iq4XS: 256
    }
  }

  /// The bytes one block takes in a file.
  public var bytesPerBlock: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q4_0, .iq4NL: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q8_0: 34
    case .q2K: 84
    case .q3K: 110
    case .q4K: 144
    case .q5K: 176
    case .q6K: 210
    case .iq4XS: 136
    case .mxfp4: 17
    }
  }
}

extension ElementType: CustomStringConvertible {
  /// The name users know the type by, as in `Q4_K`.
  public var description: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .q4_0: "Q4_0"
    case .q4_1: "Q4_1"
    case .q5_0: "Q5_0"
    case .q5_1: "Q5_1"
    case .q8_0: "Q8_0"
    case .q2K: "Q2_K"
    case .q3K: "Q3_K"
    case .q4K: "Q4_K"
    case .q5K: "Q5_K"
    case .q6K: "Q6_K"
    case .iq4NL: "IQ4_NL"
    case .iq4XS: "IQ4_XS"
    case .mxfp4: "MXFP4"
    }
  }
}
