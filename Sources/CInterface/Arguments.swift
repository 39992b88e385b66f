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
      guard (0..<3).allSatisfy({ abs(values[$0]) <= Double(Grid.largestAxis) }),
        values == values.rounded(.towardZero)
      else {
        throw .argument(
          name: "size", value: "\(values)",
          wanted: "whole numbers from 1 to \(Grid.largestAxis) per axis")
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
          wanted: "none, max, minmax, percentile:LOW,HIGH or scale:VALUE (from 1e-38 to 1e38)")
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
    case 3: blur = .perAxis(widths)
    default: throw .unknown("psf_count", settings.psf_count, wanted: "0, 1 or 3")
    }
    switch settings.clip {
    case 0: clip = .none
    case 1: clip = .input
    case 2:
      let (low, high) = (settings.clip_range.0, settings.clip_range.1)
      guard low < high else {
        throw .argument(name: "clip", value: "\(low), \(high)", wanted: "LOW below HIGH")
      }
      clip = .range(low, high)
    default: throw .unknown("clip", settings.clip, wanted: "0, 1 or 2")
    }
    if let mask = settings.mask {
      self.mask = try Volume(mask, settings.mask_grid, name: "mask")
    }
    outside = settings.outside_linear == 0 ? .zero : .linear
    switch settings.background {
    case 0: background = nil
    case 1: background = .keep
    case 2: background = .compute
    default: throw .unknown("background", settings.background, wanted: "0, 1 or 2")
    }
    nonFinite = settings.zero_nonfinite == 0 ? .refuse : .zero
    if let guide = settings.guide {
      self.guide = try Volume(guide, settings.guide_grid, name: "guide")
    }
    resamplesGuide = settings.guide_resample != 0
    switch settings.ensemble {
    case 0: ensemble = .none
    case 1: ensemble = .mirrorings
    case 2: ensemble = .permutations
    default: throw .unknown("ensemble", settings.ensemble, wanted: "0, 1 or 2")
    }
  }
}

extension arssr_settings {
  /// Checks that nothing is asked for that only models have a use for.
  func checkForInterpolation(by method: InterpolationMethod) throws(SuperResolutionError) {
    let ofModels: [(name: String, isGiven: Bool)] = [
      ("normalisation", normalisation != nil), ("psf", psf_count != 0),
      ("background", background != 0), ("guide", guide != nil),
      ("guide_resample", guide_resample != 0), ("ensemble", ensemble != 0),
    ]
    let names = ofModels.filter { $0.isGiven }.map { $0.name }
    guard names.isEmpty else {
      throw .conflict(names: names, reason: "has no meaning with method \(method.rawValue)")
    }
  }
}

extension SuperResolutionError {
  /// A number of C that stands for none of the choices.
  fileprivate static func unknown(
    _ name: String, _ value: Int32, wanted: String
  ) -> SuperResolutionError {
    .argument(name: name, value: "\(value)", wanted: wanted)
  }
}
