extension CheckpointContent {
  /// Checks the bounds of all tensors of a state dict against their storages.
  ///
  /// `storageOffsets` tells where each storage used lies in the file, by its index.
  ///
  /// - Throws: ``CheckpointFault/tensor(_:_:)``.
  init(
    container: Container, _ stateDict: StateDict, _ heap: PickleHeap, fileBytes: Int,
    storageOffsets: [Int: Int]
  ) throws(CheckpointFault) {
    self.init(container: container, views: [])
    stateDictKey = stateDict.key
    remarks = stateDict.remarks
    // Views of one storage can repeat it; the sum of all stays near the size of the file.
    let (limit, overflow) = fileBytes.multipliedReportingOverflow(by: 8)
    var left = overflow ? Int.max : limit
    for (name, tensor) in stateDict.tensors {
      let reference = tensor.reference
      guard let start = storageOffsets[reference.storage] else {
        preconditionFailure("storage \(reference.storage) was not located")
      }
      let elementType = heap.storages[reference.storage].elementType
      let count = try tensor.checkedCount(name)
      left -= count * elementType.byteCount
      guard left >= 0 else { throw .tensor(name, .totalSize(limit: limit)) }
      views.append(
        TensorView(
          name: name, elementType: elementType, shape: tensor.sizes,
          strides: tensor.neededStrides,
          byteOffset: start + (reference.offset + tensor.offset) * elementType.byteCount))
    }
  }
}

extension PickledTensor {
  /// Highest rank that is read.
  static var mostAxes: Int { 8 }
  /// Most elements of one tensor.
  private static var mostElements: Int { 1 << 31 }

  /// Checks that every element lies in the part of the storage that may be used.
  ///
  /// - Returns: The number of elements: at most 2^31, and at most 8 times those stored (stride 0
  ///   repeats elements).
  func checkedCount(_ name: String) throws(CheckpointFault) -> Int {
    guard ranks.sizes == ranks.strides, ranks.sizes <= Self.mostAxes else {
      throw .tensor(
        name, .rank(sizes: ranks.sizes, strides: ranks.strides, limit: Self.mostAxes))
    }
    guard offset >= 0 else { throw .tensor(name, .negativeOffset(offset)) }
    guard sizes.allSatisfy({ $0 >= 0 }) else { throw .tensor(name, .negativeSize) }
    guard strides.allSatisfy({ $0 >= 0 }) else { throw .tensor(name, .negativeStride) }
    guard let count = product, let needed = extent else { throw .tensor(name, .overflow) }
    guard needed <= reference.count else {
      throw .tensor(name, .outOfBounds(needed: needed, available: reference.count))
    }
    let (limit, overflow) = max(reference.count, 1).multipliedReportingOverflow(by: 8)
    guard count <= Self.mostElements, overflow || count <= limit else {
      throw .tensor(name, .expanded(count: count, stored: reference.count))
    }
    return count
  }

  /// The strides, with 0 along axes of at most one element: nothing bounds those of the file, and
  /// in bytes they may overflow.
  fileprivate var neededStrides: [Int] {
    zip(sizes, strides).map { size, stride in size > 1 ? stride : 0 }
  }

  /// Number of elements, or nil if the sizes other than zero multiply beyond 64 bits.
  private var product: Int? {
    var product = 1
    for size in sizes where size != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return sizes.contains(0) ? 0 : product
  }

  /// One more than the index of the last element, or nil beyond 64 bits; without elements the
  /// offset itself.
  private var extent: Int? {
    var last = offset
    guard !sizes.contains(0) else { return last }
    for (size, stride) in zip(sizes, strides) {
      let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (next, overflowOfSum) = last.addingReportingOverflow(step)
      if overflow || overflowOfSum { return nil }
      last = next
    }
    let (end, overflow) = last.addingReportingOverflow(1)
    return overflow ? nil : end
  }
}
