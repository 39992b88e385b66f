import Volumes

/// An image of another contrast on the grid of the result.
public struct GuideImage: Sendable {
  /// In its own units, `[k][j][i]`.
  public var voxels: [Float]
  /// To the network's range.
  public var intensity: IntensityMap
  /// Voxels of the result that it does not cover; they are 0.
  public let uncoveredCount: Int

  /// An image with the map that its network asks for; for those published, its largest value
  /// becomes 1.
  public init(voxels: [Float], intensity: IntensityMap, uncoveredCount: Int = 0) {
    self.voxels = voxels
    self.intensity = intensity
    self.uncoveredCount = uncoveredCount
  }
}
