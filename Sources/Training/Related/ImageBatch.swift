/// What a step of training reads where a network makes an image of an image.
public struct ImageBatch: Sendable, Equatable {
  /// A patch and what shall become of it.
  public struct Sample: Sendable, Equatable {
    /// `[k][j][i][channel]`; channel 0 is the image that a residual network adds to.
    public var input: [Float]
    /// `[K][J][I]`: as many voxels as the network makes.
    public var target: [Float]

    /// Pairs the two; counts are checked when they become part of a batch.
    public init(input: [Float], target: [Float]) {
      self.input = input
      self.target = target
    }
  }

  /// Voxels of every input along i, j, k.
  public let size: SIMD3<Int>
  /// Voxels of every target along i, j, k.
  public let targetSize: SIMD3<Int>
  /// At least one.
  public let samples: [Sample]

  /// Makes a batch of samples whose counts fit.
  public init(size: SIMD3<Int>, targetSize: SIMD3<Int>, samples: [Sample]) {
    precondition(!samples.isEmpty && size.min() >= 1, "\(samples.count) samples of \(size) voxels")
    let voxels = size.x * size.y * size.z
    let targets = targetSize.x * targetSize.y * targetSize.z
    for sample in samples {
      precondition(
        sample.input.count % voxels == 0 && sample.target.count == targets,
        "\(sample.input.count) inputs and \(sample.target.count) targets of \(size), \(targetSize)")
    }
    self.size = size
    self.targetSize = targetSize
    self.samples = samples
  }

  /// Voxels of all targets.
  var targetCount: Int { samples.count * targetSize.x * targetSize.y * targetSize.z }
}
