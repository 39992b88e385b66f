import Checkpoints
import Files

/// A folder of golden files for one model: an input and the outputs that another implementation
/// computed from it.
///
/// `manifest.json` names the input, and per case the scale (k, j, i), the blur that the model is told
/// (`psf`, where it asks for one) and the output; `files` holds the tolerance of each output.
/// Arrays are `.npy` files `[k][j][i]` in the network's own range of intensities.
public struct GoldenFolder: Sendable {
  /// One output to compare with.
  public struct Case: Sendable {
    /// The file's name, which tells the case apart.
    public var name: String
    /// Factors along i, j, k.
    public var scale: SIMD3<Double>
    /// FWHM over spacing; nil: the model's default.
    public var blur: Double?
    /// Largest difference that is allowed.
    public var tolerance: Double
    /// What the other implementation computed.
    public var expected: NumPyArrayFile
  }

  /// The volume that goes in.
  public let input: NumPyArrayFile
  /// At least one.
  public let cases: [Case]

  /// Reads a folder whole.
  ///
  /// - Throws: `FileError`, `JSONError` or `NumPyError` for the file that is not in order.
  public init(path: String) throws {
    let manifest = "\(path)/manifest.json"
    let file = try InputFile(path: manifest)
    let limit = StrictJSON.Limits.settings.bytes
    do {
      // One byte more than the parser takes, so that it can say that there are too many.
      let root = try StrictJSON.parse(try file.read(at: 0, count: limit + 1))
      guard case .object(let object) = root else { throw JSONFault.notAnObject(found: root.kind) }
      input = try NumPyArrayFile(path: "\(path)/\(Self.text("input", of: object))")
      guard input.shape.count == 3 else { throw Self.wrong("input", "an array of three axes") }
      guard case .array(let rows)? = object["cases"], !rows.isEmpty else {
        throw Self.wrong("cases", "a list of cases")
      }
      guard case .object(let files)? = object["files"] else {
        throw Self.wrong("files", "an object")
      }
      cases = try rows.map { try Self.case($0, files: files, folder: path) }
    } catch let fault as JSONFault {
      throw JSONError(subject: manifest, cause: fault)
    }
  }

  private static func `case`(
    _ row: JSONValue, files: JSONObject, folder: String
  ) throws -> Case {
    guard case .object(let row) = row else { throw wrong("cases", "a list of objects") }
    let name = try text("output", of: row)
    guard case .array(let factors)? = row["scale_per_array_axis"], factors.count == 3 else {
      throw wrong("scale_per_array_axis", "three numbers")
    }
    let scale = try factors.map { try number($0, "scale_per_array_axis") }
    guard case .object(let facts)? = files[name], let tolerance = facts["tol_abs"] else {
      throw wrong(name, "an object with tol_abs")
    }
    return Case(
      name: name, scale: SIMD3(scale[2], scale[1], scale[0]),
      blur: try row["psf"].map { try number($0, "psf") },
      tolerance: try number(tolerance, "tol_abs"),
      expected: try NumPyArrayFile(path: "\(folder)/\(name)"))
  }

  /// A file name within the folder.
  private static func text(_ key: String, of object: JSONObject) throws(JSONFault) -> String {
    guard case .string(let text)? = object[key], !text.utf8.contains(UInt8(ascii: "/")) else {
      throw wrong(key, "a file name")
    }
    return text
  }

  private static func number(_ value: JSONValue, _ key: String) throws(JSONFault) -> Double {
    guard case .number(let number) = value, let double = number.double, double >= 0 else {
      throw wrong(key, "a number, 0 or more")
    }
    return double
  }

  private static func wrong(_ key: String, _ wanted: String) -> JSONFault {
    .value(key: key, wanted: wanted, found: "something else")
  }
}
