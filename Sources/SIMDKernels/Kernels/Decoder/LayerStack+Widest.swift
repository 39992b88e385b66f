import KernelInterface

extension LayerStack {
  /// Values per point of the widest layer, or of the input if that is wider.
  @inline(__always)
  func widest(atLeast inputs: Int) -> Int {
    var widest = inputs
    for index in 0..<count { widest = max(widest, layers[index].outputs) }
    return widest
  }
}
