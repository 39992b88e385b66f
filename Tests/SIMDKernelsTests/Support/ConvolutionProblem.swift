import KernelInterface

/// A convolution layer with random operands, described by its shape.
struct ConvolutionProblem: CustomStringConvertible {
  /// Channels and floats per voxel of an input.
  struct Operand {
    var channels: Int
    var voxelStride: Int

    /// A map of its own, padded as the engine pads.
    static func padded(_ channels: Int) -> Operand {
      Operand(channels: channels, voxelStride: FeatureLayout.paddedChannels(channels))
    }
    /// A map without a gap between voxels.
    static func dense(_ channels: Int) -> Operand {
      Operand(channels: channels, voxelStride: channels)
    }
  }

  enum Residual: CaseIterable {
    case none
    case perChannel
    case broadcast
  }

  /// Taps per axis, odd.
  var extent: Int
  var operands: [Operand]
  var outputs: Int
  var width: Int
  var rows = 2
  var planes = 2
  var residual = Residual.none
  var rectified = false
  var seed: UInt64 = 1

  var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }
  /// Voxels of zeros around the maps of inputs.
  var halo: Int { max(1, extent / 2) }
  var inputChannels: Int { operands.reduce(0) { $0 + $1.channels } }
  var reduction: Int { inputChannels * extent * extent * extent }
  /// Steps of a 1x1x1 layer in bfloat16.
  var pairs: Int { operands.reduce(0) { $0 + ($1.channels + 1) / 2 } }
  var voxelCount: Int { planes * rows * width }

  var description: String {
    let inputs = operands.map { "\($0.channels)/\($0.voxelStride)" }.joined(separator: "+")
    return "\(extent)x\(extent)x\(extent) \(inputs)->\(outputs), \(width)x\(rows)x\(planes), "
      + "residual \(residual), rectified \(rectified)"
  }
}

/// The operands of a problem; maps of inputs have a halo of zeros.
struct ConvolutionOperands {
  let problem: ConvolutionProblem
  /// `[k + halo][j + halo][i + halo][voxelStride]`; floats between channels and stride are NaN, because no
  /// kernel may let them into a sum.
  var maps: [[Float]]
  /// `[output][input channel of the concatenation][tap]`, as checkpoints store them.
  var weights: [Float]
  var bias: [Float]
  /// `[k][j][i][paddedOutputs or 1]`.
  var residual: [Float]

  init(_ problem: ConvolutionProblem) {
    self.problem = problem
    var random = RandomValues(seed: problem.seed)
    maps = problem.operands.map { operand in
      ConvolutionOperands.map(of: operand, problem, &random)
    }
    weights = random.values(problem.outputs * problem.reduction)
    bias = random.values(problem.outputs)
    bias += [Float](repeating: 0, count: problem.paddedOutputs - problem.outputs)
    let residualChannels = problem.residual == .broadcast ? 1 : problem.paddedOutputs
    residual = random.values(problem.voxelCount * residualChannels)
  }

  /// The same problem with inputs and weights rounded to bfloat16.
  var rounded: ConvolutionOperands {
    var operands = self
    operands.maps = maps.map { $0.map(BFloat16.rounded) }
    operands.weights = weights.map(BFloat16.rounded)
    return operands
  }

  private static func map(
    of operand: ConvolutionProblem.Operand, _ problem: ConvolutionProblem,
    _ random: inout RandomValues
  ) -> [Float] {
    var values: [Float] = []
    let halo = problem.halo
    for k in -halo..<problem.planes + halo {
      for j in -halo..<problem.rows + halo {
        for i in -halo..<problem.width + halo {
          let isInside =
            (0..<problem.planes).contains(k) && (0..<problem.rows).contains(j)
            && (0..<problem.width).contains(i)
          for channel in 0..<operand.voxelStride {
            let value = channel < operand.channels ? random.next() : .nan
            values.append(isInside || value.isNaN ? value : 0)
          }
        }
      }
    }
    return values
  }

  /// Floats per row and plane of a map with halo.
  func strides(_ voxelStride: Int) -> (row: Int, plane: Int) {
    let row = (problem.width + 2 * problem.halo) * voxelStride
    return (row, row * (problem.rows + 2 * problem.halo))
  }

  /// The flat index of channel 0 of voxel (i, j, k) in a map with halo.
  func index(_ voxelStride: Int, _ i: Int, _ j: Int, _ k: Int) -> Int {
    let strides = strides(voxelStride)
    let halo = problem.halo
    return (k + halo) * strides.plane + (j + halo) * strides.row + (i + halo) * voxelStride
  }

  /// The weight of an output for a channel of the concatenation and a tap.
  func weight(_ output: Int, _ channel: Int, _ tap: Int) -> Float {
    let taps = problem.extent * problem.extent * problem.extent
    return weights[(output * problem.inputChannels + channel) * taps + tap]
  }
}
