import Files

extension VolumeError {
  /// The identifier of the cause; see ``ReportableError/code``.
  public var code: String {
    switch cause {
    case .file(let error): error.code
    case .empty: "input.empty"
    case .pointer: "input.pointer"
    case .otherFormat, .headerSize: "volume.format"
    case .compression, .compressedTwice: "volume.compression"
    case .headerTruncated, .truncated, .declaredTooMuch: "volume.truncated"
    case .magic, .lineEndConversion, .analyze, .magicOfPair: "volume.magic"
    case .byteOrder: "volume.byteorder"
    case .partnerMissing: "input.missing"
    case .dimensionCount, .dimension, .dimensionOverflow: "volume.dim"
    case .rank: "volume.rank"
    case .datatype: "volume.datatype"
    case .offset: "volume.offset"
    case .extensionSize, .extensionTotal: "volume.extension"
    case .intercept: "volume.scaling"
    case .affine: "volume.affine"
    case .nonFinite: "volume.nonfinite"
    case .gzipTruncated: "gzip.truncated"
    case .gzipCorrupt: "gzip.corrupt"
    case .gzipChecksum, .gzipLength, .gzipHeaderChecksum: "gzip.checksum"
    case .gzipExcess: "gzip.excess"
    case .outputSuffix: "usage.target"
    case .coderMemory: "memory.system"
    }
  }

  /// The file concerned.
  public var subject: String? { path }

  /// What is wrong; see ``ReportableError/message``.
  public var message: String { cause.message }
}

extension VolumeError.Cause {
  /// What is wrong, without the file's name.
  var message: String {
    switch self {
    case .file(let error): error.message
    case .empty: "is empty (0 bytes)"
    case .pointer("Git LFS"):
      "is a Git LFS pointer, not the volume; fetch the content with git lfs pull"
    case .pointer(let tool):
      "is a \(tool) pointer, not the volume; fetch the content with git annex get"
    case .otherFormat(let kind): "not a NIfTI file but \(kind)"
    case .headerSize(let value):
      "not a NIfTI file: sizeof_hdr is \(value), must be 348 or 540 in either byte order"
    case .compression(let kind): "compressed with \(kind), which is not read; use gzip"
    case .compressedTwice: "compressed twice (a gzip stream within a gzip stream)"
    case .headerTruncated(let needed, let has):
      "truncated: the header needs \(needed) bytes, the file has \(has)"
    case .magic(let bytes):
      "magic is \"\(Escaping.text(String(bytes.map { Character(Unicode.Scalar($0)) })))\", "
        + "must be n+1, ni1, n+2 or ni2"
    case .lineEndConversion:
      "magic of NIfTI-2 damaged by a line end conversion (as of a transfer in text mode)"
    case .analyze: "no magic: an ANALYZE 7.5 header, which has no orientation"
    case .magicOfPair(true): "magic is that of a single file (n+), but this is the .hdr of a pair"
    case .magicOfPair(false): "magic is that of a pair (ni), but this is no .hdr file"
    case .byteOrder(let count):
      "mixed byte order: sizeof_hdr and dim[0] (\(count) by the order of sizeof_hdr) disagree"
    case .partnerMissing(let expected):
      "no such file: the other half of the pair, \(Escaping.path(expected)), is missing"
    case .dimensionCount(let value): "dim[0] is \(value), must be 1…7"
    case .dimension(let index, let value): "dim[\(index)] is \(value), must be 1 or more"
    case .dimensionOverflow: "dim[] declares more bytes than can be counted (2^63)"
    case .rank(let shape):
      "dim[] is \(shape.map(String.init).joined(separator: " x ")), must have 3 spatial "
        + "dimensions and at most one more"
    case .datatype(let code): "datatype is \(VoxelType.describe(code)), which is not read"
    case .offset(let value, let rule): "vox_offset is \(value), \(rule)"
    case .truncated(let needed, let has): "truncated: needs \(needed) bytes, has \(has)"
    case .declaredTooMuch(let needed, let compressed):
      "truncated: the header declares \(needed) bytes, more than \(compressed) bytes of gzip "
        + "data can hold"
    case .extensionSize(let index, let size, let room):
      "extension \(index + 1) has esize \(size), must be 8…\(room)"
    case .extensionTotal(let bytes):
      "extensions take \(bytes) bytes, at most \(HeaderExtension.largestTotal) are read"
    case .intercept(let slope): "scl_inter is not finite while scl_slope is \(slope)"
    case .affine(let fault): fault.message
    case .nonFinite(let voxels): voxels.message
    case .gzipTruncated: "truncated: the gzip stream ends early"
    case .gzipCorrupt(let what): "gzip stream is corrupt: \(what)"
    case .gzipChecksum(let found, let stored):
      "gzip checksum differs (CRC-32 \(Hexadecimal.text(found)), expected "
        + "\(Hexadecimal.text(stored)))"
    case .gzipLength(let found, let stored):
      "gzip length differs (\(found) bytes modulo 2^32, expected \(stored))"
    case .gzipHeaderChecksum: "gzip header checksum differs"
    case .gzipExcess(let declared):
      "gzip stream holds far more data than the \(declared) bytes that the header declares"
    case .outputSuffix: "unknown suffix of an output; use .nii or .nii.gz"
    case .coderMemory: "out of memory (for the gzip coder)"
    }
  }
}

extension VolumeError.AffineFault {
  fileprivate var message: String {
    switch self {
    case .code(let field, let value): "\(field) is \(value), must be 0…5"
    case .notFinite(let form): "\(form) holds a value that is not finite"
    case .columnNorm(let form, let axis, let value):
      "\(form) has a voxel size of \(value) mm along \("ijk".map(String.init)[axis]), "
        + "must be 1e-6…1e6"
    case .singular(let form): "\(form) is singular: its axes lie in one plane"
    case .quaternion(let squaredLength):
      "qform quaternion has b² + c² + d² = \(squaredLength), must be 1 or less"
    case .spacing(let axis, let value):
      "pixdim[\(axis + 1)] is \(value), must be a voxel size above 0"
    }
  }
}

extension VolumeError.NonFiniteVoxels {
  /// What all of them are; see ``Volume/largestMagnitude``.
  static let kinds = "NaN, infinite or beyond 1e36"

  fileprivate var message: String {
    let kind =
      if value.isNaN {
        "is NaN"
      } else if value.isInfinite {
        "is infinite"
      } else if Float(value).isInfinite {
        "is \(value), beyond the range of float32"
      } else {
        "is \(Float(value))"
      }
    let place = frame.map { " of frame \($0)" } ?? ""
    return "\(count) of \(total) voxels\(place) are \(Self.kinds), the first at "
      + "(\(first.x), \(first.y), \(first.z)) \(kind)"
  }
}
