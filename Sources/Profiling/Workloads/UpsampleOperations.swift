import FusedInference
import Networks

/// What a run on one volume counts: multiply-accumulates, voxels, and what is left out of both.
struct UpsampleOperations {
  private let network: Network
  private let planned: PlannedNetwork
  private let inputCount: Int
  private let outputCount: Int
  /// nil for gradient filters.
  private let work: UpsampleWork?

  /// Takes a plan, and what there is to compute of the volume.
  init(
    _ network: Network, _ planned: PlannedNetwork, inputSize: SIMD3<Int>, outputSize: SIMD3<Int>,
    work: UpsampleWork?
  ) {
    self.network = network
    self.planned = planned
    inputCount = inputSize.x * inputSize.y * inputSize.z
    outputCount = outputSize.x * outputSize.y * outputSize.z
    self.work = work
  }

  /// Output voxels that are decoded.
  private var decodedCount: Int {
    guard let work, case .arssr(_, let plan) = planned else { return outputCount }
    let share = Double(work.decoderOperations) / Double(max(plan.decoderOperations, 1))
    return Int((share * Double(outputCount)).rounded())
  }

  /// What a kept background saved; nil where everything was computed.
  var leftOut: LeftOut? {
    guard let work, let background = work.background else { return nil }
    return LeftOut(
      voxels: background.share,
      encoder: 1 - Double(work.encoder.work) / Double(max(encoderWork, 1)),
      decoder: 1 - Double(decodedCount) / Double(outputCount))
  }

  private var encoderWork: Int {
    switch planned {
    case .arssr(_, let plan): plan.encoder.work
    case .related(_, let plan): plan.operations.work
    case .filters: 0
    }
  }

  /// Multiply-accumulates that the decoder skipped.
  func skipped(_ skipping: DecoderSkipping?) -> Int {
    skipping?.operations(points: decodedCount) ?? 0
  }

  /// Multiply-accumulates as executed and by the published function, and voxels made.
  func counts(
    _ part: UpsampleBenchmark.Part, _ skipping: DecoderSkipping?
  ) -> (executed: Int, direct: Int, voxels: Int) {
    let (encode, decode) = (encoder, decoder(skipping))
    return switch part {
    case .encode: encode
    case .decode: decode
    case .upsample:
      (encode.executed + decode.executed, encode.direct + decode.direct, outputCount)
    }
  }

  private var encoder: (executed: Int, direct: Int, voxels: Int) {
    let executed = work?.encoder.executed ?? 0
    return switch network {
    case .arssr(let network):
      (executed, inputCount * network.encoderOperationsPerVoxel, inputCount)
    case .related(let network):
      network.fixedFactor == nil
        ? (executed, outputCount * network.operationsPerVoxel, outputCount)
        : (executed, inputCount * network.operationsPerVoxel, inputCount)
    case .filters: (0, 0, inputCount)
    }
  }

  private func decoder(
    _ skipping: DecoderSkipping?
  ) -> (executed: Int, direct: Int, voxels: Int) {
    switch network {
    case .arssr(let network):
      (
        (work?.decoderOperations ?? 0) - skipped(skipping),
        outputCount * network.decoderOperationsPerVoxel, outputCount
      )
    case .related: (0, 0, outputCount)
    case .filters:
      (planned.operations.decode, planned.operations.decode, outputCount)
    }
  }
}
