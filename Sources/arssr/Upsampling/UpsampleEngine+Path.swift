import FusedInference
import KernelInterface

extension UpsampleEngine {
  /// How a network's volume is worked through: parts, the margin around each, rows at a time.
  var division: (blocks: SIMD3<Int>, halo: Int, rows: Int?)? {
    switch self {
    case .network(_, let plan, _): (plan.blockCounts, plan.halo, plan.rowsPerStep)
    case .related(_, let plan, _): (plan.blockCounts, plan.halo, plan.rowsPerStep)
    case .filters, .interpolation: nil
    }
  }

  /// What decides about the last bits of a network's result.
  struct Path {
    let isExact: Bool
    let convolution: ConvolutionAlgorithm
    let precision: Precision
    let errorBound: Double
  }

  /// The path of a network; nil for an interpolation.
  var path: Path? {
    switch self {
    case .network(let upsampler, _, _):
      Path(
        isExact: upsampler.isExact, convolution: upsampler.convolution,
        precision: upsampler.precision, errorBound: upsampler.errorBound)
    case .related(let upsampler, _, _):
      Path(
        isExact: upsampler.isExact, convolution: upsampler.convolution, precision: .float32,
        errorBound: upsampler.errorBound)
    case .filters: Path(isExact: true, convolution: .direct, precision: .float32, errorBound: 0)
    case .interpolation: nil
    }
  }
}
