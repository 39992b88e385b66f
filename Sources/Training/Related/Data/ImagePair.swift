import Workers

/// A volume at one scale: what a network reads, and what it shall make of it.
public struct ImagePair: Sendable {
  /// Voxels of the input along i, j, k: those of the HR grid, or of the LR grid.
  public let size: SIMD3<Int>
  /// Voxels of the target along i, j, k.
  public let targetSize: SIMD3<Int>
  /// One array per image, i fastest.
  let images: [[Float]]
  /// i fastest.
  let target: [Float]

  /// Target voxels per input voxel along every axis.
  var factor: Int { targetSize.x / size.x }

  /// Makes a volume coarser, and finer again where the network works on the HR grid.
  ///
  /// - Parameters:
  ///   - volume: The truth, and the guide where there is one.
  ///   - scale: The factor.
  ///   - pairs: How.
  ///   - pool: Shares the work.
  /// - Throws: If the volume is too small, or the system refuses memory.
  public init(
    _ volume: TrainingVolume, scale: Int, _ pairs: ImageDataSettings.Pairs, pool: WorkerPool
  ) throws(TrainingDataError) {
    let coarse = try CoarseVolume(volume, scale: scale, pairs, pool: pool)
    let used = VoxelBox(low: .zero, size: coarse.usedSize)
    targetSize = used.size
    target = used.cut(volume.voxels, volume.size)
    if pairs == .origin {
      size = coarse.size
      images = [coarse.voxels]
      return
    }
    size = used.size
    let spline = SplineVolume(coarse.voxels, size: coarse.size, pool: pool)
    let interpolated = spline.values(
      i: coarse.positions(0..<used.size.x, axis: 0),
      j: coarse.positions(0..<used.size.y, axis: 1),
      k: coarse.positions(0..<used.size.z, axis: 2))
    images =
      [interpolated] + (volume.guide.isEmpty ? [] : [used.cut(volume.guide, volume.size)])
  }

  /// A patch with its target.
  ///
  /// - Parameters:
  ///   - corner: Its lowest voxel in the input.
  ///   - patch: Voxels along i, j, k.
  ///   - margin: Voxels that the target has less on every side.
  /// - Returns: All images of the patch, voxel by voxel, and the truth in it.
  func sample(
    at corner: SIMD3<Int>, _ patch: SIMD3<Int>, margin: Int
  ) -> ImageBatch.Sample {
    let boxes = images.map { VoxelBox(low: corner, size: patch).cut($0, size) }
    let input =
      boxes.count == 1
      ? boxes[0] : boxes[0].indices.flatMap { index in boxes.map { $0[index] } }
    return ImageBatch.Sample(
      input: input, target: truth(at: corner, patch, margin: margin).cut(target, targetSize))
  }

  /// Whether the truth in a patch is one value.
  func isConstant(at corner: SIMD3<Int>, _ patch: SIMD3<Int>, margin: Int) -> Bool {
    truth(at: corner, patch, margin: margin).isConstant(in: target, targetSize)
  }

  /// The target voxels of a patch.
  private func truth(at corner: SIMD3<Int>, _ patch: SIMD3<Int>, margin: Int) -> VoxelBox {
    VoxelBox(low: (corner &+ margin) &* factor, size: (patch &- 2 * margin) &* factor)
  }
}
