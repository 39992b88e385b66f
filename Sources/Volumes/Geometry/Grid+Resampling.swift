/// Where the samples of one new axis lie, in voxels of the old one.
///
/// Sample `o` lies at `(o + 1/2) * step - 1/2`: the outer corner of the first voxel stays.
struct AxisRule: Equatable {
  /// Voxels of the old axis.
  var inputSize: Int
  /// Voxels of the new axis.
  var outputSize: Int
  /// A prescribed step; nil for `inputSize / outputSize`, which keeps the field of view.
  var exactStep: Double?

  /// The new spacing in old voxels.
  var step: Double {
    exactStep ?? Double(inputSize) / Double(outputSize)
  }

  /// The old coordinate of the centre of new voxel 0.
  var start: Double { (step - 1) / 2 }

  /// The old coordinates of all new voxel centres.
  ///
  /// Over the same field of view the product comes before the quotient, so that a point that lies
  /// exactly on a voxel or half way between two comes out so whatever the ratio of the sizes.
  var positions: [Double] {
    if let exactStep { return (0..<outputSize).map { (Double($0) + 0.5) * exactStep - 0.5 } }
    return (0..<outputSize).map {
      (Double($0) + 0.5) * Double(inputSize) / Double(outputSize) - 0.5
    }
  }
}

extension Grid {
  /// The most voxels that an axis of a target may have.
  public static let largestAxis = 1 << 24

  /// Returns the grid of other size over the same field of view; finer or coarser.
  ///
  /// With r = n_in / n_out per axis, column c of each matrix is multiplied by r_c and voxel 0 moves
  /// to old index (r - 1) / 2 (spec of geometry, "same field of view"). Both forms go the same way,
  /// each with its own matrix and code.
  public func resampled(toSize newSize: SIMD3<Int>) -> Grid {
    precondition(newSize.min() > 0, "size: \(newSize)")
    return resampled(
      (0..<3).map {
        AxisRule(inputSize: size[$0], outputSize: newSize[$0], exactStep: nil)
      })
  }

  /// Returns the grid that three axis rules describe.
  func resampled(_ rules: [AxisRule]) -> Grid {
    let step = SIMD3(rules[0].step, rules[1].step, rules[2].step)
    let start = SIMD3(rules[0].start, rules[1].start, rules[2].start)
    return refitted(
      size: SIMD3(rules[0].outputSize, rules[1].outputSize, rules[2].outputSize),
      by: Affine(diagonal: step, translation: start))
  }

  /// Returns the grid whose voxels lie at `map` of this one's, the map being a scaling and a shift.
  ///
  /// A grid placed by a qform alone gets an sform of the same code and matrix too: a float32
  /// quaternion near a half turn is wrong by up to 0.12 mm at the corners of a head. A grid placed
  /// by an sform alone stays without a qform, which could not hold a shear.
  package func refitted(size newSize: SIMD3<Int>, by map: Affine) -> Grid {
    let newSform = sform.map { PlacedAffine(affine: $0.affine * map, code: $0.code) }
    let newQform = qform.map { PlacedAffine(affine: $0.affine * map, code: $0.code) }
    let newSpacing: SIMD3<Double> =
      if newQform == nil, let newSform {
        newSform.affine.columnNorms
      } else {
        spacing * map.columnNorms
      }
    return Grid(
      size: newSize, spacing: newSpacing, sform: newSform ?? newQform, qform: newQform)
  }

  /// Returns the grid as the published script writes it: the old origin, other steps.
  ///
  /// The step of each axis is multiplied by `factors`. The image is displaced by it; for comparison
  /// with such files only.
  func withPublishedPlacement(size newSize: SIMD3<Int>, factors: SIMD3<Double>) -> Grid {
    refitted(size: newSize, by: Affine(diagonal: factors))
  }
}
