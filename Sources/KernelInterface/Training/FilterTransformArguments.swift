/// Filters of one operand and one panel of outputs, from their taps to Winograd's points.
///
/// As `WinogradFilters.pack`, but from packed weights, in float32: filters that change with every step.
public struct FilterTransformArguments {
  /// `[tap][channel][width]`: the operand's part of a panel of packed weights.
  public var taps: UnsafePointer<Float>
  /// Channels of the operand.
  public var channels: Int
  /// Outputs of the panel.
  public var width: Int
  /// `[frequency]` every `frequencyStride` floats: `[channel][width]`.
  public var filters: UnsafeMutablePointer<Float>
  /// Floats from a frequency to the next: all inputs times all padded outputs.
  public var frequencyStride: Int
  /// At least ``scratchFloats`` floats, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Floats of scratch: a filter between its transforms along two axes, for the widest vector.
  public static var scratchFloats: Int { (54 + 108) * FeatureLayout.channelGranule }

  /// Makes the value from its parts.
  public init(
    taps: UnsafePointer<Float>, channels: Int, width: Int, filters: UnsafeMutablePointer<Float>,
    frequencyStride: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    self.taps = taps
    self.channels = channels
    self.width = width
    self.filters = filters
    self.frequencyStride = frequencyStride
    self.scratch = scratch
  }
}
