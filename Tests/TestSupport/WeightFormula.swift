import Foundation

/// The weights of the golden configurations, made by an integer hash that is the same bit for bit
/// in every language (Tests/Golden/arssr/weights_formula.py).
///
/// Element i of a tensor in C order: x = seed + i * 0x9E3779B9, mixed by two multiplications, all
/// modulo 2^32; v = (x >> 8) * 2^-23 - 1, exact in float32; value = v * bound + offset, rounded
/// once per operation. Bounds, offsets and seeds stand in the manifest's tensor table.
public enum WeightFormula {
  /// One tensor of a configuration.
  public struct NamedTensor: Sendable {
    /// Name in the state dict.
    public let name: String
    /// Sizes, outermost first.
    public let shape: [Int]
    /// Row-major.
    public let values: [Float]
  }

  enum ManifestError: Error {
    case noConfiguration(String)
  }

  /// FNV-1a of the UTF-8 bytes of `tag/name`.
  public static func seed(tag: String, name: String) -> UInt32 {
    "\(tag)/\(name)".utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }

  /// The first `count` elements for a seed.
  public static func values(
    seed: UInt32, count: Int, bound: Float, offset: Float = 0
  ) -> [Float] {
    (0..<UInt32(count)).map { index in
      var x = seed &+ index &* 0x9E37_79B9
      x ^= x >> 16
      x = x &* 0x7FEB_352D
      x ^= x >> 15
      x = x &* 0x846C_A68B
      x ^= x >> 16
      let value = (Float(x >> 8) * 0x1p-23 - 1) * bound
      return offset == 0 ? value : value + offset
    }
  }

  /// Names of the configurations in the manifest of `golden/arssr`, sorted.
  public static func configurations() throws -> [String] {
    let manifest = try Golden.json("arssr") as? [String: Any]
    return (manifest?["configs"] as? [String: Any])?.keys.sorted() ?? []
  }

  /// The manifest's entry of a configuration.
  public static func entry(of configuration: String) throws -> [String: Any] {
    let manifest = try Golden.json("arssr") as? [String: Any]
    guard let all = manifest?["configs"] as? [String: Any],
      let entry = all[configuration] as? [String: Any]
    else { throw ManifestError.noConfiguration(configuration) }
    return entry
  }

  /// All tensors of a configuration in state-dict order, such as those of `rdn_full`.
  public static func tensors(of configuration: String) throws -> [NamedTensor] {
    let table = try entry(of: configuration)["tensors"] as? [String: Any]
    guard let rows = table?["rows"] as? [[Any]] else {
      throw ManifestError.noConfiguration(configuration)
    }
    return try rows.map { row in
      guard row.count == 5, let name = row[0] as? String, let shape = row[1] as? [Int],
        let bound = row[2] as? Double, let offset = row[3] as? Double, let seed = row[4] as? UInt32
      else { throw ManifestError.noConfiguration(configuration) }
      let values = values(
        seed: seed, count: shape.reduce(1, *), bound: Float(bound), offset: Float(offset))
      return NamedTensor(name: name, shape: shape, values: values)
    }
  }
}
