import Foundation
import TestSupport
import Testing

/// One entry of the manifest of golden volumes: what nibabel reads in a valid file.
struct GoldenVolume: Decodable, CustomTestStringConvertible {
  var file: String
  var shape: [Int]
  var dtype: String
  var byteorder: String
  var version: Int
  var voxOffset: Int
  var slope: Double
  var inter: Double
  var affine: [[Double]]
  var sformCode: Int
  var sform: [[Double]]?
  var qformCode: Int
  var qform: [[Double]]?
  var zooms: [Double]
  var axcodes: String
  var xyztUnits: Int
  var intentCode: Int
  var calMin: Double
  var calMax: Double
  var descripHex: String
  var extensions: [[Int]]
  var nan: Int
  var posInf: Int
  var negInf: Int
  var valuesSHA256: String

  enum CodingKeys: String, CodingKey {
    case file, shape, dtype, byteorder, version, slope, inter, affine, sform, qform, zooms, axcodes
    case extensions, nan
    case voxOffset = "vox_offset"
    case sformCode = "sform_code"
    case qformCode = "qform_code"
    case xyztUnits = "xyzt_units"
    case intentCode = "intent_code"
    case calMin = "cal_min"
    case calMax = "cal_max"
    case descripHex = "descrip_hex"
    case posInf = "pos_inf"
    case negInf = "neg_inf"
    case valuesSHA256 = "sha256_float64_le_fortran"
  }

  var testDescription: String { file }
  var path: String { Golden.folder("volumes").appendingPathComponent(file).path }
  var bytes: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  /// Entries whose shape is not that of a volume or series: readable, but no input.
  var isRefusedByRank: Bool { ["dim-1d.nii", "dim-2d.nii", "dim-5d-vec3.nii"].contains(file) }
  var nonFiniteCount: Int { nan + posInf + negInf }

  static let all: [GoldenVolume] = {
    struct Manifest: Decodable { var files: [GoldenVolume] }
    let url = Golden.folder("volumes").appendingPathComponent("manifest.json")
    guard let data = try? Data(contentsOf: url),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
    else { return [] }
    return manifest.files
  }()
}
