import KernelInterface
import Testing

struct TileAxisTests {
  @Test func everyVoxelIsStoredByExactlyOneTile() {
    for size in 1...40 {
      for phase in 0...3 {
        let axis = TileAxis(size: size, phase: phase)
        let stored = (0..<axis.count).flatMap { index -> [Int] in
          let tile = axis.tile(index)
          return Array(tile.lower..<tile.upper)
        }
        #expect(stored == Array(0..<size), "size \(size), phase \(phase)")
      }
    }
  }

  @Test func tilesOfFullLengthBeginAtThePhase() {
    for size in 8...40 {
      for phase in 0...3 {
        let axis = TileAxis(size: size, phase: phase)
        let starts = (0..<axis.count).map { axis.tile($0).lower }.filter { $0 > 0 }
        #expect(starts.allSatisfy { $0 % 4 == phase }, "size \(size), phase \(phase)")
      }
    }
  }

  @Test func oneOrTwoVoxelsTakeAShortTile() {
    for size in 1...40 {
      for phase in 0...3 {
        let axis = TileAxis(size: size, phase: phase)
        for index in 0..<axis.count {
          let tile = axis.tile(index)
          let count = tile.upper - tile.lower
          #expect(tile.length == (count <= 2 ? 2 : 4), "size \(size), phase \(phase)")
          #expect(tile.start <= tile.lower && tile.start + tile.length >= tile.upper)
        }
      }
    }
  }

  @Test func aTileReadsInsideTheVolumeOnlyItsVoxelsAndOneOnEitherSide() {
    for size in 1...40 {
      for phase in 0...3 {
        let axis = TileAxis(size: size, phase: phase)
        for index in 0..<axis.count {
          let tile = axis.tile(index)
          let read = (tile.start - 1..<tile.start + tile.length + 1).clamped(to: 0..<size)
          let allowed = (tile.lower - 1..<tile.upper + 1).clamped(to: 0..<size)
          #expect(read == allowed, "size \(size), phase \(phase), tile \(index)")
        }
      }
    }
  }

  @Test func someVoxelsLieInTheTilesThatCoverThem() {
    for size in 1...20 {
      for phase in 0...3 {
        let axis = TileAxis(size: size, phase: phase)
        for first in 0..<size {
          for end in first + 1...size {
            let tiles = axis.tiles(covering: first..<end)
            let voxels = axis.voxels(of: tiles)
            #expect(voxels.lowerBound <= first && voxels.upperBound >= end)
            #expect(axis.tile(tiles.lowerBound).upper > first)
            #expect(axis.tile(tiles.upperBound - 1).lower < end)
          }
        }
      }
    }
  }
}
