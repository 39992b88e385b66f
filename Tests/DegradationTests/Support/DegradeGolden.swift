import Foundation
import TestSupport
import Volumes

@testable import Degradation

/// An entry of Tests/Golden/degrade with its arrays.
///
/// The arrays are [i][j][k] with k fastest. Read as volumes, i fastest, their axes come in the
/// opposite order: what the entry calls axis 0 is axis 2 here.
struct DegradeGolden {
  let name: String
  private let entry: [String: Any]
  let expected: NumPyArray

  init(_ name: String) throws {
    self.name = name
    let manifest = try Golden.json("degrade") as? [String: Any]
    let entries = manifest?["entries"] as? [[String: Any]] ?? []
    entry = entries.first { $0["file"] as? String == name } ?? [:]
    expected = try NumPyArray(
      contentsOf: Golden.folder("degrade").appendingPathComponent(name))
  }

  /// The allowed difference of an implementation that stores float32.
  var tolerance: Double { entry["tolerance_abs_float32"] as? Double ?? 0 }

  var size: SIMD3<Int> { Self.size(expected) }

  private var parameters: [String: Any] { entry["params"] as? [String: Any] ?? [:] }

  /// A number of the entry.
  func number(_ key: String) -> Double { (parameters[key] as? NSNumber)?.doubleValue ?? .nan }

  /// A number per axis of the volume.
  func triple(_ key: String) -> SIMD3<Double> {
    if let list = parameters[key] as? [NSNumber] {
      return SIMD3(list.reversed().map(\.doubleValue))
    }
    return SIMD3(repeating: number(key))
  }

  /// The affine of the result, with columns in the order of the volume's axes.
  var affine: Affine? { Self.affine(entry["affine_out"]) }

  /// What the entry says of the result's affine.
  static func affine(_ value: Any?) -> Affine? {
    guard let rows = value as? [[NSNumber]] else { return nil }
    func column(_ index: Int) -> SIMD3<Double> {
      SIMD3(rows[0][index].doubleValue, rows[1][index].doubleValue, rows[2][index].doubleValue)
    }
    return Affine(i: column(2), j: column(1), k: column(0), translation: column(3))
  }

  static func size(_ array: NumPyArray) -> SIMD3<Int> {
    SIMD3((array.shape + [1, 1]).prefix(3).reversed())
  }

  /// A golden array as a volume.
  static func volume(_ name: String) throws -> Volume {
    let golden = try DegradeGolden(name)
    let affine = golden.affine ?? .identity
    return Volume(grid: Grid(size: golden.size, affine: affine), voxels: golden.expected.floats)
  }
}

/// The plan of a resampling that makes axes finer, which no request can ask for.
func resampling(
  _ request: DegradationRequest, from grid: Grid, to size: SIMD3<Int>
) -> DegradationPlan {
  let axes = (0..<3).map { axis -> AxisDegradation in
    let (n, m) = (Double(grid.size[axis]), Double(size[axis]))
    var numbers = AxisDegradation.unchanged(grid.size[axis])
    numbers.outputSize = size[axis]
    numbers.isSampled = true
    if request.method == .corner {
      numbers.factor = m > 1 ? (n - 1) / (m - 1) : 1
    } else {
      numbers.factor = n / m
      numbers.offset = numbers.factor / 2 - 0.5
    }
    return numbers
  }
  return DegradationPlan(
    request: request, inputSize: grid.size, axes: axes, grid: Grid(size: size, affine: .identity),
    notices: [])
}
