import Degradation
import Volumes
import Workers

/// A volume made coarser, as a related network is trained on it.
struct CoarseVolume: Sendable {
  /// LR voxels, i fastest.
  let voxels: [Float]
  /// LR voxels along i, j, k.
  let size: SIMD3<Int>
  /// HR voxels along i, j, k that it stands for: those at the low ends.
  let usedSize: SIMD3<Int>
  /// LR voxel o lies at HR voxel `factor * o`.
  let factor: SIMD3<Double>

  /// Makes a volume coarser.
  ///
  /// - Throws: If it is too small, or the system refuses memory.
  init(
    _ volume: TrainingVolume, scale: Int, _ pairs: ImageDataSettings.Pairs, pool: WorkerPool
  ) throws(TrainingDataError) {
    let factors = SIMD3(repeating: Double(scale))
    var request: DegradationRequest
    switch pairs {
    case .corner(let sigma):
      request = DegradationRequest(.corner, .scale(factors))
      request.sigma = SIMD3(repeating: sigma)
      request.crops = true
    case .cornerOfWidth(let width):
      request = DegradationRequest(.corner, .scale(factors))
      request.fullWidths = SIMD3(repeating: width)
      request.crops = true
    case .origin:
      request = DegradationRequest(.origin, .scale(factors))
    }
    let (plan, coarse) = try TrainingDataError.ofDegradation { () throws(DegradationError) in
      let plan = try Grid(size: volume.size, spacing: volume.spacing).degraded(by: request)
      return (plan, try plan.run(volume.voxels, pool: pool).values)
    }
    factor = SIMD3(plan.axes.map(\.factor))
    switch pairs {
    case .corner, .cornerOfWidth:
      voxels = coarse
      size = plan.grid.size
      usedSize = SIMD3(plan.axes.map(\.usedSize))
    case .origin:
      // The last LR voxel may stand for less than r voxels.
      size = SIMD3(volume.size.x / scale, volume.size.y / scale, volume.size.z / scale)
      usedSize = size &* scale
      voxels = VoxelBox(low: .zero, size: size).cut(coarse, plan.grid.size)
    }
  }

  /// Where HR voxels lie in LR voxels along an axis; the outermost not beyond the last centre.
  func positions(_ voxels: Range<Int>, axis: Int) -> [Double] {
    voxels.map { min(Double($0) / factor[axis], Double(size[axis] - 1)) }
  }
}

/// A part of a volume.
struct VoxelBox: Sendable {
  /// Its lowest voxel.
  var low: SIMD3<Int>
  /// Voxels along i, j, k.
  var size: SIMD3<Int>

  /// Its voxels, i fastest.
  func cut(_ voxels: [Float], _ whole: SIMD3<Int>) -> [Float] {
    if size == whole { return voxels }
    var result: [Float] = []
    result.reserveCapacity(size.x * size.y * size.z)
    for k in low.z..<low.z + size.z {
      for j in low.y..<low.y + size.y {
        let first = (k * whole.y + j) * whole.x + low.x
        result.append(contentsOf: voxels[first..<first + size.x])
      }
    }
    return result
  }

  /// Whether all its voxels are equal.
  func isConstant(in voxels: [Float], _ whole: SIMD3<Int>) -> Bool {
    let value = voxels[(low.z * whole.y + low.y) * whole.x + low.x]
    for k in low.z..<low.z + size.z {
      for j in low.y..<low.y + size.y {
        let first = (k * whole.y + j) * whole.x + low.x
        for i in first..<first + size.x where voxels[i] != value { return false }
      }
    }
    return true
  }
}
