import KernelInterface

/// Where a worker's scratch memory holds what.
///
/// Values and products lie as `[frequency][tile][channel]`. A cache line more between two frequencies
/// keeps the 216 streams of a tile out of each other's cache sets.
struct WinogradWorkspace {
  /// Channels of the operands, each padded by itself.
  let inputChannels: Int
  let outputChannels: Int
  /// Tiles of a full block.
  let tiles: Int
  /// The inputs at the points.
  let values: UnsafeMutablePointer<Float>
  /// Sums of products with the filters.
  let products: UnsafeMutablePointer<Float>
  /// Six columns of a tile, 36 vectors `[k][j]` each, transformed along k and j.
  let columns: UnsafeMutablePointer<Float>
  /// 144 and 96 vectors between the passes of a transform.
  let lines: UnsafeMutablePointer<Float>
  /// What sums begin with.
  let zeros: UnsafeMutablePointer<Float>
  let segments: UnsafeMutablePointer<Segment>

  @inline(__always) private static var padding: Int { 16 }
  @inline(__always) private static var columnFloats: Int { 6 * 36 * lanes }
  @inline(__always) static var secondLine: Int { 144 * lanes }
  @inline(__always) private static var lineFloats: Int { (144 + 96) * lanes }
  @inline(__always) private static var zeroFloats: Int { 64 }
  @inline(__always) private static var segmentFloats: Int {
    WinogradFilters.mostInputs * MemoryLayout<Segment>.stride / MemoryLayout<Float>.stride
  }

  /// Tiles of a full block: values and products of about 1.3 MB.
  ///
  /// More tiles share one pass over the filters, which come from L3; fewer keep values and products
  /// in L2.
  @inline(__always)
  static func tiles(inputChannels: Int, outputChannels: Int) -> Int {
    max(18, min(48, 2304 / (inputChannels + outputChannels) / 6 * 6))
  }

  @inline(__always)
  static func floats(inputChannels: Int, outputChannels: Int) -> Int {
    let tiles = tiles(inputChannels: inputChannels, outputChannels: outputChannels)
    let perFrequency = tiles * (inputChannels + outputChannels) + 2 * padding
    return WinogradPoints.frequencies * perFrequency + columnFloats + lineFloats + zeroFloats
      + segmentFloats
  }

  init(_ arguments: WinogradArguments) {
    var channels = 0
    for index in 0..<arguments.inputCount {
      channels += FeatureLayout.paddedChannels(arguments.inputs[index].channels)
    }
    inputChannels = channels
    outputChannels = arguments.output.channels
    tiles = Self.tiles(inputChannels: inputChannels, outputChannels: outputChannels)
    segments = segmentTable(in: arguments.scratch)
    zeros = arguments.scratch + Self.segmentFloats
    lines = zeros + Self.zeroFloats
    columns = lines + Self.lineFloats
    values = columns + Self.columnFloats
    products =
      values + WinogradPoints.frequencies * (tiles * inputChannels + Self.padding)
    for index in 0..<Self.zeroFloats { zeros[index] = 0 }
  }

  /// Floats from a frequency to the next.
  @inline(__always) var valueStride: Int { tiles * inputChannels + Self.padding }
  @inline(__always) var productStride: Int { tiles * outputChannels + Self.padding }
}

/// Floats of scratch that a layer needs: channels of its operands, each padded, and of its output.
func winogradScratch(inputChannels: Int, outputChannels: Int) -> Int {
  WinogradWorkspace.floats(inputChannels: inputChannels, outputChannels: outputChannels)
}
