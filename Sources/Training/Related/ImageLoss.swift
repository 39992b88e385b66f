/// How far images are from what they should be.
public enum ImageLoss: String, Sendable, CaseIterable {
  /// Mean of absolute differences.
  case l1
  /// Mean of squared differences.
  case l2
  /// Sum of squared differences over twice the number of images, as Caffe has it: its gradient grows
  /// with the voxels of an image.
  case caffe

  /// By what the sum over all voxels is multiplied.
  func share(_ batch: ImageBatch) -> Double {
    self == .caffe ? 0.5 / Double(batch.samples.count) : 1 / Double(batch.targetCount)
  }

  /// The loss of one difference before it is multiplied.
  @inline(__always)
  func value(_ difference: Float) -> Double { plain.value(difference) }

  /// Its derivative before it is multiplied.
  @inline(__always)
  func slope(_ difference: Float) -> Float { plain.slope(difference) }

  private var plain: Loss { self == .l1 ? .l1 : .l2 }
}
