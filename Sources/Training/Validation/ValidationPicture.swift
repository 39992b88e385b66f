import Volumes

/// A piece of a validation volume to be looked at.
///
/// What the network gets, what it makes of it, and what it should make have one field of view;
/// intensities are normalised.
public struct ValidationPicture: Sendable {
  /// What the network gets.
  public let input: Volume
  /// Cubic interpolation of it.
  public let cubic: Volume
  /// What the network makes of it.
  public let result: Volume
  /// The truth.
  public let truth: Volume
  /// Factors along i, j, k.
  public let scale: SIMD3<Double>
  /// How the input came about.
  public let source: DataSettings.Source

  init(_ sample: Sample, result: [Float]) {
    input = sample.input
    cubic = sample.cubic
    truth = sample.truth
    scale = sample.scale
    source = sample.source
    self.result = Volume(grid: sample.truth.grid, voxels: result)
  }

  /// What does not depend on the network.
  struct Sample: Sendable {
    let input: Volume
    let cubic: Volume
    let truth: Volume
    let scale: SIMD3<Double>
    let source: DataSettings.Source
    /// The number of its box.
    let box: Int

    init(_ item: ValidationCase, affine: Affine, box: Int) {
      guard case .grid(let i, let j, let k) = item.sample.points else {
        preconditionFailure("validation points are a grid")
      }
      // Of the input's voxels those in which the others lie, without what is only context.
      let axes = [i, j, k].enumerated().map { axis, positions in
        let (first, last) = (positions[0], positions[positions.count - 1])
        let inside = Int(first.rounded())..<Int(last.rounded()) + 1
        return (first: first, inside: inside.clamped(to: 0..<item.size[axis]))
      }
      let (columns, rows, planes) = (axes[0].inside, axes[1].inside, axes[2].inside)
      let low = SIMD3(columns.lowerBound, rows.lowerBound, planes.lowerBound)
      let first = SIMD3(axes[0].first, axes[1].first, axes[2].first)
      let coarse = Affine(
        diagonal: item.scale, translation: (SIMD3<Double>(low) - first) * item.scale)
      var patch: [Float] = []
      for k in planes {
        for j in rows {
          let row = (k * item.size.y + j) * item.size.x
          patch += item.sample.patch[(row + columns.lowerBound)..<(row + columns.upperBound)]
        }
      }
      let fine = Grid(size: SIMD3(i.count, j.count, k.count), affine: affine)
      input = Volume(
        grid: Grid(
          size: SIMD3(columns.count, rows.count, planes.count),
          affine: affine * coarse),
        voxels: patch)
      cubic = Volume(grid: fine, voxels: item.sample.base)
      truth = Volume(grid: fine, voxels: item.sample.targets)
      scale = item.scale
      source = item.source
      self.box = box
    }
  }

  /// The case that is shown: the first with the scale nearest to 3 along all axes.
  static func kind(of scales: [SIMD3<Double>]) -> Int {
    func distance(_ scale: SIMD3<Double>) -> Double { ((scale - 3) * (scale - 3)).sum() }
    return scales.indices.min { distance(scales[$0]) < distance(scales[$1]) } ?? 0
  }
}
