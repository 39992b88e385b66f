import Files

/// What can be wrong with a volume's file, with the file that it is wrong with.
public struct VolumeError: ReportableError, Equatable {
  /// The file as the user gave it; of a pair, the one concerned.
  public var path: String
  /// What is wrong.
  public var cause: Cause

  init(path: String, cause: Cause) {
    self.path = path
    self.cause = cause
  }

  /// What can be wrong, with the values found.
  public enum Cause: Error, Sendable, Equatable {
    /// The file as such cannot be read or written.
    case file(FileError)
    /// No bytes at all.
    case empty
    /// A Git LFS or git-annex pointer in the place of the content.
    case pointer(tool: String)
    /// A known other kind of file.
    case otherFormat(String)
    /// No header size that NIfTI knows in the first four bytes.
    case headerSize(Int32)
    /// A volume compressed in a way that is not read.
    case compression(String)
    /// A gzip stream within a gzip stream.
    case compressedTwice
    /// The file ends within the header.
    case headerTruncated(needed: Int, has: Int)
    /// The magic bytes are none of NIfTI's.
    case magic([UInt8])
    /// NIfTI-2's magic after a conversion of line ends.
    case lineEndConversion
    /// ANALYZE 7.5, which has no orientation.
    case analyze
    /// The magic of a single file in a pair, or of a pair where a single file is expected.
    case magicOfPair(inHeaderFile: Bool)
    /// Fields disagree about the byte order.
    case byteOrder(dimensionCount: Int)
    /// The other file of a pair does not exist.
    case partnerMissing(expected: String)
    /// `dim[0]` is out of range.
    case dimensionCount(Int64)
    /// A size is below 1.
    case dimension(index: Int, value: Int64)
    /// The number of voxels or bytes is beyond 2^63.
    case dimensionOverflow
    /// Not three spatial dimensions.
    case rank([Int])
    /// Voxels of a kind that is not read.
    case datatype(Int)
    /// `vox_offset` is no place where voxels can begin.
    case offset(value: String, rule: String)
    /// Fewer bytes than the header declares.
    case truncated(needed: Int, has: Int)
    /// More bytes declared than the compressed file can hold.
    case declaredTooMuch(needed: Int, compressed: Int)
    /// An extension whose size cannot be.
    case extensionSize(index: Int, size: Int, room: Int)
    /// More than 64 MiB of extensions.
    case extensionTotal(Int)
    /// The intercept is not finite while the slope counts.
    case intercept(slope: Double)
    /// The affine cannot be used.
    case affine(AffineFault)
    /// Voxels that are not finite, or beyond ``Volume/largestMagnitude``.
    case nonFinite(NonFiniteVoxels)
    /// A gzip stream ends early.
    case gzipTruncated
    /// A gzip stream breaks a rule.
    case gzipCorrupt(String)
    /// The checksum of the inflated bytes differs from the stored one.
    case gzipChecksum(found: UInt32, stored: UInt32)
    /// The number of inflated bytes differs from the stored one.
    case gzipLength(found: UInt32, stored: UInt32)
    /// The checksum of the gzip header differs.
    case gzipHeaderChecksum
    /// Far more data than the header declares.
    case gzipExcess(declared: Int)
    /// An output name that is neither .nii nor .nii.gz.
    case outputSuffix
    /// zlib or isa-l could not get its memory.
    case coderMemory
  }

  /// Why no form of the header places the volume.
  public enum AffineFault: Sendable, Equatable {
    /// An xform code that is not defined.
    case code(field: String, value: Int)
    /// An entry is infinite or not a number.
    case notFinite(form: String)
    /// A voxel size out of the range 1e-6...1e6 mm.
    case columnNorm(form: String, axis: Int, value: Double)
    /// The axes lie in a plane, or nearly.
    case singular(form: String)
    /// The quaternion is longer than 1.
    case quaternion(squaredLength: Double)
    /// `pixdim` is needed and no size.
    case spacing(axis: Int, value: Double)
  }

  /// Voxels of a frame that cannot be used.
  public struct NonFiniteVoxels: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// Voxels of the frame.
    public var total: Int
    /// Where the first is: i, j, k.
    public var first: SIMD3<Int>
    /// The frame, where there are several.
    public var frame: Int?
    /// The first one's value after scaling, before rounding to float32.
    public var value: Double
  }
}

extension VolumeError {
  init(_ error: FileError) { self.init(path: error.subject ?? "", cause: .file(error)) }
}
