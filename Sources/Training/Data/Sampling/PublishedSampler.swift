import Degradation
import Volumes
import Workers

/// Draws samples as the publication does: an HR patch of trunc(10 s) voxels is made coarser by
/// itself, between its outer voxel centres, and asked for at its own voxels, whose coordinates are
/// those of patches with a common field of view.
struct PublishedSampler {
  let settings: DataSettings
  let volumes: TrainingVolumes

  func sample(
    _ stream: inout RandomStream, pool: WorkerPool
  ) throws(TrainingDataError) -> TrainingBatch.Sample {
    let volume = volumes.all[stream.integer(below: volumes.all.count)]
    let patch = settings.patch
    let limit = Double(volume.size.min()) / Double(patch)
    let scale = settings.scale(&stream, limit: limit)
    let edge = Int(Double(patch) * scale)
    let box = PatchBox.drawn(
      &stream, edge: edge, in: volume.voxels, size: volume.size, share: settings.foregroundShare)
    let fine = box.values(of: volume.voxels, size: volume.size)
    let coarse = try coarsened(fine, edge: edge, pool: pool)
    let chosen = chosen(&stream, edge: edge)
    let positions = (0..<edge).map {
      (Double($0) + 0.5) * Double(patch) / Double(edge) - 0.5
    }
    let points = chosen.map { number in
      SIMD3(
        positions[number % edge], positions[number / edge % edge],
        positions[number / (edge * edge)])
    }
    let spline =
      settings.hasBase
      ? SplineVolume(coarse, size: SIMD3(repeating: patch), pool: pool) : nil
    return TrainingBatch.Sample(
      patch: coarse, points: .scattered(points), targets: chosen.map { fine[$0] },
      base: spline.map { spline in points.map(spline.value) } ?? [])
  }

  /// The LR patch of exactly `patch` voxels per axis.
  ///
  /// The factor is that of the edges, not the scale: trunc(10 s) / s is a little below 10 for scales
  /// that are not whole tenths, and rounds to it all the same.
  private func coarsened(
    _ fine: [Float], edge: Int, pool: WorkerPool
  ) throws(TrainingDataError) -> [Float] {
    let size = SIMD3(repeating: edge)
    let request = DegradationRequest(
      .corner, .scale(SIMD3(repeating: Double(edge) / Double(settings.patch))))
    return try TrainingDataError.ofDegradation { () throws(DegradationError) in
      try Grid(size: size, affine: .identity).degraded(by: request)
        .run(fine, pool: pool).values
    }
  }

  private func chosen(_ stream: inout RandomStream, edge: Int) -> [Int] {
    let all = edge * edge * edge
    switch settings.points {
    case .scattered(let count): return stream.distinct(min(count, all), below: all)
    case .grid: return Array(0..<all)
    }
  }
}
