/// The patches of a batch, and how their rows follow each other in the tables that kernels read.
struct BatchShape: Sendable, Equatable {
  var samples: Int
  /// Voxels of a patch along i, j, k.
  var size: SIMD3<Int>

  /// Table rows from a sample to the next: its rows and at least one of zeros.
  ///
  /// Where a patch is no whole number of Winograd tiles long, the zeros fill the last one, and all
  /// samples are one axis of tiles. Where it is, that would cost a tile of zeros per sample.
  var sampleRows: Int { size.y + 4 - size.y % 4 }
  /// Whether the tiles of all samples form one axis.
  var isOneAxis: Bool { size.y % 4 != 0 }
  /// Table rows of a plane: one before, all samples, and two behind, which Winograd tiles reach.
  var tableRows: Int { samples * sampleRows + 3 }
  /// Planes of the table: one before and two behind.
  var tablePlanes: Int { size.z + 3 }

  /// The table entry of a row.
  func entry(sample: Int, k: Int, j: Int) -> Int {
    (k + 1) * tableRows + 1 + sample * sampleRows + j
  }

  /// Voxels of all patches.
  var voxels: Int { samples * size.x * size.y * size.z }
}
