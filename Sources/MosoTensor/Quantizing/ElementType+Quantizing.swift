extension ElementType {
  /// Whether values can be brought into this form; others can only be read.
  public var isWritable: Bool {
    switch self {
    case .f32, .f16, .bf16, .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .q4K, .q5K, .q6K: true
    case .q2K, .q3K, .iq4NL, .iq4XS, .mxfp4: false
    }
  }

  /// The largest magnitude that quantised values may have: beyond it, a scale could not be told from infinity.
  public var largestMagnitude: Float {
    switch self {
    case .f32, .bf16: .infinity
    default: FloatRounding.largestHalf
    }
  }

  /// Brings `values` into blocks of this type, in the byte layouts of GGUF files.
  ///
  /// Floats are rounded to nearest, ties to even. Quantised types search the scales that leave the least weighted
  /// squared error. The bytes do not depend on how many threads the pool has.
  ///
  /// - Parameters:
  ///   - values: Whole blocks of finite values up to `largestMagnitude`.
  ///   - pool: Shares the work.
  /// - Returns: The blocks, one after the other.
  /// - Precondition: `isWritable`, and `values` fills whole blocks.
  public func quantize(_ values: Span<Float>, on pool: ThreadPool) -> [UInt8] {
    precondition(values.count % elementsPerBlock == 0, "\(values.count) values in blocks of \(self)")
    let byteCount = values.count / elementsPerBlock * bytesPerBlock
    return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { blocks, count in
      unsafe values.withUnsafeBufferPointer { values in
        guard let from = values.baseAddress, let to = blocks.baseAddress else { return }
        unsafe quantize(from, count: values.count, to: to, on: pool)
      }
      count = byteCount
    }
  }

  private func quantize(
    _ values: UnsafePointer<Float>, count: Int, to blocks: UnsafeMutablePointer<UInt8>, on pool: ThreadPool
  ) {
    let (elements, bytes) = (elementsPerBlock, bytesPerBlock)
    // Enough for each task that handing it out costs nothing beside it.
    pool.forRanges(count / elements, grain: max(1, 2048 / elements)) { range, _ in
      let first = unsafe values + range.lowerBound * elements
      let target = unsafe blocks + range.lowerBound * bytes
      switch self {
      case .f32: unsafe UnsafeMutableRawPointer(target).copyMemory(from: first, byteCount: range.count * bytes)
      case .f16: unsafe Self.round(first, count: range.count, to: target) { FloatRounding.halfBits($0) }
      case .bf16: unsafe Self.round(first, count: range.count, to: target) { FloatRounding.brainBits($0) }
      case .q8_0: unsafe each(range.count, first, target, SmallBlocks.quantizeQ8_0)
      case .q4_0: unsafe each(range.count, first, target, SmallBlocks.quantizeQ4_0)
      case .q4_1: unsafe each(range.count, first, target, SmallBlocks.quantizeQ4_1)
      case .q5_0: unsafe each(range.count, first, target, SmallBlocks.quantizeQ5_0)
      case .q5_1: unsafe each(range.count, first, target, SmallBlocks.quantizeQ5_1)
      case .q4K: unsafe each(range.count, first, target, AffineSuperBlock.quantizeQ4K)
      case .q5K: unsafe each(range.count, first, target, AffineSuperBlock.quantizeQ5K)
      case .q6K: unsafe each(range.count, first, target, SymmetricSuperBlock.quantizeQ6K)
      case .q2K, .q3K, .iq4NL, .iq4XS, .mxfp4: preconditionFailure("\(self) can only be read")
      }
    }
  }

  private func each(
    _ count: Int, _ values: UnsafePointer<Float>, _ blocks: UnsafeMutablePointer<UInt8>,
    _ quantize: (UnsafePointer<Float>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
  ) {
    let (elements, bytes) = (elementsPerBlock, bytesPerBlock)
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: elements) { room in
      guard let room = room.baseAddress else { return }
      for block in 0..<count { unsafe quantize(values + block * elements, blocks + block * bytes, room) }
    }
  }

  @inline(__always)
  private static func round(
    _ values: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<UInt8>, _ bits: (Float) -> UInt16
  ) {
    for index in 0..<count {
      unsafe UnsafeMutableRawPointer(target).storeBytes(
        of: bits(values[index]).littleEndian, toByteOffset: 2 * index, as: UInt16.self)
    }
  }
}
