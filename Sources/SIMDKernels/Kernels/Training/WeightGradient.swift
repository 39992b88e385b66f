import KernelInterface

/// The gradient of a layer's weights over some rows.
///
/// Panel by panel of output gradients, each with all inputs: a panel of a plane's gradients (64
/// channels of 100 voxels: 26 KB) stays in L1 while the inputs pass.
func addWeightGradient(_ arguments: WeightGradientArguments) {
  add(arguments, readsPairs: false)
}

/// The same over pairs of voxels.
func addWeightGradientPairs(_ arguments: WeightGradientArguments) {
  add(arguments, readsPairs: true)
}

@inline(__always)
private func add(_ arguments: WeightGradientArguments, readsPairs: Bool) {
  assert(arguments.gradientCount % FeatureLayout.channelGranule == 0)
  guard arguments.inputCount > 0 else { return }
  var gradient = 0
  while gradient < arguments.gradientCount {
    let width = Tiling.layout.width(ofPanelAt: gradient, channels: arguments.gradientCount)
    let vectors = width / lanes
    let tiles = RowTiles(
      arguments.inputCount,
      maximum: Tiling.maximumRows(vectors: vectors, readsPairs: readsPairs))
    var input = 0
    for tile in 0..<tiles.count {
      let rows = tiles.rows(of: tile)
      OuterTiling.run(
        arguments, input: input, rows: rows, gradient: gradient, vectors: vectors,
        readsPairs: readsPairs)
      input += rows
    }
    gradient += width
  }
}
