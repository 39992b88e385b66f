import FusedInference
import Networks

/// Along one axis of a patch, what each position of a grid reads and what the decoder is told of it.
struct AxisTaps: Sendable {
  /// Voxels, two per position.
  let taps: [Int]
  /// Their weights.
  let weights: [Float]
  let coordinates: [Float]

  init(_ positions: [Double], size: Int, _ variants: ArSSRVariants) {
    let linear = positions.map {
      LinearTaps(position: $0, size: size, padding: variants.padding)
    }
    taps = linear.flatMap { [$0.first, $0.second] }
    weights = linear.flatMap { [$0.firstWeight, $0.secondWeight] }
    coordinates = positions.map {
      decoderCoordinate(position: $0, size: size, kind: variants.coordinates)
    }
  }

  var count: Int { coordinates.count }

  /// The taps as offsets between vectors of `length` floats.
  func offsets(length: Int) -> [Int] { taps.map { $0 * length } }
}
