import CArssr
import Files
import FusedInference
import SuperResolution
import Volumes

// What the structures of C stand for, with the checks that only this border needs.

extension Grid {
  /// The grid of a caller: sizes of at least 1 whose product is countable, a finite affine.
  init(_ grid: arssr_grid, name: String) throws(SuperResolutionError) {
    let size = SIMD3(Int(grid.size.0), Int(grid.size.1), Int(grid.size.2))
    guard (0..<3).allSatisfy({ (1...Grid.largestAxis).contains(size[$0]) }),
      Double(size.x) * Double(size.y) * Double(size.z) < 0x1p56
    else {
      throw .argument(
        name: name, value: "\(size.x) x \(size.y) x \(size.z) voxels",
        wanted: "1 to \(Grid.largestAxis) per axis")
    }
    let rows = withUnsafeBytes(of: grid.affine) { Array($0.bindMemory(to: Double.self)) }
    func row(_ first: Int) -> SIMD4<Double> {
      SIMD4(rows[first], rows[first + 1], rows[first + 2], rows[first + 3])
    }
    let affine = Affine(rows: row(0), row(4), row(8))
    guard affine.isFinite, affine.inverse != nil else {
      throw .argument(
        name: name, value: "\(rows)", wanted: "an affine that can be inverted")
    }
    self.init(size: size, affine: affine)
  }

  /// The form for C.
  var structure: arssr_grid {
    var grid = arssr_grid()
    grid.size = (Int64(size.x), Int64(size.y), Int64(size.z))
    withUnsafeMutableBytes(of: &grid.affine) { bytes in
      let values = bytes.bindMemory(to: Double.self)
      for row in 0..<3 {
        for column in 0..<4 { values[4 * row + column] = affine[row, column] }
      }
    }
    return grid
  }
}

extension Volume {
  /// A copy of a caller's voxels; the caller's own are free when the call ends.
  init(
    _ voxels: UnsafePointer<Float>, _ grid: arssr_grid, name: String
  ) throws(SuperResolutionError) {
    let grid = try Grid(grid, name: name)
    self.init(
      grid: grid,
      voxels: Array(UnsafeBufferPointer(start: voxels, count: grid.voxelCount)))
  }
}

extension TargetRequest {
  /// The wish of a caller; nil where it is left to the model.
  static func of(_ target: arssr_target) throws(SuperResolutionError) -> TargetRequest? {
    let values = SIMD3(target.values.0, target.values.1, target.values.2)
    switch Int(target.kind) {
    case ARSSR_SCALE: return .scale(values)
    case ARSSR_SPACING: return .spacing(values)
    case ARSSR_ISOTROPIC: return .isotropic
    case ARSSR_STANDARD: return nil
    case ARSSR_SIZE:
      guard (0..<3).allSatisfy({ abs(values[$0]) <= Double(Grid.largestAxis) }) else {
        throw .argument(
          name: "size", value: "\(values)", wanted: "1 to \(Grid.largestAxis) per axis")
      }
      return .size(SIMD3<Int>(values))
    case ARSSR_LIKE: return .like(try Grid(target.like, name: "like"))
    default:
      throw .argument(name: "target", value: "\(target.kind)", wanted: "one of ARSSR_SCALE ...")
    }
  }
}

extension UpsampleSettings {
  /// The settings of a caller.
  init(_ settings: arssr_settings) throws(SuperResolutionError) {
    self.init()
    if let word = text(settings.normalisation) {
      guard let normalisation = Normalisation(word) else {
        throw .argument(
          name: "normalisation", value: word,
          wanted: "none, minmax, percentile:LOW,HIGH or scale:VALUE")
      }
      self.normalisation = normalisation
    }
    let widths = SIMD3(settings.psf.0, settings.psf.1, settings.psf.2)
    guard Deconvolution.takes(widths) else {
      let most = Deconvolution.widths.upperBound.plainText
      throw .argument(name: "psf", value: "\(widths)", wanted: "from 0 to \(most)")
    }
    switch settings.psf_count {
    case 0: blur = nil
    case 1: blur = .uniform(widths.x)
    default: blur = .perAxis(widths)
    }
    switch settings.clip {
    case 0: clip = .none
    case 1: clip = .input
    default:
      let (low, high) = (settings.clip_range.0, settings.clip_range.1)
      guard low < high else {
        throw .argument(name: "clip", value: "\(low), \(high)", wanted: "LOW below HIGH")
      }
      clip = .range(low, high)
    }
    if let mask = settings.mask {
      self.mask = try Volume(mask, settings.mask_grid, name: "mask")
    }
    outside = settings.outside_linear == 0 ? .zero : .linear
    switch settings.background {
    case 1: background = .keep
    case 2: background = .compute
    default: background = nil
    }
    nonFinite = settings.zero_nonfinite == 0 ? .refuse : .zero
    if let guide = settings.guide {
      self.guide = try Volume(guide, settings.guide_grid, name: "guide")
    }
    resamplesGuide = settings.guide_resample != 0
    switch settings.ensemble {
    case 0: ensemble = .none
    case 1: ensemble = .mirrorings
    default: ensemble = .permutations
    }
  }
}
