import KernelInterface

/// How every plane of a batch is cut into Winograd tiles: a function of its shape alone.
struct PlaneTiles: Sendable {
  let shape: BatchShape

  /// Rows of tiles of a plane.
  var rows: Int { (shape.size.y + 3) / 4 }
  /// Tiles of a plane.
  var count: Int { rows * ((shape.size.x + 3) / 4) }
  /// Pairs of tiles: steps of a sum over them.
  var pairs: Int { (count + 1) / 2 }

  /// Steps of a sum over channels.
  static func steps(_ channels: Int) -> Int { (channels + 1) / 2 }
}
