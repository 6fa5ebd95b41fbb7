/// A model's weights on a disk, in one file or several: what GGUF and safetensors have in common.
public protocol WeightFile: Sendable {
  /// The mapped files, in the order that `TensorDescription.shard` counts.
  var shards: [MappedFile] { get }
  /// All tensors, in the order of the files.
  var tensors: [TensorDescription] { get }
  /// The tensor called `name`, or `nil` when there is none that can be read.
  func tensor(named name: String) -> TensorDescription?
  /// The tensor called `name`.
  ///
  /// - Throws: `FormatError` that says that it is missing, or why it cannot be read.
  func requiredTensor(named name: String) throws(FormatError) -> TensorDescription
}

extension WeightFile {
  /// The tensor called `name`.
  ///
  /// - Throws: `FormatError.missing` when `tensor(named:)` finds none.
  public func requiredTensor(named name: String) throws(FormatError) -> TensorDescription {
    guard let tensor = tensor(named: name) else { throw missingTensor(named: name) }
    return tensor
  }

  /// The error that says that there is no tensor called `name`.
  func missingTensor(named name: String) -> FormatError {
    .missing(
      path: shards.first?.path ?? "the model", what: "tensor \(name)",
      hint: "the file is incomplete or belongs to another architecture")
  }

  /// Lends the bytes of a tensor of this file.
  public func withBytes<Result, Failure: Error>(
    of tensor: TensorDescription, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[tensor.shard].withBytes(in: tensor.byteRange, body)
  }

  /// The address of a tensor's first byte, of which `byteRange.count` may be read while this file lives.
  ///
  /// For kernels that repack weights; everything else uses `withBytes`.
  @unsafe public func baseAddress(of tensor: TensorDescription) -> UnsafeRawPointer {
    let shard = shards[tensor.shard]
    precondition(tensor.byteRange.upperBound <= shard.count, "\(tensor.name) is not a tensor of \(shard.path)")
    return unsafe shard.baseAddress + tensor.byteRange.lowerBound
  }

  /// Lets a tensor's pages leave resident memory, once its weights have been repacked.
  public func dropPages(of tensor: TensorDescription) {
    shards[tensor.shard].advise(.drop, in: tensor.byteRange)
  }

  /// Starts to fetch a tensor's pages from the disk.
  public func prefetchPages(of tensor: TensorDescription) {
    shards[tensor.shard].advise(.willNeed, in: tensor.byteRange)
  }

  /// The length of all files together, in bytes.
  public var fileSize: Int { shards.reduce(0) { $0 + $1.count } }
}
