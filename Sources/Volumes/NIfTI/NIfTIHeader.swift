/// A NIfTI header that has passed all rules: what the voxels mean, where they lie, and everything
/// that an output carries on.
public struct NIfTIHeader: Sendable, Equatable {
  /// The version of the format.
  public var version: NIfTIVersion
  /// Byte order of the file that was read; outputs are always little-endian.
  public var byteOrder: ByteOrder
  /// Size and place of one frame.
  public var grid: Grid
  /// Number of frames; 1 for a volume.
  public var frames: Int
  /// How a voxel is stored.
  public var voxelType: VoxelType
  /// Slope and intercept; nil where the stored values count as they are.
  public var scaling: Scaling?
  /// `pixdim[4]`, the distance of the frames in units of ``units``.
  public var frameSpacing: Double
  /// `toffset`, the time of the first frame.
  public var frameOrigin: Double
  /// `xyzt_units` as stored: bits 0-2 space, bits 3-5 time.
  public var units: Int
  /// What the values are.
  public var intent: Intent
  /// `cal_min` and `cal_max`, the range that a viewer shows.
  public var displayRange: DisplayRange
  /// `descrip`, up to 80 bytes of text in any encoding.
  public var descriptionText: [UInt8]
  /// `aux_file`, up to 24 bytes.
  public var auxiliaryFile: [UInt8]
  /// `dim_info`: which axes are frequency, phase and slice.
  public var dimInfo: UInt8
  /// When the slices were acquired.
  public var slices: SliceTiming
  /// The extensions, in order.
  public var extensions: [HeaderExtension]

  /// Value = slope x stored value + intercept, in Double and rounded once.
  public struct Scaling: Sendable, Equatable {
    /// Finite and not 0.
    public var slope: Double
    /// Finite.
    public var intercept: Double

    /// Pairs slope and intercept.
    public init(slope: Double, intercept: Double) {
      self.slope = slope
      self.intercept = intercept
    }
  }

  /// `intent_code` with its three parameters and its name (up to 16 bytes).
  public struct Intent: Sendable, Equatable {
    /// The code of nifti1.h, 0 for none.
    public var code = 0
    /// `intent_p1`, `intent_p2`, `intent_p3`.
    public var parameters = [0.0, 0, 0]
    /// `intent_name`.
    public var name: [UInt8] = []

    /// No intent.
    public init() {}
  }

  /// `cal_min` and `cal_max`; both 0 if unset.
  public struct DisplayRange: Sendable, Equatable {
    /// Shown black.
    public var minimum = 0.0
    /// Shown white.
    public var maximum = 0.0

    /// Unset.
    public init() {}
  }

  /// `slice_start`, `slice_end`, `slice_code` and `slice_duration`; all 0 if unset.
  public struct SliceTiming: Sendable, Equatable {
    /// The first slice that the others describe.
    public var start: Int64 = 0
    /// The last one.
    public var end: Int64 = 0
    /// The order of acquisition.
    public var code = 0
    /// Time per slice.
    public var duration = 0.0

    /// Unset.
    public init() {}
  }

  /// A header with nothing but a grid: float32, one frame, millimetres.
  public init(grid: Grid, frames: Int = 1) {
    version = .one
    byteOrder = .little
    self.grid = grid
    self.frames = frames
    voxelType = .float32
    frameSpacing = 0
    frameOrigin = 0
    units = 2
    intent = Intent()
    displayRange = DisplayRange()
    descriptionText = []
    auxiliaryFile = []
    dimInfo = 0
    slices = SliceTiming()
    extensions = []
  }

  /// Voxels of one frame.
  public var voxelsPerFrame: Int { grid.voxelCount }

  /// Bytes of one frame in the file.
  public var bytesPerFrame: Int { voxelsPerFrame * voxelType.bytes }

  /// Bytes of all voxels in the file; a checked header's do not overflow.
  public var voxelBytes: Int { frames * bytesPerFrame }
}
