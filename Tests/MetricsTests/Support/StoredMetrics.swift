import Foundation
import Metrics
import TestSupport

/// The manifest of the stored metrics.
struct StoredMetrics: Decodable {
  struct Value: Decodable {
    var id: String
    var metric: String
    /// A number, or numbers by name; empty where the manifest has other things.
    var expected: [String: Double]
    var tolerance: [String: Double]
    var image: String?
    var mask: String?
    var normalisation: String?
    var gaussian: Bool?

    enum Key: String, CodingKey {
      case id, metric, expected, tolerance, image, mask, normalisation, gaussian
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      id = try container.decode(String.self, forKey: .id)
      metric = try container.decode(String.self, forKey: .metric)
      if let number = try? container.decode(Double.self, forKey: .expected) {
        expected = ["": number]
      } else {
        expected = (try? container.decode([String: Double].self, forKey: .expected)) ?? [:]
      }
      tolerance = (try? container.decode([String: Double].self, forKey: .tolerance)) ?? [:]
      image = try container.decodeIfPresent(String.self, forKey: .image)
      mask = try container.decodeIfPresent(String.self, forKey: .mask)
      normalisation = try container.decodeIfPresent(String.self, forKey: .normalisation)
      gaussian = try container.decodeIfPresent(Bool.self, forKey: .gaussian)
    }

    /// Whether a value is as near to an expected one as the manifest says.
    func agrees(_ value: Double, with expected: Double) -> Bool {
      let absolute = tolerance["abs"] ?? tolerance["abs_f64"] ?? 0
      let relative = tolerance["rel"] ?? 0
      return abs(value - expected) <= max(absolute, relative * abs(expected))
    }
  }

  struct Statistics: Decodable {
    struct Bootstrap: Decodable {
      var values: [Double]
      var replicates: Int
      var seed: UInt64
      var mean: Double
      var deviation: Double
      var median: Double
      var lower: Double
      var upper: Double
      var tolerance: Double

      enum CodingKeys: String, CodingKey {
        case values, seed, mean, median, lower, upper, tolerance
        case replicates = "B"
        case deviation = "sd_n_minus_1"
      }
    }
    struct Wilcoxon: Decodable {
      var name: String
      var x: [Double]
      var y: [Double]
      var statistic: Double
      var pvalue: Double
      var method: String
      var tolerance: Double

      enum CodingKeys: String, CodingKey {
        case name, x, y, statistic, pvalue, method
        case tolerance = "tolerance_rel"
      }
    }
    struct Generator: Decodable {
      var seed: UInt64
      var next: [String]
    }
    var splitmix64: Generator
    var bootstrap: [Bootstrap]
    var wilcoxon: [Wilcoxon]
  }

  var values: [Value]
  var statistics: Statistics

  static func load() throws -> StoredMetrics {
    let place = Golden.folder("metrics").appendingPathComponent("manifest.json")
    return try JSONDecoder().decode(StoredMetrics.self, from: Data(contentsOf: place))
  }

  /// A stored array, whose last axis is the fastest and so i here.
  static func array(_ name: String) throws -> (voxels: [Float], size: SIMD3<Int>) {
    let array = try NumPyArray(contentsOf: Golden.folder("metrics").appendingPathComponent(name))
    return (array.floats, SIMD3(array.shape[2], array.shape[1], array.shape[0]))
  }

  /// A stored array in the order of a volume, i fastest.
  static func volume(_ name: String) throws -> (voxels: [Float], size: SIMD3<Int>) {
    let array = try NumPyArray(contentsOf: Golden.folder("metrics").appendingPathComponent(name))
    let size = SIMD3(array.shape[0], array.shape[1], array.shape[2])
    let voxels = (0..<size.z).flatMap { k in
      (0..<size.y).flatMap { j in
        (0..<size.x).map { Float(array.values[($0 * size.y + j) * size.z + k]) }
      }
    }
    return (voxels, size)
  }

  /// Stored values of slices, axis by axis.
  static func slices(_ name: String) throws -> [Double] {
    try NumPyArray(contentsOf: Golden.folder("metrics").appendingPathComponent(name)).values
  }

  static func mask(_ name: String?) throws -> [UInt8]? {
    try name.map { try array($0).voxels.map { UInt8($0) } }
  }

  static func pair(_ image: String, against reference: String = "ref.npy") throws -> ImagePair {
    let reference = try array(reference)
    return try ImagePair(
      try array(image).voxels, against: reference.voxels, size: reference.size)
  }
}
