import CMosoKernels

extension ElementType {
  /// The values of `blocks`, which are of this type, as floats.
  ///
  /// - Precondition: `blocks` holds whole blocks.
  public func dequantize(_ blocks: RawSpan) -> [Float] {
    precondition(blocks.byteCount % bytesPerBlock == 0, "\(blocks.byteCount) bytes of \(self)")
    let count = blocks.byteCount / bytesPerBlock * elementsPerBlock
    return unsafe [Float](unsafeUninitializedCapacity: count) { values, initializedCount in
      if let target = values.baseAddress {
        unsafe blocks.withUnsafeBytes { source in
          if let start = source.baseAddress { unsafe mk_dequantize(rawValue, start, target, count) }
        }
      }
      initializedCount = count
    }
  }

  /// Writes the values of `blocks`, which are of this type, over `values`.
  ///
  /// - Precondition: `blocks` holds whole blocks, of as many values as `values` has room for.
  public func dequantize(_ blocks: RawSpan, into values: inout MutableSpan<Float>) {
    precondition(
      values.count % elementsPerBlock == 0 && blocks.byteCount == values.count / elementsPerBlock * bytesPerBlock,
      "\(blocks.byteCount) bytes of \(self) for \(values.count) values")
    unsafe values.withUnsafeMutableBufferPointer { target in
      unsafe blocks.withUnsafeBytes { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        unsafe mk_dequantize(rawValue, from, to, target.count)
      }
    }
  }
}
