import Volumes

/// An image of another contrast on the grid of the result.
public struct GuideImage: Sendable {
  /// In its own units, `[k][j][i]`.
  public var voxels: [Float]
  /// To the network's range.
  public var intensity: IntensityMap

  /// An image with the map that its network asks for; for those published, its largest value
  /// becomes 1.
  public init(voxels: [Float], intensity: IntensityMap) {
    self.voxels = voxels
    self.intensity = intensity
  }
}
