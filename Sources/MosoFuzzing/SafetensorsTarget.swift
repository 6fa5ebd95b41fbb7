import MosoFormats

extension FuzzTarget {
  /// Safetensors files, mutated as a whole and in their headers alone.
  package static let safetensors = FuzzTarget("safetensors", seeds: safetensorsSeeds) {
    (bytes: [UInt8]) throws(FormatError) in
    do throws(FormatError) {
      let file = try SafetensorsFile(MappedFile.forFuzzing(bytes))
      useTensors(of: file)
      for name in file.unreadable.keys { _ = try? file.requiredTensor(named: name) }
    } catch {
      error.checkOffset(in: bytes)
      throw error
    }
  }

  private static let safetensorsSeeds: [FuzzSeed] = [
    (#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#, 24),
    (
      #"""
      {"__metadata__":{"format":"pt","x":"\u00e9"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
      "b":{"dtype":"BF16","shape":[2,2],"data_offsets":[4,12]},"c":{"dtype":"F16","shape":[0],"data_offsets":[12,12]},
      "d":{"dtype":"I64","shape":[1],"data_offsets":[12,20]},"e":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[20,23]}}
      """#, 23
    ),
    ("{}      ", 0),
  ].flatMap { header, size in
    let header = Array(header.utf8)
    let data = [UInt8](repeating: 1, count: size)
    // The length in front of a header that has changed is put right, or no mutation would get past it.
    let framed: @Sendable ([UInt8]) -> [UInt8] = { header in
      (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
    }
    return [FuzzSeed(header, isText: true, finish: framed), FuzzSeed(framed(header))]
  }
}
