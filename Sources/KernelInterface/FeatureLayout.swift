/// The layout of feature maps in memory, the same for every instruction set.
public enum FeatureLayout {
  /// Channels of a voxel are padded with zeros to a multiple of this many floats, one cache line.
  public static let channelGranule = 16

  /// The number of floats that `channels` channels occupy per voxel.
  @inlinable
  public static func paddedChannels(_ channels: Int) -> Int {
    (channels + channelGranule - 1) / channelGranule * channelGranule
  }
}
