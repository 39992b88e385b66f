import Networks
import Synchronization
import Volumes

/// The upsampler of the last input, of a network whose weights depend on it: volumes of a set are alike.
final class BlendedUpsampler: Sendable {
  private let last = Mutex<(traits: InputTraits, upsampler: Upsampler)?>(nil)

  /// The one of these traits; made where the last had others.
  func upsampler(
    for traits: InputTraits, make: () throws(InferenceError) -> Upsampler
  ) throws(InferenceError) -> Upsampler {
    if let known = last.withLock({ $0 }), known.traits == traits { return known.upsampler }
    let made = try make()
    last.withLock { $0 = (traits, made) }
    return made
  }
}

extension Upsampler {
  /// The upsampler for an input: with its weights, where they depend on it.
  ///
  /// - Parameters:
  ///   - sampling: Where the output voxels lie in the input.
  ///   - options: Blur and voxel size of the input among them.
  /// - Returns: This one where the weights are the same for all inputs.
  /// - Throws: ``InferenceError/allocation(_:)``, or what is wrong with the blur.
  package func blended(sampling: Sampling, options: Options) throws(InferenceError) -> Upsampler {
    guard let blend = network.blend else { return self }
    let traits = InputTraits(
      spacing: options.spacing, blur: try use(of: options.blur, sampling: sampling).told)
    return try inputs.upsampler(for: traits) { () throws(InferenceError) in
      try Upsampler(
        network: network.blended(for: traits),
        weightBytesBeside: weightBytes + MemoryLayout<Float>.size * blend.parameterCount,
        precision: precision, kernels: kernels, pool: pool, isExact: choosesExact)
    }
  }
}
