import KernelInterface

extension LayerStack {
  /// Whether what comes after layer `index - 1` reads pairs of bfloat16; the output layer never does.
  @inline(__always)
  func readsPairs(_ index: Int) -> Bool { index < count && layers[index].precision == .bfloat16 }

  /// Values per point of the widest layer, or of the input if that is wider.
  @inline(__always)
  func widest(atLeast inputs: Int) -> Int {
    var widest = inputs
    for index in 0..<count { widest = max(widest, layers[index].paddedOutputs) }
    return widest
  }
}
