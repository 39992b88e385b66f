/// A tile of a Winograd convolution along one axis, in voxels of the volume.
public struct WinogradTile: Equatable, Sendable, BitwiseCopyable {
  /// First voxel that is computed; it may lie before the volume.
  public var start: Int
  /// Voxels that are computed, 2 or 4; they may reach beyond the volume.
  public var length: Int
  /// First voxel that is stored.
  public var lower: Int
  /// One beyond the last voxel that is stored.
  public var upper: Int

  /// Makes the value from its parts.
  @inlinable
  public init(start: Int, length: Int, lower: Int, upper: Int) {
    self.start = start
    self.length = length
    self.lower = lower
    self.upper = upper
  }

  /// Whether all frequencies are needed: F(4), not F(2).
  @inlinable public var isLong: Bool { length == 4 }
  /// Whether every computed voxel is stored.
  @inlinable public var isWhole: Bool { upper - lower == length }
}

/// How one axis of the volume is cut into tiles: by its length and a phase, never by the part of it
/// that is computed, because the last bits of an output depend on its whole tile.
///
/// Tiles of 4 voxels begin at `phase`, `phase + 4`, ...; the part before `phase` is a tile of its own,
/// and the last tile has what is left. One or two voxels are computed by F(2), three or four by
/// F(4). What is computed beyond a tile's voxels lies outside the volume, so inside it a tile reads
/// nothing but its voxels and one on either side.
public struct TileAxis: Equatable, Sendable, BitwiseCopyable {
  /// Voxels of the axis, at least 1.
  public var size: Int
  /// Where the first tile of full length begins, 0...3.
  public var phase: Int

  /// Makes the grid of an axis.
  @inlinable
  public init(size: Int, phase: Int) {
    self.size = size
    self.phase = phase
  }

  /// Voxels from the end of the tile before `phase` back to where a full one would have begun.
  @inlinable var lead: Int { (4 - phase) % 4 }

  /// The number of tiles.
  @inlinable public var count: Int { (size + lead + 3) / 4 }

  /// The tile with an index from 0 on.
  @inlinable
  public func tile(_ index: Int) -> WinogradTile {
    let nominal = 4 * index - lead
    let lower = max(nominal, 0)
    let upper = min(nominal + 4, size)
    let length = upper - lower <= 2 ? 2 : 4
    let endsInside = nominal < 0 && upper < size
    return WinogradTile(
      start: endsInside ? upper - length : lower, length: length, lower: lower, upper: upper)
  }

  /// The tiles in which some voxels of the axis lie.
  @inlinable
  public func tiles(covering voxels: Range<Int>) -> Range<Int> {
    guard !voxels.isEmpty else { return 0..<0 }
    return (voxels.lowerBound + lead) / 4..<(voxels.upperBound - 1 + lead) / 4 + 1
  }

  /// The voxels of some tiles.
  @inlinable
  public func voxels(of tiles: Range<Int>) -> Range<Int> {
    guard !tiles.isEmpty else { return 0..<0 }
    return tile(tiles.lowerBound).lower..<tile(tiles.upperBound - 1).upper
  }
}
