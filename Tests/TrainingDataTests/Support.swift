import Degradation
import Foundation
import TestSupport
import Volumes
import Workers

@testable import Training

/// A volume whose values are a function of the place.
func volume(
  _ size: SIMD3<Int> = SIMD3(48, 44, 40), path: String = "a.nii",
  _ value: (Double, Double, Double) -> Double
) -> TrainingVolume {
  var voxels: [Float] = []
  for k in 0..<size.z {
    for j in 0..<size.y {
      for i in 0..<size.x { voxels.append(Float(value(Double(i), Double(j), Double(k)))) }
    }
  }
  return TrainingVolume(path: path, size: size, affine: .identity, voxels: voxels)
}

/// A linear ramp that is foreground everywhere: splines and linear interpolation give it exactly.
func ramp(_ i: Double, _ j: Double, _ k: Double) -> Double {
  0.2 + 0.01 * i + 0.004 * j + 0.0017 * k
}

/// Small samples from a small pool; nothing random but the place.
func plainSettings(_ source: DataSettings.Source = .plain(.exact)) -> DataSettings {
  var settings = DataSettings()
  settings.patch = 8
  settings.margin = 1
  settings.points = .grid(rows: 6)
  settings.drawing = .pool(count: 2, refresh: 4)
  settings.scales = 1.5...3
  settings.sources = [.init(source)]
  settings.brightness = 0
  settings.mirrors = false
  return settings
}

/// The points of a sample, in the order of its targets.
func positions(_ sample: TrainingBatch.Sample) -> [SIMD3<Double>] {
  switch sample.points {
  case .scattered(let positions): return positions
  case .grid(let i, let j, let k):
    var all: [SIMD3<Double>] = []
    for z in k { for y in j { for x in i { all.append(SIMD3(x, y, z)) } } }
    return all
  }
}

/// The linear interpolation of a patch at a place, in double precision; continued beyond its ends.
func interpolated(_ patch: [Float], _ size: SIMD3<Int>, at u: SIMD3<Double>) -> Double {
  var total = 0.0
  for corner in 0..<8 {
    var weight = 1.0
    var index = 0
    var stride = 1
    for axis in 0..<3 {
      let low = min(max(Int(u[axis].rounded(.down)), 0), size[axis] - 2)
      let t = u[axis] - Double(low)
      let upper = corner >> axis & 1
      weight *= upper == 1 ? t : 1 - t
      index += (low + upper) * stride
      stride *= size[axis]
    }
    total += weight * Double(patch[index])
  }
  return total
}
