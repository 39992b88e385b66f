import Glibc

/// Draws a sample from an LR volume of the pool.
struct PoolSampler {
  let settings: DataSettings

  /// Draws a patch, points within it, what is there in the HR volume and in the LR volume's spline.
  ///
  /// Points lie on HR voxels whose position is at least `margin` LR voxels inside of the patch's faces,
  /// because the zeros that a network pads a patch with are not what a volume has there.
  func sample(
    _ stream: inout RandomStream, from entry: DegradedEntry
  ) -> TrainingBatch.Sample {
    let box = PatchBox.drawn(
      &stream, edge: settings.patch, in: entry.voxels, size: entry.size,
      share: settings.foregroundShare)
    let candidates = (0..<3).map { axis in
      entry.indices(
        from: Double(box.origin[axis] + settings.margin) - 0.5,
        to: Double(box.origin[axis] + settings.patch - settings.margin) - 0.5, axis: axis)
    }
    var sample: TrainingBatch.Sample
    switch settings.points {
    case .grid(let rows):
      let indices = candidates.map { drawnRows(&stream, rows, of: $0) }
      sample = gridSample(entry, box, indices)
    case .scattered(let count):
      sample = scatteredSample(entry, box, drawnVoxels(&stream, count, of: candidates))
    }
    let turn = settings.mirrors ? AxisTurn(&stream) : .none
    let gain = Float(exp(stream.uniform(in: -settings.brightness...settings.brightness)))
    sample.turn(turn, patch: settings.patch)
    sample.multiply(by: gain)
    return sample
  }

  /// `count` voxels of a range in rising order; some twice where it has fewer.
  private func drawnRows(
    _ stream: inout RandomStream, _ count: Int, of range: Range<Int>
  ) -> [Int] {
    if range.count >= count {
      return stream.distinct(count, below: range.count).map { range.lowerBound + $0 }
    }
    return (0..<count).map { _ in range.lowerBound + stream.integer(below: range.count) }.sorted()
  }

  private func drawnVoxels(
    _ stream: inout RandomStream, _ count: Int, of ranges: [Range<Int>]
  ) -> [SIMD3<Int>] {
    let sizes = ranges.map(\.count)
    let numbers = drawnRows(&stream, count, of: 0..<(sizes[0] * sizes[1] * sizes[2]))
    return numbers.map { number in
      let (plane, i) = number.quotientAndRemainder(dividingBy: sizes[0])
      let (k, j) = plane.quotientAndRemainder(dividingBy: sizes[1])
      return SIMD3(
        ranges[0].lowerBound + i, ranges[1].lowerBound + j, ranges[2].lowerBound + k)
    }
  }

  private func gridSample(
    _ entry: DegradedEntry, _ box: PatchBox, _ indices: [[Int]]
  ) -> TrainingBatch.Sample {
    let positions = (0..<3).map { axis in
      indices[axis].map { entry.position($0, axis: axis) }
    }
    var targets: [Float] = []
    targets.reserveCapacity(indices[0].count * indices[1].count * indices[2].count)
    for k in indices[2] {
      for j in indices[1] { for i in indices[0] { targets.append(entry.target(i, j, k)) } }
    }
    let inPatch = (0..<3).map { axis in positions[axis].map { $0 - Double(box.origin[axis]) } }
    return TrainingBatch.Sample(
      patch: box.values(of: entry.voxels, size: entry.size),
      points: .grid(i: inPatch[0], j: inPatch[1], k: inPatch[2]), targets: targets,
      base: entry.spline?.values(i: positions[0], j: positions[1], k: positions[2]) ?? [],
      psf: Float(entry.psf))
  }

  private func scatteredSample(
    _ entry: DegradedEntry, _ box: PatchBox, _ voxels: [SIMD3<Int>]
  ) -> TrainingBatch.Sample {
    let positions = voxels.map { voxel in
      SIMD3(
        entry.position(voxel.x, axis: 0), entry.position(voxel.y, axis: 1),
        entry.position(voxel.z, axis: 2))
    }
    let origin = SIMD3<Double>(box.origin)
    return TrainingBatch.Sample(
      patch: box.values(of: entry.voxels, size: entry.size),
      points: .scattered(positions.map { $0 - origin }),
      targets: voxels.map { entry.target($0.x, $0.y, $0.z) },
      base: entry.spline.map { spline in positions.map(spline.value) } ?? [],
      psf: Float(entry.psf))
  }
}

extension TrainingBatch.Sample {
  /// Turns patch, points and everything at the points.
  mutating func turn(_ turn: AxisTurn, patch edge: Int) {
    guard turn != .none else { return }
    patch = turn.turned(patch, sizes: [edge, edge, edge])
    switch points {
    case .grid(let i, let j, let k):
      let sizes = [i.count, j.count, k.count]
      targets = turn.turned(targets, sizes: sizes)
      base = turn.turned(base, sizes: sizes)
      let turned = turn.turned([i, j, k], patch: edge)
      points = .grid(i: turned[0], j: turned[1], k: turned[2])
    case .scattered(let positions):
      points = .scattered(positions.map { turn.turned($0, patch: edge) })
    }
  }

  /// Makes all intensities brighter or darker.
  mutating func multiply(by gain: Float) {
    guard gain != 1 else { return }
    for index in patch.indices { patch[index] *= gain }
    for index in targets.indices { targets[index] *= gain }
    for index in base.indices { base[index] *= gain }
  }
}
