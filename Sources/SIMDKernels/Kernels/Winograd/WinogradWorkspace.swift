import KernelInterface

/// Where a worker's scratch memory holds what.
///
/// Values and products lie as `[frequency][tile][channel]`, values in bfloat16 as pairs of neighbouring
/// channels. A cache line more between two frequencies keeps the 216 streams of a tile out of each
/// other's cache sets.
struct WinogradWorkspace {
  /// Values are pairs of bfloat16.
  let holdsPairs: Bool
  /// Floats of a tile's values at a frequency: channels of the operands, each padded by itself, or
  /// their pairs.
  let valueWidth: Int
  let outputChannels: Int
  /// Tiles of a full block.
  let tiles: Int
  /// The inputs at the points.
  let values: UnsafeMutablePointer<Float>
  /// Sums of products with the filters.
  let products: UnsafeMutablePointer<Float>
  /// Six columns of a tile, 36 vectors `[k][j]` each, transformed along k and j; for two vectors of
  /// channels.
  let columns: UnsafeMutablePointer<Float>
  /// 144 and 96 vectors between the passes of a transform.
  let lines: UnsafeMutablePointer<Float>
  /// What sums begin with.
  let zeros: UnsafeMutablePointer<Float>
  let segments: UnsafeMutablePointer<Segment>

  @inline(__always) private static var padding: Int { 16 }
  @inline(__always) static var columnFloats: Int { 6 * 36 * lanes }
  @inline(__always) static var secondLine: Int { 144 * lanes }
  @inline(__always) private static var lineFloats: Int { (144 + 96) * lanes }
  @inline(__always) private static var zeroFloats: Int { 64 }
  @inline(__always) private static var segmentFloats: Int {
    WinogradFilters.mostInputs * MemoryLayout<Segment>.stride / MemoryLayout<Float>.stride
  }

  /// Tiles of a full block: values and products of 1 to 2 MB, in bfloat16 of half as much.
  ///
  /// More tiles share one pass over the filters, which come from L3; fewer keep values and products
  /// in L2.
  @inline(__always)
  static func tiles(valueWidth: Int, outputChannels: Int, holdsPairs: Bool) -> Int {
    let (least, floats) = holdsPairs ? (12, 1152) : (18, 2304)
    return max(least, min(48, floats / (valueWidth + outputChannels) / 6 * 6))
  }

  @inline(__always)
  static func floats(inputChannels: Int, outputChannels: Int, holdsPairs: Bool) -> Int {
    let valueWidth = valueWidth(inputChannels, holdsPairs: holdsPairs)
    let tiles = tiles(
      valueWidth: valueWidth, outputChannels: outputChannels, holdsPairs: holdsPairs)
    let perFrequency = tiles * (valueWidth + outputChannels) + 2 * padding
    return WinogradPoints.frequencies * perFrequency + 2 * columnFloats + lineFloats + zeroFloats
      + segmentFloats
  }

  /// Floats that padded channels take.
  @inline(__always)
  static func valueWidth(_ channels: Int, holdsPairs: Bool) -> Int {
    holdsPairs ? channels / 2 : channels
  }

  init(_ arguments: WinogradArguments, holdsPairs: Bool) {
    var channels = 0
    for index in 0..<arguments.inputCount {
      channels += FeatureLayout.paddedChannels(arguments.inputs[index].channels)
    }
    self.holdsPairs = holdsPairs
    valueWidth = Self.valueWidth(channels, holdsPairs: holdsPairs)
    outputChannels = arguments.output.channels
    tiles = Self.tiles(
      valueWidth: valueWidth, outputChannels: outputChannels, holdsPairs: holdsPairs)
    segments = segmentTable(in: arguments.scratch)
    zeros = arguments.scratch + Self.segmentFloats
    lines = zeros + Self.zeroFloats
    columns = lines + Self.lineFloats
    values = columns + 2 * Self.columnFloats
    products = values + WinogradPoints.frequencies * (tiles * valueWidth + Self.padding)
    for index in 0..<Self.zeroFloats { zeros[index] = 0 }
  }

  /// How the tiles of a block are cut into register tiles for a panel of outputs.
  @inline(__always)
  func rowTiles(_ tiles: Int, width: Int) -> RowTiles {
    RowTiles(tiles, maximum: Tiling.maximumRows(vectors: width / lanes, readsPairs: holdsPairs))
  }

  /// Floats from a frequency to the next.
  @inline(__always) var valueStride: Int { tiles * valueWidth + Self.padding }
  @inline(__always) var productStride: Int { tiles * outputChannels + Self.padding }
}

/// Floats of scratch that a layer needs: channels of its operands, each padded, and of its output.
func winogradScratch(inputChannels: Int, outputChannels: Int) -> Int {
  WinogradWorkspace.floats(
    inputChannels: inputChannels, outputChannels: outputChannels, holdsPairs: false)
}

/// The same in bfloat16.
func pairWinogradScratch(inputChannels: Int, outputChannels: Int) -> Int {
  WinogradWorkspace.floats(
    inputChannels: inputChannels, outputChannels: outputChannels, holdsPairs: true)
}
