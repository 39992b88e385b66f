import Volumes

extension RelatedUpsampler {
  /// The plan of tiles that are computed each by itself, zeros around every layer of it, side by side.
  ///
  /// The published program of 3D-ESPCN does so with tiles of 16 LR voxels; what lies beyond the high ends
  /// of the volume is its outermost voxel. Values within the network's reach of a tile's faces are
  /// other than those of the whole volume.
  ///
  /// - Parameters:
  ///   - side: LR voxels of a tile along each axis.
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie in it.
  ///   - options: Those that the run will get.
  /// - Returns: The plan, whose blocks are the tiles.
  /// - Throws: As ``plan(inputSize:sampling:options:)``.
  func tilePlan(
    side: Int, inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) throws(InferenceError) -> RelatedPlan {
    guard let factor = network.fixedFactor, side > 0 else {
      preconditionFailure("tiles of \(side) for \(network.architecture)")
    }
    let volume = SIMD3(repeating: side)
    let shape = WavefrontShape(
      runner.program, target: runner.program.result,
      ranges: ValueRanges.allAxes(
        runner.program, target: runner.program.result, cells: .init(repeating: 0..<side, count: 3),
        above: 0, volume: volume),
      bandsPerStep: nil)
    let windowPlanes = min(side * factor, sampling.outputSize.z)
    let model = memoryModel(inputSize: inputSize, sampling: sampling, options: options)
    let bytes = model.bytes(shape, windowPlanes: windowPlanes)
    guard bytes <= options.memoryLimit ?? .max else {
      throw .memoryLimit(needed: bytes + model.held.variation, limit: options.memoryLimit ?? .max)
    }
    func origins(_ axis: Int) -> [Int] { Array(stride(from: 0, to: inputSize[axis], by: side)) }
    let layers = origins(2).map { k in
      BlockLayer(
        outputs: k * factor..<min(k + side, inputSize.z) * factor,
        blocks: origins(1).flatMap { j in
          origins(0).map { i in
            let origin = SIMD3(i, j, k)
            let cells = (0..<3).map { 0..<min(side, inputSize[$0] - origin[$0]) }
            return Block(cells: cells, shape: shape, origin: origin)
          }
        })
    }
    let counts = SIMD3(origins(0).count, origins(1).count, origins(2).count)
    return try plan(
      BlockDivision(
        counts: counts, bandsPerStep: nil, windowPlanes: windowPlanes, bytes: bytes),
      layers, halo: 0, volume: volume, cells: CellMap(padding: 0, factor: factor),
      separateTile: side, inputSize: inputSize, sampling: sampling)
  }
}

/// A tile of an image, which goes on with its outermost voxels beyond the high ends of it.
struct TileImage: ImageRows {
  let size: SIMD3<Int>
  private let image: any ImageRows
  /// The image's voxel that is the tile's voxel 0.
  private let origin: SIMD3<Int>

  init(_ image: any ImageRows, origin: SIMD3<Int>, size: SIMD3<Int>) {
    self.image = image
    self.origin = origin
    self.size = size
  }

  func copy(
    _ columns: Range<Int>, row: Int, plane: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let last = image.size &- 1
    let first = min(origin.x + columns.lowerBound, last.x)
    let count = min(origin.x + columns.upperBound, image.size.x) - first
    let held = max(count, 1)
    image.copy(
      first..<first + held, row: min(origin.y + row, last.y), plane: min(origin.z + plane, last.z),
      to: target)
    for column in held..<max(columns.count, held) { target[column] = target[held - 1] }
  }
}
