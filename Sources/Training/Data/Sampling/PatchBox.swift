/// A cube of voxels of a volume.
struct PatchBox: Equatable {
  let origin: SIMD3<Int>
  let edge: Int

  /// Its values `[k][j][i]`.
  func values(of voxels: [Float], size: SIMD3<Int>) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(edge * edge * edge)
    for k in 0..<edge {
      for j in 0..<edge {
        let row = ((origin.z + k) * size.y + origin.y + j) * size.x + origin.x
        values.append(contentsOf: voxels[row..<(row + edge)])
      }
    }
    return values
  }

  /// Draws boxes until one has enough foreground; the best of 64 if none has.
  static func drawn(
    _ stream: inout RandomStream, edge: Int, in voxels: [Float], size: SIMD3<Int>, share: Double
  ) -> PatchBox {
    var best = PatchBox(origin: .zero, edge: edge)
    var most = -1
    let wanted = Int((share * Double(edge * edge * edge)).rounded(.up))
    for _ in 0..<64 {
      var origin = SIMD3<Int>.zero
      for axis in 0..<3 { origin[axis] = stream.integer(below: size[axis] - edge + 1) }
      let box = PatchBox(origin: origin, edge: edge)
      let found = box.foregroundCount(voxels, size: size)
      if found >= wanted { return box }
      if found > most { (most, best) = (found, box) }
    }
    return best
  }

  private func foregroundCount(_ voxels: [Float], size: SIMD3<Int>) -> Int {
    voxels.withUnsafeBufferPointer { voxels in
      var count = 0
      for k in 0..<edge {
        for j in 0..<edge {
          let row = ((origin.z + k) * size.y + origin.y + j) * size.x + origin.x
          for i in 0..<edge where voxels[row + i] > TrainingVolume.foreground { count += 1 }
        }
      }
      return count
    }
  }
}
